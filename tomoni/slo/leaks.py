"""Budgets that leaked: spent a little at a time over days, rather than in an incident; and since when one is spent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tomoni.slo.lines import pace
from tomoni.slo.model import DAY, HOUR, FloatArray, Line

LEAST_EXCESS = 0.1  # of the budget, lost beyond the even pace: less than that is no leak
_SLOWLY = 0.1  # half of what leaked took at least this share of the time; an incident takes less
_SHORTEST_SECONDS = DAY


@dataclass(frozen=True, slots=True)
class Leak:
    """The stretch ``[start, end]`` in which a budget fell faster than its even pace, a little at a time.

    ``lost`` is the share of the budget that it lost there. ``ongoing`` is whether it still does so at the end of
    the line.
    """

    start: int
    end: int
    lost: float
    ongoing: bool


def slow_leak(burn_down: Line) -> Leak | None:
    """The leak of a burn-down over the time that it spans, or None.

    It is the stretch that lost most beyond the even pace. It is no leak when it is short, when it lost little, or
    when half of its loss came within a tenth of its time: that was an incident, or several.
    """
    hourly = _hourly(burn_down)
    if hourly is None:
        return None
    first, last = _largest_fall(hourly.values - pace(_start(hourly), _end(hourly), hourly.times).values)
    excess = _fallen(hourly, first, last) - (last - first) / (len(hourly.times) - 1)
    lasted = hourly.times[last] - hourly.times[first]
    if lasted < _SHORTEST_SECONDS or excess < LEAST_EXCESS or not _is_slow(hourly.values[first : last + 1]):
        return None
    ongoing = _end(hourly) - hourly.times[last] < DAY
    return Leak(int(hourly.times[first]), int(hourly.times[last]), _fallen(hourly, first, last), bool(ongoing))


def is_gradual(burn_down: Line) -> bool:
    """Whether a line lost what it lost a little at a time; False for one that spans less than a day."""
    hourly = _hourly(burn_down)
    return hourly is not None and _is_slow(hourly.values)


def _hourly(line: Line) -> Line | None:
    """The values that a line has, hour by hour; None when there are not enough of them."""
    known = ~np.isnan(line.values)
    times, values = line.times[known], line.values[known]
    if len(times) < 2 or times[-1] - times[0] < _SHORTEST_SECONDS:
        return None
    hours = np.arange(times[0], times[-1] + 1, HOUR, dtype=np.int64)
    return Line(hours, np.interp(hours, times, values))


def _start(line: Line) -> int:
    return int(line.times[0])


def _end(line: Line) -> int:
    return int(line.times[-1])


def _fallen(line: Line, first: int, last: int) -> float:
    return float(line.values[first] - line.values[last])


def _largest_fall(values: FloatArray) -> tuple[int, int]:
    """Between which two indices the values fall most."""
    highest = np.maximum.accumulate(values)
    last = int(np.argmax(highest - values))
    return int(np.argmax(values[: last + 1])), last


def _is_slow(values: FloatArray) -> bool:
    """Whether half of the loss took its time, at whichever hours it was fastest."""
    lost = np.sort(-np.diff(values))[::-1]
    half = int(np.searchsorted(np.cumsum(lost), lost.sum() / 2)) + 1
    return half >= _SLOWLY * len(lost)


def spent_since(remaining: Line) -> tuple[int, bool] | None:
    """Since when a remaining budget is spent without a break, and whether it was so from the line's start on;
    None when it is not spent at the end, or the line is empty."""
    known = ~np.isnan(remaining.values)
    times, left = remaining.times[known], np.flatnonzero(remaining.values[known] > 0)
    if not len(times) or (len(left) and left[-1] == len(times) - 1):
        return None
    return (int(times[left[-1] + 1]), False) if len(left) else (int(times[0]), True)
