"""When a budget runs out or comes back, if things go on as they do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tomoni.slo.exact import exhausted, finite, remaining_shares
from tomoni.slo.exclusions import excluded_buckets
from tomoni.slo.model import DAY, HOUR, Buckets, Definition, FloatArray, Line
from tomoni.slo.periods import whole_window, window_starts
from tomoni.slo.tally import Tally, tally, unit_seconds
from tomoni.slo.traffic import WEEK, weekly_rate

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
