"""Budget over time: two lines that people confuse, the even pace beside them, and the forecast.

*Rolling remaining* is what is left of the window that ends at each moment; it rises again as bad
days leave the window. *Burn-down* starts at 1 where a period starts and only falls. The *forecast*
continues the remaining budget over the length of one window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tomoni.slo.history import history
from tomoni.slo.hours import cut_hours
from tomoni.slo.model import DAY, HOUR, WEEK, Buckets, CalendarWindow, Definition, FloatArray, IntArray, Line
from tomoni.slo.periods import counted_end, whole_window, window_starts
from tomoni.slo.tally import (
    Tally,
    excluded_buckets,
    exhausted,
    finite,
    remaining_shares,
    tally,
    unit_seconds,
    weekly_rate,
)


def rolling_remaining(buckets: Buckets, definition: Definition, times: IntArray) -> Line:
    """The remaining budget of the window that ends at each time, as `slo.status.evaluate` has it.

    NaN where nothing of the window was observed, and where no budget exists. For calendar windows
    it is the remaining of the period so far. Where a window would cut an hour that is stored as one sum, the value
    is that of the full hour before. Shapes: ``(n,)``. Raises ValueError where slices are
    not made of whole buckets.
    """
    unit = unit_seconds(buckets, definition)
    times = np.asarray(times, dtype=np.int64)
    if not len(times):
        return Line(times, np.zeros(0))
    ends = times // unit * unit
    for within in np.flatnonzero(times % unit):
        ends[within] = counted_end(definition.window, int(times[within]), unit)
    starts = window_starts(definition.window, ends)
    cut = cut_hours(buckets, starts) | cut_hours(buckets, ends)
    if cut.any():
        ends[cut] -= ends[cut] % HOUR
        starts = window_starts(definition.window, ends)
    sums = tally(buckets, definition, int(starts.min()), int(ends.max())).between(starts, ends)
    values = remaining_shares(sums.bad, sums.total, definition.objective.allowance)
    values[sums.observed == 0] = np.nan
    return Line(times, values)


def burn_down(buckets: Buckets, definition: Definition, start: int, end: int) -> Line:
    """What is left of the budget of the shown period ``[start, end)`` at each of its buckets (or
    slices): ``1 - bad([start, t)) / allowed([start, end))``.

    The denominator is that of the whole shown period, as far as it is held, for every point: a
    budget that grew with the traffic so far would let the line rise whenever good events come in,
    and a burn-down that rises explains nothing. So it starts at 1 and never rises. NaN before the SLI
    was first observed, beyond the end of the buckets, where no budget exists, and throughout when
    nothing was observed.
    """
    unit = unit_seconds(buckets, definition)
    first, last = -(-start // unit) * unit, -(-end // unit) * unit
    times = np.arange(first, last + 1, unit, dtype=np.int64)
    known = min(last, buckets.end // unit * unit)
    values = np.full(len(times), np.nan)
    counted = tally(buckets, definition, first, max(first, known))
    if len(times) and counted.observed[-1]:
        total = np.full(len(counted.bad), counted.total[-1])
        values[: len(counted.bad)] = remaining_shares(counted.bad, total, definition.objective.allowance)
        values[times < _first_counted(buckets, definition, first, known)] = np.nan
    return Line(times, values)


def _first_counted(buckets: Buckets, definition: Definition, start: int, end: int) -> int:
    """Where in ``[start, end)`` anything begins to count: with the history."""
    observed = history(buckets, end)
    if observed.longer or observed.since is None:
        return start
    unit = unit_seconds(buckets, definition)
    return max(start, observed.since // unit * unit)


def pace(start: int, end: int, times: IntArray) -> Line:
    """The even pace of a period, from 1 at its start to 0 at its end; NaN outside. Shapes ``(n,)``."""
    times = np.asarray(times, dtype=np.int64)
    inside = (times >= start) & (times <= end)
    values = np.where(inside, (end - times) / max(end - start, 1), np.nan)
    return Line(times, values)


_DUST = 1e-12  # a budget that is spent at exactly its pace must not flicker with rounding


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """The remaining budget from a moment on, over the length of one window.

    ``exhausts_at`` is the first hour at which a budget that is not exhausted is; ``recovers_at`` the
    first at which an exhausted one is not any more; None: not in sight. ``bad_ratio`` is what was
    assumed of the future; None when nothing was counted in 7 days, and then ``line`` is empty.
    """

    line: Line
    bad_ratio: float | None
    exhausts_at: int | None
    recovers_at: int | None


def forecast(buckets: Buckets, definition: Definition, at: int) -> Forecast:
    """Projects the remaining budget hour by hour, from a moment floored as `slo.status.evaluate` does.

    Future traffic is that of the same hour one week before, where that was not observed the mean of
    the 7 days; the bad ratio of the last 24 hours (without traffic in them: of the 7 days) goes on.
    Old buckets leave a rolling window as they age; a calendar period begins anew. Hours that are
    excluded in advance bring nothing.
    """
    unit = unit_seconds(buckets, definition)
    end = at // unit * unit
    whole = whole_window(definition.window, end)
    counted = tally(buckets, definition, min(whole.start, end - WEEK), end)
    ratio = _bad_ratio(counted, end)
    rate = weekly_rate(counted, definition, end)
    if ratio is None or rate is None:
        return Forecast(Line(np.zeros(0, dtype=np.int64), np.zeros(0)), None, None, None)
    step = -(-HOUR // unit) * unit
    hours = max(1, -(-whole.seconds // step))
    traffic = _traffic(counted, finite(rate * step), end, step, hours)
    traffic *= _open_shares(buckets, end, step, hours)
    return _projected(counted, definition, traffic, ratio, end, step)


def _bad_ratio(counted: Tally, end: int) -> float | None:
    for seconds in (DAY, WEEK):
        bad, total = counted.one(end - seconds, end)
        if total:
            return bad / total
    return None


def _traffic(counted: Tally, usual: float, end: int, step: int, hours: int) -> FloatArray:
    """The expected total of each future step: the week before ``end`` repeats, gaps are filled."""
    starts = end - WEEK + np.arange(hours, dtype=np.int64) * step % WEEK
    sums = counted.between(starts, starts + step)
    traffic: FloatArray = np.where(sums.observed > 0, sums.total, usual)
    return traffic


def _open_shares(buckets: Buckets, end: int, step: int, hours: int) -> FloatArray:
    """Which share of each future step no exclusion takes out."""
    excluded = excluded_buckets(buckets.excluded, end, end + hours * step, buckets.step_seconds)
    shares: FloatArray = 1.0 - excluded.reshape(hours, -1).mean(axis=1)
    return shares


def _projected(
    counted: Tally, definition: Definition, traffic: FloatArray, ratio: float, end: int, step: int
) -> Forecast:
    times = end + np.arange(len(traffic) + 1, dtype=np.int64) * step
    starts = window_starts(definition.window, times)
    if isinstance(definition.window, CalendarWindow):  # at a boundary the period that begins is what comes
        starts[1:] = window_starts(definition.window, times[1:] + 1)
    past = counted.between(np.minimum(starts, end), np.full(len(times), end))
    coming = np.concatenate(([0.0], np.cumsum(traffic)))
    gained = coming - np.interp(starts, times, coming)  # a window that begins after the moment loses some again
    bad, total = past.bad + gained * ratio, past.total + gained
    allowance = definition.objective.allowance
    out = exhausted(bad * (1 + _DUST), total, allowance)
    turned = np.flatnonzero(out != out[0])
    turns_at = int(times[turned[0]]) if len(turned) else None
    line = Line(times, remaining_shares(bad, total, allowance))
    return Forecast(line, ratio, None if out[0] else turns_at, turns_at if out[0] else None)
