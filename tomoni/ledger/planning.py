"""Which buckets to ask for. Pure: arrays and intervals in, intervals out.

A bucket is due when its end is at least the source's lag ago, and
* it was never fetched, or only answered in part; or
* it was fetched later than now: the clock was ahead, so that the answer may have come too early; or
* it was last fetched when its end was less than twice the lag ago: late points may have changed it; or
* it is a gap (fetched, not observed) whose next request is due.

**Gaps.** A run of gaps within one UTC day is one gap. After a question at age ``a`` (from the end
of the gap) its next question is due at the next multiple of ``2^k`` · 675 s in Unix time, the
largest with ``2^k`` · 675 s <= ``a``, from 11 min 15 s to 8 days. So the age at most doubles
between two requests, an outage of a day is requested some 15 times in a month, and all gaps fall
due at common moments and share their questions.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from data_sources.base import Interval
from tomoni.slo.model import DAY, BoolArray, IntArray

_SHORTEST_WAIT = DAY >> 7  # 675 s; all waits are this, doubled, so that they share their moments
_DOUBLINGS = 10  # the longest wait: 8 days
BRIDGE_BUCKETS = 12
WIDE_BRIDGE_BUCKETS = 96
MANY_INTERVALS = 8


def due_buckets(fetched_at: IntArray, observed: BoolArray, ends: IntArray, lag_seconds: int, now: int) -> BoolArray:
    """Which buckets of a UTC day are due; ``ends`` are their ends. All shapes ``(n,)``."""
    fetched_at = np.where(fetched_at > now, 0, fetched_at)
    fresh = (fetched_at - ends < 2 * lag_seconds) & (fetched_at < now)
    due: BoolArray = (fetched_at == 0) | fresh
    for first, last in _gap_runs(fetched_at, observed):
        if _gap_due(int(fetched_at[first:last].min()), int(ends[last - 1])) <= now:
            due[first:last] = True
    closed: BoolArray = ends <= now - lag_seconds
    return due & closed


def next_gap_due(fetched_at: IntArray, observed: BoolArray, ends: IntArray) -> int | None:
    """When the first of a day's gaps is due again, None when it has no gap."""
    runs = _gap_runs(fetched_at, observed)
    return min((_gap_due(int(fetched_at[a:b].min()), int(ends[b - 1])) for a, b in runs), default=None)


def coalesce(due: Iterable[Interval]) -> list[Interval]:
    """Few intervals that cover all of ``due``, in order of time.

    Neighbours join over up to 12 known buckets, which are then fetched again: a few more buckets
    cost less than one more request. More than 8 intervals join over up to 96.
    """
    joined = _join(sorted(due), BRIDGE_BUCKETS)
    return joined if len(joined) <= MANY_INTERVALS else _join(joined, WIDE_BRIDGE_BUCKETS)


def intervals_of(due: BoolArray, start: int, step_seconds: int) -> list[Interval]:
    """The runs of due buckets as intervals; ``start`` is that of the first bucket."""
    return [Interval(start + a * step_seconds, start + b * step_seconds, step_seconds) for a, b in _runs(due)]


def clip(interval: Interval, until: int) -> Interval:
    """The buckets of an interval that ended by ``until``."""
    step = interval.step_seconds
    end = min(interval.end, until // step * step)
    return Interval(interval.start, max(interval.start, end), step)


def _gap_due(fetched_at: int, end: int) -> int:
    doublings = max(1, (fetched_at - end) // _SHORTEST_WAIT).bit_length() - 1
    wait = _SHORTEST_WAIT << min(doublings, _DOUBLINGS)
    return (fetched_at // wait + 1) * wait


def _gap_runs(fetched_at: IntArray, observed: BoolArray) -> list[tuple[int, int]]:
    return _runs((fetched_at > 0) & ~observed)


def _runs(mask: BoolArray) -> list[tuple[int, int]]:
    """The runs of true values as (first, last + 1)."""
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _hole(left: Interval, right: Interval) -> int:
    return (right.start - left.end) // left.step_seconds


def _join(intervals: list[Interval], bridge_buckets: int) -> list[Interval]:
    joined: list[Interval] = []
    for one in intervals:
        if joined and _hole(joined[-1], one) <= bridge_buckets:
            last = joined[-1]
            joined[-1] = Interval(last.start, max(last.end, one.end), one.step_seconds)
        else:
            joined.append(one)
    return joined
