"""One SLO over a period: its lines, what burned its budget, what comes, and what to know of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tomoni.review import excluded, policies, versions
from tomoni.review.burn import burn_of
from tomoni.review.desk import Desk, path_of
from tomoni.review.memory import Memory
from tomoni.review.model import SloTrack
from tomoni.review.period import Period
from tomoni.review.reconciled import other_figures
from tomoni.review.standing import Counted, build_status
from tomoni.slo.alerts import alert_history
from tomoni.slo.lines import burn_down, forecast, pace, rolling_remaining
from tomoni.slo.model import Buckets, Definition, Line
from tomoni.slo.tally import tally


def build_track(desk: Desk, memory: Memory, counts: Counted, period: Period) -> SloTrack:
    """One SLO over a period, from what is remembered of its series."""
    status = build_status(desk, memory, counts, period.as_of, with_trends=True)
    buckets, definition, figures = counts.buckets, status.slo.definition, status.figures
    step, policy = buckets.step_seconds, status.app.policy
    start, end = period.start - period.start % step, figures.end
    success, traffic = _bucket_by_bucket(buckets, definition, start, end)
    down = burn_down(buckets, definition, start, max(end, start))
    rolling = rolling_remaining(buckets, definition, success.times + step)
    known = desk.versions.get(path_of(counts.place), ())
    first = min(period.start, figures.start)
    return SloTrack(
        status=status,
        success=success,
        traffic=traffic,
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


def _bucket_by_bucket(buckets: Buckets, definition: Definition, start: int, end: int) -> tuple[Line, Line]:
    """Good over total and events a second of each bucket in ``[start, end)``, excluded ones too: what was
    agreed to be left out did happen. NaN where nothing was observed, or for the ratio nothing happened."""
    counted = tally(replace(buckets, excluded=()), replace(definition, slices=None), start, max(end, start))
    times, clean = counted.moments[:-1], counted.clean
    bad_ratio = np.divide(clean.bad, clean.total, out=np.full(len(times), np.nan), where=clean.total > 0)
    traffic = np.where(clean.observed, clean.total / buckets.step_seconds, np.nan)
    return Line(times, 1.0 - bad_ratio), Line(times, traffic)
