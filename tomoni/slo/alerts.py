"""Burn rates and the alert conditions on them.

Source: The Site Reliability Workbook, chapter 5 (Alerting on SLOs): a pair of windows fires while
both burn faster than the factor; the long one says that it matters, the short one that it lasts.
"""

from __future__ import annotations

from fractions import Fraction

from tomoni.slo.exact import finite
from tomoni.slo.model import Alert, AlertRule, Definition
from tomoni.slo.periods import whole_window
from tomoni.slo.tally import Tally


def factor(rule: AlertRule, window_seconds: int) -> Fraction:
    """The burn rate above which a rule fires: the given one as it was written, else
    ``share * window / long``. 2 % in 1 h of 30 d is 14.4.
    """
    if rule.given_factor is not None:
        return Fraction(repr(rule.given_factor))
    return (rule.share or Fraction(0)) * window_seconds / rule.long_seconds


def reachable(rule: AlertRule, window_seconds: int, allowance: Fraction, unit_seconds: int) -> bool:
    """Whether a rule can ever fire: some share of bad events up to 100 % burns faster than its
    factor, and its short window holds at least one bucket (or slice) of ``unit_seconds``.
    """
    if allowance == 0 or min(rule.short_seconds, rule.long_seconds) < unit_seconds:
        return False
    return factor(rule, window_seconds) * allowance < 1


def burn_rate(tally: Tally, allowance: Fraction, at: int, seconds: int) -> Fraction | None:
    """``(bad / total) / allowance`` over ``[at - seconds, at)``, exactly.

    None when nothing was counted, the window is shorter than what is counted, or nothing is allowed.
    """
    if allowance == 0 or seconds < tally.unit_seconds:
        return None
    bad, total = tally.one(at - seconds, at)
    return Fraction(bad) / Fraction(total) / allowance if total else None


def alert(rule: AlertRule, definition: Definition, tally: Tally, at: int) -> Alert:
    """One rule as it stands at a moment: strictly above, unrounded, in both windows."""
    window, allowance = whole_window(definition.window, at).seconds, definition.objective.allowance
    limit = factor(rule, window)
    burns = [burn_rate(tally, allowance, at, seconds) for seconds in (rule.long_seconds, rule.short_seconds)]
    _, events = tally.one(at - rule.long_seconds, at)
    firing = events >= rule.min_events and all(burn is not None and burn > limit for burn in burns)
    can_fire = reachable(rule, window, allowance, tally.unit_seconds)
    return Alert(rule.severity, rule.long_seconds, rule.short_seconds, finite(limit), firing, can_fire)


def longest_look_back(definition: Definition) -> int:
    """The longest window that burn rates and alerts of a definition look back over, seconds."""
    looks = [seconds for rule in definition.rules for seconds in (rule.long_seconds, rule.short_seconds)]
    return max([*looks, *definition.burn_windows_seconds, 0])
