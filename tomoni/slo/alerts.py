"""Burn rates, the alert conditions on them, and when alert rules fired over a period.

Source: The Site Reliability Workbook, chapter 5 (Alerting on SLOs): a pair of windows fires while
both burn faster than the factor; the long one shows that it matters, the short one that it is still going on.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tomoni.slo.history import judged_from
from tomoni.slo.model import Alert, AlertRule, BoolArray, Buckets, Definition, FloatArray, IntArray, RollingWindow
from tomoni.slo.periods import Period, calendar_periods, whole_window
from tomoni.slo.tally import Tally, exceeds, finite, tally, terms, unit_seconds


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
    return fast_enough(rule, window_seconds, allowance)


def fast_enough(rule: AlertRule, window_seconds: int, allowance: Fraction) -> bool:
    """Whether a share of bad events up to 100 % burns a budget of ``allowance`` faster than a rule's factor."""
    return factor(rule, window_seconds) * allowance < 1


def burn_rate(tally: Tally, allowance: Fraction, at: int, seconds: int) -> Fraction | None:
    """``(bad / total) / allowance`` over ``[at - seconds, at)``, exactly.

    None when nothing was counted, the window is shorter than what is counted, nothing is allowed, or it begins or
    ends within an hour that is stored as one sum.
    """
    if allowance == 0 or seconds < tally.unit_seconds or tally.cuts_hour(at - seconds) or tally.cuts_hour(at):
        return None
    bad, total = tally.one(at - seconds, at)
    return Fraction(bad) / Fraction(total) / allowance if total else None


def alert(rule: AlertRule, definition: Definition, tally: Tally, at: int) -> Alert:
    """One rule as it stands at a moment: strictly above, unrounded, in both windows, where at least
    half of the long one was observed."""
    window, allowance = whole_window(definition.window, at).seconds, definition.objective.allowance
    limit = factor(rule, window)
    burns = [burn_rate(tally, allowance, at, seconds) for seconds in (rule.long_seconds, rule.short_seconds)]
    _, events = tally.one(at - rule.long_seconds, at)
    begin, end = tally.places(np.array([at - rule.long_seconds])), tally.places(np.array([at]))
    known = bool(_half_observed(tally, begin, end)[0])
    firing = known and events >= rule.min_events and all(burn is not None and burn > limit for burn in burns)
    cut = any(tally.cuts_hour(at - seconds) for seconds in (rule.long_seconds, rule.short_seconds, 0))
    can_fire = reachable(rule, window, allowance, tally.unit_seconds) and not cut
    return Alert(rule.severity, rule.long_seconds, rule.short_seconds, finite(limit), firing, can_fire)


def _half_observed(counted: Tally, first: IntArray | slice, last: IntArray | slice) -> BoolArray:
    """Whether at least half of what could be observed between two places in the running sums was.

    Slices that count without data, because that was agreed (`NoData`), are known. Shapes: ``(n,)``.
    """
    per_unit = counted.unit_seconds // counted.bucket_seconds
    places = np.arange(len(counted.total))
    countable = (places[last] - places[first]) * per_unit - (counted.excluded[last] - counted.excluded[first])
    observed = (counted.observed[last] - counted.observed[first]).astype(np.float64)
    if counted.sliced:
        observed = np.maximum(observed, (counted.total[last] - counted.total[first]) * per_unit)
    known: BoolArray = (2 * observed >= countable) & (countable > 0)
    return known


def longest_look_back(definition: Definition) -> int:
    """The longest window that burn rates and alerts of a definition look back over, seconds."""
    looks = [seconds for rule in definition.rules for seconds in (rule.long_seconds, rule.short_seconds)]
    return max([*looks, *definition.burn_windows_seconds, 0])


@dataclass(frozen=True, slots=True)
class Firing:
    """One stretch of time over which a rule fired.

    ``start`` is the first moment at which it fires, ``end`` the first at which it does not any
    more, None when it still fires at the end of what was looked at. ``worst_burn`` is the highest
    burn rate of the long window meanwhile.
    """

    rule: AlertRule
    start: int
    end: int | None
    worst_burn: float


