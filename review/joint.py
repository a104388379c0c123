"""One app over a period: its SLOs bucket by bucket and the infra signals that carry them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catalog.schema import App, Signal
from review.desk import DAY, Desk, distinct, slos_of
from review.model import Lane, Review, SloStatus, SloTrack
from review.standing import TREND_DAYS, Memory, build_status, reach_seconds, recall
from slo.lines import burn_down, pace, rolling_remaining
from slo.model import Buckets, FloatArray, IntArray, Line


@dataclass(frozen=True, slots=True)
class Period:
    """What a review looks at: ``days`` before the moment ``as_of`` (Unix seconds)."""

    as_of: int
    days: int

    @property
    def start(self) -> int:
        """Unix seconds."""
        return self.as_of - self.days * DAY


def build_review(desk: Desk, app: App, period: Period) -> Review:
    """The joint view of one app, from the ledger alone."""
    memory = _recall_app(desk, app, period)
    tracks = tuple(
        _track(build_status(desk, memory, place, period.as_of, with_trends=True), memory, period)
        for place in slos_of([app])
    )
    lanes = tuple(_lane(desk, signal, memory, period) for signal in app.infra)
    problems = distinct([*(track.status.problem for track in tracks), *(lane.problem for lane in lanes)])
    return Review(app, period.as_of, period.start, period.as_of, tracks, lanes, problems)


def _recall_app(desk: Desk, app: App, period: Period) -> Memory:
    """What is remembered of an app: far enough back for the window at the first moment that is shown."""
    slos = [slo for _, _, slo in slos_of([app])]
    refs = {slo.series.key: slo.series for slo in slos}
    reach = max((reach_seconds(slo.definition) for slo in slos), default=0)
    counted = recall(desk, list(refs.values()), period.as_of - max(period.days, TREND_DAYS) * DAY - reach, period.as_of)
    signals = {signal.series.key: signal.series for signal in app.infra}
    measured = recall(desk, list(signals.values()), period.start, period.as_of)
    return Memory({**counted.series, **measured.series}, {**counted.states, **measured.states})


def _track(status: SloStatus, memory: Memory, period: Period) -> SloTrack:
    buckets = memory.series[status.slo.series.key].buckets()
    step, definition = buckets.step_seconds, status.slo.definition
    start, end = period.start - period.start % step, status.figures.end
    shown = _between(buckets, start, end)
    ends = shown.start + step * np.arange(1, len(shown.total) + 1, dtype=np.int64)
    down = burn_down(buckets, definition, start, max(end, start))
    return SloTrack(
        status=status,
        success=Line(_starts(shown), _ratio(shown)),
        traffic=Line(_starts(shown), shown.total / step),
        burn_down=down,
        pace=pace(start, max(end, start), down.times),
        rolling=rolling_remaining(buckets, definition, ends),
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


def _lane(desk: Desk, signal: Signal, memory: Memory, period: Period) -> Lane:
    ref = signal.series
    remembered = memory.series[ref.key]
    end = min(desk.trusted_end(ref, period.as_of), remembered.interval.end)
    kept = max((end - remembered.interval.start) // ref.step_seconds, 0)
    times = remembered.interval.start + ref.step_seconds * np.arange(kept, dtype=np.int64)
    return Lane(
        signal=signal,
        values=Line(times, remembered.values()[:kept]),
        known_until=remembered.known_until,
        queries=desk.queries(ref, period.start, max(end, period.start)),
        problem=desk.problem(signal.source, memory.states.get(ref.key)),
    )
