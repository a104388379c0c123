"""One app over a period: its SLOs bucket by bucket and the infra signals that carry them."""

from __future__ import annotations

import numpy as np

from tomoni.catalog.schema import App, Signal
from tomoni.review import excluded, journeys
from tomoni.review.desk import DAY, Desk, distinct, slos_of
from tomoni.review.memory import Memory, recall, recall_windows
from tomoni.review.model import Lane, Review
from tomoni.review.period import Period
from tomoni.review.standing import TREND_DAYS, counted, reach_seconds
from tomoni.review.track import build_track
from tomoni.slo.model import Line

PLANNED_DAYS = 28  # how far ahead exclusions are named


def build_review(desk: Desk, app: App, period: Period) -> Review:
    """The joint view of one app, from the ledger alone."""
    memory = _recall_app(desk, app, period)
    tracks = tuple(build_track(desk, memory, counted(memory, place, period.as_of), period) for place in slos_of([app]))
    lanes = tuple(_lane(desk, signal, memory, period) for signal in app.infra)
    return Review(
        app=app,
        as_of=period.as_of,
        start=period.start,
        end=period.as_of,
        tracks=tracks,
        lanes=lanes,
        problems=distinct([*(track.status.problem for track in tracks), *(lane.problem for lane in lanes)]),
        journeys=journeys.standings(track.status for track in tracks),
        exclusions=excluded.of_app(app, period.start, period.as_of + PLANNED_DAYS * DAY),
    )


def _recall_app(desk: Desk, app: App, period: Period) -> Memory:
    """What is remembered of an app: far enough back for the window at the first moment that is shown."""
    slos = [slo for _, _, slo in slos_of([app])]
    refs = {slo.series.key: slo.series for slo in slos}
    reach = max((reach_seconds(slo.definition) for slo in slos), default=0)
    start = period.as_of - max(period.days, TREND_DAYS) * DAY - reach
    events = recall_windows(desk, list(refs.values()), start, period.as_of)
    signals = {signal.series.key: signal.series for signal in app.infra}
    measured = recall(desk, list(signals.values()), period.start, period.as_of)
    return Memory({**events.series, **measured.series}, {**events.states, **measured.states})


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
