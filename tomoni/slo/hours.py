"""Hours that are stored as one sum: where they may be cut, and the same SLI in buckets of an hour.

Old buckets are compacted (`ledger.compaction`). The sum of a compacted hour stands in its last bucket, the others
have nothing: a running sum at a full hour is exact, and one within the hour is that of the full hour before. What
needs more than sums between full hours, such as episodes and alerts, is given buckets of an hour.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tomoni.slo.model import HOUR, BoolArray, Buckets, FloatArray, IntArray
from tomoni.slo.tally import Clean, Span, cleaned, merged


def cut_hours(buckets: Buckets, times: IntArray) -> BoolArray:
    """Which times lie within an hour that is stored as one sum. Shapes ``(n,)``."""
    if buckets.hours is None:
        return np.zeros(len(times), dtype=np.bool_)
    cut = np.zeros(len(times), dtype=np.bool_)
    for moments in (times, times - 1):  # at the end of what is held only the bucket before a time is known
        places = (moments - buckets.start) // buckets.step_seconds
        held = (places >= 0) & (places < len(buckets.hours)) & (times % HOUR != 0)
        cut |= held & buckets.hours[np.where(held, places, 0)]
    return cut


def in_hours(buckets: Buckets) -> Buckets:
    """The same buckets; where some hours are stored as one sum, all of it in buckets of an hour.

    Of an hour of which a part is excluded only the rest is counted. An hour counts as observed where any of it was.
    """
    if buckets.hours is None:
        return buckets
    buckets = _without_last(buckets)
    start, end = buckets.start // HOUR * HOUR, -(-buckets.end // HOUR) * HOUR
    counted = cleaned(buckets, start, end)
    everything = cleaned(Buckets(*_columns(buckets), hours=buckets.hours), start, end)
    per = HOUR // buckets.step_seconds
    out = np.asarray(counted.excluded.reshape(-1, per).all(axis=1))
    good, total = (np.where(out, a, b) for a, b in zip(_sums(everything, per), _sums(counted, per), strict=True))
    absent = np.asarray(counted.absent.reshape(-1, per).any(axis=1))
    return Buckets(start, HOUR, good, total, absent, _spans(out, start, buckets), buckets.observed_before)


def _without_last(buckets: Buckets) -> Buckets:
    """The buckets up to the last whole hour, where the last one is stored as a sum that is not among them."""
    if buckets.hours is None or not buckets.end % HOUR or not buckets.hours[-1]:
        return buckets
    held = slice(0, max(0, (buckets.end // HOUR * HOUR - buckets.start) // buckets.step_seconds))
    good, total = buckets.good[held], buckets.total[held]
    return replace(buckets, good=good, total=total, absent=buckets.absent[held], hours=buckets.hours[held])


def _columns(buckets: Buckets) -> tuple[int, int, FloatArray, FloatArray, BoolArray]:
    return buckets.start, buckets.step_seconds, buckets.good, buckets.total, buckets.absent


def _sums(clean: Clean, per: int) -> tuple[FloatArray, FloatArray]:
    bad, total = (column.reshape(-1, per).sum(axis=1) for column in (clean.bad, clean.total))
    seen = clean.observed.reshape(-1, per).any(axis=1)
    return np.where(seen, total - bad, np.nan), np.where(seen, total, np.nan)


def _spans(out: BoolArray, start: int, buckets: Buckets) -> tuple[Span, ...]:
    """The hours that are excluded, and what is excluded beyond the buckets."""
    hours = [(start + int(i) * HOUR, start + int(i + 1) * HOUR) for i in np.flatnonzero(out)]
    later = [(max(first, buckets.end), last) for first, last in buckets.excluded]
    return merged([*hours, *later])
