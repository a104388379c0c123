"""One SLO over a period: its lines, what burned its budget, what comes, and what to know of it."""

from __future__ import annotations

import numpy as np

from review import excluded, policies, versions
from review.burn import burn_of
from review.desk import Desk, path_of
from review.memory import Memory
from review.model import SloTrack
from review.period import Period
from review.reconciled import other_figures
from review.standing import Counted, build_status
from slo.alert_history import alert_history
from slo.forecast import forecast
from slo.lines import burn_down, pace, rolling_remaining
from slo.model import Buckets, FloatArray, IntArray, Line


def build_track(desk: Desk, memory: Memory, counts: Counted, period: Period) -> SloTrack:
    """One SLO over a period, from what is remembered of its series."""
    status = build_status(desk, memory, counts, period.as_of, with_trends=True)
    buckets, definition, figures = counts.buckets, status.slo.definition, status.figures
    step, policy = buckets.step_seconds, status.app.policy
    start, end = period.start - period.start % step, figures.end
    shown = _between(buckets, start, end)
    ends = shown.start + step * np.arange(1, len(shown.total) + 1, dtype=np.int64)
    down = burn_down(buckets, definition, start, max(end, start))
    rolling = rolling_remaining(buckets, definition, ends)
    known = desk.versions.get(path_of(counts.place), ())
    first = min(period.start, figures.start)
    return SloTrack(
        status=status,
        success=Line(_starts(shown), _ratio(shown)),
        traffic=Line(_starts(shown), shown.total / step),
        burn_down=down,
        pace=pace(start, max(end, start), down.times),
        rolling=rolling,
        buckets=buckets,
        burn=burn_of(buckets, definition, figures),
        forecast=forecast(buckets, definition, end),
        firings=alert_history(buckets, definition, period.start, end),
        methods=other_figures(buckets, definition, end),
        exclusions=excluded.within(counts.exclusions, first, period.as_of),
        policy=None if policy is None else policies.standing(policy, figures, rolling),
        version=versions.in_force(known, period.as_of),
        changes=versions.changes(known, first, period.as_of),
    )


def _between(buckets: Buckets, start: int, end: int) -> Buckets:
    """The buckets that start in ``[start, end)``, as far as they are held."""
    step = buckets.step_seconds
    first = min(max((start - buckets.start) // step, 0), len(buckets.total))
    last = min(max((end - buckets.start) // step, first), len(buckets.total))
    part = slice(first, last)
    return Buckets(buckets.start + first * step, step, buckets.good[part], buckets.total[part], buckets.absent[part])


def _starts(buckets: Buckets) -> IntArray:
    return buckets.start + buckets.step_seconds * np.arange(len(buckets.total), dtype=np.int64)


def _ratio(buckets: Buckets) -> FloatArray:
    """Good over total of each bucket; NaN where nothing was observed or nothing happened."""
    good = np.minimum(buckets.good, buckets.total)
    ratio: FloatArray = np.divide(good, buckets.total, out=np.full(len(good), np.nan), where=buckets.total > 0)
    return ratio
