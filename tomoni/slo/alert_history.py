"""When alert rules fired over a period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tomoni.slo.alerts import factor, longest_look_back
from tomoni.slo.exact import exceeds, terms
from tomoni.slo.model import AlertRule, BoolArray, Buckets, Definition, FloatArray, IntArray, RollingWindow
from tomoni.slo.periods import Period, calendar_periods
from tomoni.slo.tally import Tally, tally, unit_seconds


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
    of the buckets. A rule that fires from the first moment on begins at that moment.
    """
    unit = unit_seconds(buckets, definition)
    first, last = -(-start // unit) * unit, min(end, buckets.end) // unit * unit
    if definition.objective.allowance == 0 or last < first:
        return ()
    counted = tally(buckets, definition, first - longest_look_back(definition), last)
    skip = (first - counted.start) // unit
    return tuple(firing for rule in definition.rules for firing in _firings(rule, definition, counted, skip))


def _firings(rule: AlertRule, definition: Definition, counted: Tally, skip: int) -> list[Firing]:
    unit = counted.unit_seconds
    if min(rule.long_seconds, rule.short_seconds) < unit:
        return []
    long, short = rule.long_seconds // unit, rule.short_seconds // unit
    moments, last = counted.moments[skip:], len(counted) + 1
    bad, total = _less(counted, slice(skip, last), slice(skip - long, last - long))
    firing = _above(bad, total, rule, definition, moments) & (total >= rule.min_events)
    lasting = np.flatnonzero(firing)  # the short window is looked at only where the long one burns
    recent = _less(counted, lasting + skip, lasting + skip - short)
    firing[lasting] = _above(*recent, rule, definition, moments[lasting])
    edges = np.flatnonzero(np.diff(firing, prepend=False, append=False)).reshape(-1, 2)
    numerator, denominator = terms(definition.objective.allowance)
    found = []
    for begins, ends in edges.tolist():
        burns = bad[begins:ends] / total[begins:ends] * denominator / numerator
        stops = int(moments[ends]) if ends < len(moments) else None
        found.append(Firing(rule, int(moments[begins]), stops, float(burns.max())))
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
    for period in calendar_periods(definition.window, int(moments[0]), int(moments[-1])):
        here = _within(period, moments)
        above[here] = exceeds(bad[here], total[here], factor(rule, period.seconds) * allowance)
    return above


def _within(period: Period, moments: IntArray) -> slice:
    first, last = np.searchsorted(moments, [period.start, period.end])
    return slice(int(first), int(last))