def alert_history(buckets: Buckets, definition: Definition, start: int, end: int) -> tuple[Firing, ...]:
    """When each rule fired from ``start`` to ``end``, rule by rule in their order, then by time.

    A rule is looked at wherever a bucket (or slice) ends, as `slo.alerts.alert` does, up to the end
    of the buckets. A rule that fires from the first moment on begins at that moment. Before there is enough
    history for a verdict (`slo.history`) none fires.
    """
    unit = unit_seconds(buckets, definition)
    first, last = -(-start // unit) * unit, min(end, buckets.end) // unit * unit
    if definition.objective.allowance == 0 or last < first:
        return ()
    counted = tally(buckets, definition, first - longest_look_back(definition), last)
    skip = (first - counted.start) // unit
    begins = judged_from(buckets, definition)
    judged = counted.moments[skip:] >= (last + 1 if begins is None else begins)
    return tuple(firing for rule in definition.rules for firing in _firings(rule, definition, counted, judged))


def _firings(rule: AlertRule, definition: Definition, counted: Tally, judged: BoolArray) -> list[Firing]:
    unit = counted.unit_seconds
    if min(rule.long_seconds, rule.short_seconds) < unit:
        return []
    long, short = rule.long_seconds // unit, rule.short_seconds // unit
    skip = len(counted) + 1 - len(judged)
    moments, last = counted.moments[skip:], len(counted) + 1
    bad, total = _less(counted, slice(skip, last), slice(skip - long, last - long))
    firing = _above(bad, total, rule, definition, moments) & (total >= rule.min_events)
    firing &= _half_observed(counted, slice(skip - long, last - long), slice(skip, last)) & judged
    lasting = np.flatnonzero(firing)  # the short window is looked at only where the long one burns
    recent = _less(counted, lasting + skip, lasting + skip - short)
    firing[lasting] = _above(*recent, rule, definition, moments[lasting])
    edges = np.flatnonzero(np.diff(firing, prepend=False, append=False))
    worst = _worst(bad, total, edges, definition)
    times = [*moments.tolist(), None]
    return [
        Firing(rule, times[begins], times[ends], most)
        for begins, ends, most in zip(edges[::2].tolist(), edges[1::2].tolist(), worst, strict=True)
    ]


def _worst(bad: FloatArray, total: FloatArray, edges: IntArray, definition: Definition) -> list[float]:
    """The highest burn rate of each stretch; ``edges`` are where stretches begin and end, in turns."""
    numerator, denominator = terms(definition.objective.allowance)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):  # as in `remaining_shares`; nothing counted
        burns = np.append(bad / total * denominator / numerator, -np.inf)  # a stretch may end where the moments do
    found: list[float] = np.minimum(np.maximum.reduceat(burns, edges)[::2], sys.float_info.max).tolist()
    return found


def _less(counted: Tally, here: slice | IntArray, before: slice | IntArray) -> tuple[FloatArray, FloatArray]:
    """Bad and total between two places in the running sums."""
    return counted.bad[here] - counted.bad[before], counted.total[here] - counted.total[before]


def _above(bad: FloatArray, total: FloatArray, rule: AlertRule, definition: Definition, moments: IntArray) -> BoolArray:
    """Where the burn rate is strictly above the factor, which follows each calendar period's length."""
    allowance = definition.objective.allowance
    if isinstance(definition.window, RollingWindow):
        return exceeds(bad, total, factor(rule, definition.window.seconds) * allowance)
    above = np.zeros(len(moments), dtype=np.bool_)
    if not len(moments):
        return above
    for period in calendar_periods(definition.window, int(moments[0]) - 1, int(moments[-1])):
        here = _within(period, moments)
        above[here] = exceeds(bad[here], total[here], factor(rule, period.seconds) * allowance)
    return above


def _within(period: Period, moments: IntArray) -> slice:
    first, last = np.searchsorted(moments, [period.start, period.end], side="right")
    return slice(int(first), int(last))
