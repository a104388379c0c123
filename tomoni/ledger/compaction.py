"""Compacting a day: each hour of it becomes one sum, as far as nothing that is true is lost with it.

The sum of an hour stands in its last bucket, the other buckets are zeros, and ``hours`` is 1 for all of them (NaN for
the others): whatever sums whole hours finds exactly what it found before, and code that knows nothing of this does too.
An hour stays as it is where its sums would not say all: where a bucket of it was not observed, is not settled, or
has a count that is corrected when it is read (more good events than events, say), and where a border that somebody
relies on lies in it (``keep``): of an exclusion, of an incident, of the window of a snapshot.
"""

from __future__ import annotations

from copy import deepcopy
from math import fsum

import numpy as np

from tomoni.ledger.days import HOURS, Day
from tomoni.slo.model import DAY, HOUR, BoolArray, FloatArray
from tomoni.slo.tally import LARGEST_COUNT

_COUNTS = frozenset({"good", "total"})
_SUMMED = ("good", "total", "bad")  # the last one only where a file has it beside them
_COLUMNS = frozenset({*_SUMMED, "absent", HOURS})
_PER_DAY = DAY // HOUR


def compacted(day: Day, keep: BoolArray, lag_seconds: int) -> Day | None:
    """The day with the hours as sums that may be; None where there is none to sum.

    ``keep`` marks the hours of the day that stay, shape ``(24,)``. Sums of whole counts are exact, sums of fractions
    the nearest number to the exact ones.
    """
    now = _may_be(day, lag_seconds) & ~keep
    if not now.any():
        return None
    found, per = deepcopy(day), HOUR // day.step_seconds
    here = np.repeat(now, per)
    for name in set(_SUMMED) & set(found.columns):
        column = found.columns[name]
        sums = [fsum(hour) for hour in column.reshape(_PER_DAY, per)[now]]
        column[here] = 0.0
        column[per - 1 :: per][now] = sums
    found.columns[HOURS] = np.where(here | (hours_of(day) > 0), 1.0, np.nan)
    asked = found.fetched_at.reshape(_PER_DAY, per)
    asked[now] = asked[now].max(axis=1, keepdims=True)
    return found


def hours_of(day: Day) -> FloatArray:
    """The column that marks compacted hours: 1, or NaN."""
    marked = day.columns.get(HOURS)
    return np.full(len(day.fetched_at), np.nan) if marked is None else marked


def _may_be(day: Day, lag_seconds: int) -> BoolArray:
    """Which hours of the day can be sums without a loss. Shape ``(24,)``."""
    per = HOUR // day.step_seconds
    if per < 2 or not _COUNTS <= set(day.columns) <= _COLUMNS:
        return np.zeros(_PER_DAY, np.bool_)
    good, total = day.columns["good"], day.columns["total"]
    settled = (day.fetched_at > 0) & (day.fetched_at - day.ends >= 2 * lag_seconds)
    plain = (good >= 0) & (good <= total) & (total <= LARGEST_COUNT) & ~(hours_of(day) > 0)
    return np.asarray((settled & plain).reshape(_PER_DAY, per).all(axis=1))


def as_summed(new: Day, old: Day) -> Day:
    """A later state of a day in which the hours are sums that are sums in the earlier one, so that both compare."""
    again = (hours_of(old) > 0) & ~(hours_of(new) > 0)
    if not again.any():
        return new
    found, per = deepcopy(new), HOUR // new.step_seconds
    now = again.reshape(_PER_DAY, per)[:, 0]
    for name in set(_SUMMED) & set(found.columns):
        column = found.columns[name]
        sums = [fsum(hour[~np.isnan(hour)]) for hour in column.reshape(_PER_DAY, per)[now]]
        column[again & ~np.isnan(column)] = 0.0
        column[per - 1 :: per][now] = sums
    return found
