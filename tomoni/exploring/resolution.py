"""How long the buckets of what is explored are: as short as a figure of the stretch can show."""

from __future__ import annotations

from data_sources.base import Interval
from tomoni.slo.model import DAY, HOUR, MINUTE

_MOST_BUCKETS = 1_500  # about as many as there are pixels
_STEPS = (MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR)


def whole_buckets(start: int, end: int, most: int = _MOST_BUCKETS) -> Interval:
    """The whole buckets that lie in ``[start, end)`` (Unix seconds; at least one), at most ``most``, of the shortest
    usual length that allows it."""
    step = next((each for each in _STEPS if end - start <= most * each), DAY)
    first, last = -(-start // step) * step, end // step * step
    if last <= first:
        first, last = start // step * step, start // step * step + step
    return Interval(first, last, step)


def earlier(interval: Interval, seconds: int) -> Interval:
    """The interval so many seconds before, in whole buckets of the same length."""
    shift = round(seconds / interval.step_seconds) * interval.step_seconds
    return Interval(interval.start - shift, interval.end - shift, interval.step_seconds)
