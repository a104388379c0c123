"""One app over a period: its SLOs bucket by bucket and the infra signals that carry them.

Of each SLO: its lines, what burned the budget of its own window, the same figure by other methods,
and what the policy asks for.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np

from tomoni.catalog.schema import App, Policy, Signal
from tomoni.review.agreements import changes, excluded_of_app, in_force, within
from tomoni.review.inputs import Memory, ReviewInputs, distinct, last_counted, recall, recall_windows, slos_of
from tomoni.review.model import (
    Burn,
    Differs,
    Lane,
    LetteredEpisode,
    OtherFigure,
    Period,
    PolicyStanding,
    Review,
    SloTrack,
)
from tomoni.review.named import standing
from tomoni.review.splits import with_split
from tomoni.review.status import TREND_DAYS, SloBuckets, buckets_of, build_status, journey_standings, reach_seconds
from tomoni.slo.alerts import alert_history
from tomoni.slo.episodes import BurnLedger, Episode, burn_ledger, share
from tomoni.slo.lines import burn_down, forecast, pace, rolling_remaining
from tomoni.slo.model import DAY, VERDICTS, Buckets, Definition, Figures, FloatArray, IntArray, Line, State
from tomoni.slo.status import ByMethod, Counting, by_methods
from tomoni.slo.tally import tally

PLANNED_DAYS = 28  # how far ahead exclusions are named


def build_review(inputs: ReviewInputs, app: App, period: Period) -> Review:
    """The joint view of one app, from the ledger alone."""
    memory = _recall_app(inputs, app, period)
    tracks = tuple(
        build_track(inputs, memory, buckets_of(memory, place, period.as_of), period) for place in slos_of([app])
    )
    lanes = tuple(_lane(inputs, signal, memory, period) for signal in app.infra)
    return Review(
        app=app,
        as_of=period.as_of,
        start=period.start,
        end=period.as_of,
        tracks=tracks,
        lanes=lanes,
        problems=distinct([*(track.status.problem for track in tracks), *(lane.problem for lane in lanes)]),
        journeys=journey_standings(track.status for track in tracks),
        exclusions=excluded_of_app(app, period.start, period.as_of + PLANNED_DAYS * DAY),
        period=period.named,
        standing=standing(period.named, period.as_of, [each.status for each in tracks]) if period.named else None,
    )


def _recall_app(inputs: ReviewInputs, app: App, period: Period) -> Memory:
    """What is remembered of an app: far enough back for the window at the first moment that is shown."""
    places = slos_of([app])
    slos = [place.slo for place in places]
    refs = {slo.series.key: slo.series for slo in slos}
    reach = max((reach_seconds(slo.definition) for slo in slos), default=0)
    start = period.as_of - max(period.days, TREND_DAYS) * DAY - reach
    events = recall_windows(inputs, list(refs.values()), start, last_counted(places, period.as_of))
    signals = {signal.series.key: signal.series for signal in app.infra}
    measured = recall(inputs, list(signals.values()), period.start, period.as_of)
    return replace(events, series={**events.series, **measured.series}, states={**events.states, **measured.states})


def _lane(inputs: ReviewInputs, signal: Signal, memory: Memory, period: Period) -> Lane:
    ref = signal.series
    remembered = memory.series[ref.key]
    end = min(inputs.trusted_end(ref, period.as_of), remembered.interval.end)
    kept = max((end - remembered.interval.start) // ref.step_seconds, 0)
    times = remembered.interval.start + ref.step_seconds * np.arange(kept, dtype=np.int64)
    return Lane(
        signal=signal,
        values=Line(times, remembered.values()[:kept]),
        known_until=remembered.known_until,
        queries=inputs.queries(ref, period.start, max(end, period.start)),
        problem=inputs.problem(signal.source, memory.states.get(ref.key)),
    )


def build_track(inputs: ReviewInputs, memory: Memory, counts: SloBuckets, period: Period) -> SloTrack:
    """One SLO over a period, from what is remembered of its series."""
    status = build_status(inputs, memory, counts, period.as_of, with_trends=True)
    definition, figures = status.slo.definition, status.figures
    buckets = counts.shown
    asked = [ref for ref in (status.slo.series, status.slo.split_series) if ref is not None]
    queries = [text for ref in asked for text in inputs.queries(ref, figures.start, figures.end)]
    status = replace(status, queries=tuple(queries))
    status = with_split(inputs, status)
    step, policy = buckets.step_seconds, status.app.policy
    start, end = period.start - period.start % step, figures.end
    if period.named:  # a bucket that began before belongs to the period before
        start = -(-period.start // step) * step
    success, traffic = _bucket_by_bucket(buckets, definition, start, end)
    down = burn_down(buckets, definition, start, max(end, start))
    rolling = rolling_remaining(counts.buckets, definition, np.minimum(success.times + step, max(end, start)))
    known = inputs.versions.get(counts.place.path, ())
    first = min(period.start, figures.start)
    collecting = figures.state is State.COLLECTING
    return SloTrack(
        status=status,
        success=success,
        traffic=traffic,
        burn_down=down,
        pace=pace(start, max(end, start), down.times),
        rolling=rolling,
        buckets=buckets,
        burn=None if collecting else burn_of(buckets, definition, figures),
        forecast=None if collecting else forecast(counts.buckets, definition, end),
        firings=alert_history(buckets, definition, period.start, end),
        methods=other_figures(buckets, definition, end) if buckets is counts.buckets else (),
        exclusions=within(counts.exclusions, first, period.as_of),
        policy=None if policy is None else policy_standing(policy, figures, rolling),
        version=in_force(known, period.as_of),
        changes=changes(known, first, period.as_of),
    )


def _bucket_by_bucket(buckets: Buckets, definition: Definition, start: int, end: int) -> tuple[Line, Line]:
    """Good over total and events a second of each bucket in ``[start, end)``, including excluded ones,
    because what is excluded did happen. NaN where nothing was observed, or for the ratio nothing happened."""
    counted = tally(replace(buckets, excluded=()), replace(definition, slices=None), start, max(end, start))
    times, clean = counted.moments[:-1], counted.clean
    bad_ratio = np.divide(clean.bad, clean.total, out=np.full(len(times), np.nan), where=clean.total > 0)
    traffic = np.where(clean.observed, clean.total / buckets.step_seconds, np.nan)
    return Line(times, 1.0 - bad_ratio), Line(times, traffic)


SHOWN = 8  # more letters than that name nothing any more
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def burn_of(buckets: Buckets, definition: Definition, figures: Figures) -> Burn:
    """The burn ledger of the window of the figures, its largest episodes lettered in order of time."""
    ledger = burn_ledger(buckets, definition, figures.start, figures.end)
    largest = sorted(ledger.episodes, key=lambda episode: (-episode.bad, episode.start))
    shown = sorted(largest[:SHOWN], key=lambda episode: episode.start)
    lettered = tuple(LetteredEpisode(letter, each) for letter, each in zip(_LETTERS, shown, strict=False))
    return _with_others(ledger, lettered, largest[SHOWN:], definition)


def _with_others(
    ledger: BurnLedger, lettered: tuple[LetteredEpisode, ...], others: list[Episode], definition: Definition
) -> Burn:
    bad = sum((episode.bad for episode in others), 0.0)
    budget = Fraction(ledger.allowed_bad) if definition.objective.allowance else Fraction(0)
    return Burn(ledger, lettered, len(others), bad, share(bad, budget), share(bad, Fraction(ledger.bad)))


_ALIKE, _ALIKE_LEFT = 1e-9, 1e-6  # of an SLI, and of a budget, in which many nines show what an SLI hides


def other_figures(buckets: Buckets, definition: Definition, at: int) -> tuple[OtherFigure, ...]:
    """The window that ends at a moment by all methods, in the order of `slo.status.Counting`."""
    figures = by_methods(buckets, definition, at)
    own = next(figure for figure in figures if figure.method is _own_method(definition))
    return tuple(OtherFigure(figure, _why_it_differs(figure, own)) for figure in figures)


def _own_method(definition: Definition) -> Counting:
    return Counting.EVENTS if definition.slices is None else Counting.TIME_SLICES


def _why_it_differs(figure: ByMethod, own: ByMethod) -> Differs:
    if figure is own:
        return Differs.OWN
    if figure.sli is None or own.sli is None:
        return Differs.NOTHING
    left = (0.0 if each.remaining is None else each.remaining for each in (figure, own))
    if math.isclose(figure.sli, own.sli, abs_tol=_ALIKE) and math.isclose(*left, abs_tol=_ALIKE_LEFT):
        return Differs.SAME
    if figure.method is Counting.TIME_SLICES:
        return Differs.SMALL_FAILURES_VANISH if figure.sli > own.sli else Differs.SLICES_FAIL_WHOLE
    if own.method is Counting.TIME_SLICES:
        return Differs.EVENTS_WEIGH if figure.method is Counting.EVENTS else Differs.PARTS_COUNT
    return Differs.QUIET_TIMES_WEIGH_MORE


def policy_standing(policy: Policy, figures: Figures, rolling: Line) -> PolicyStanding:
    """Where a budget stands on the levels of a policy; ``rolling`` shows since when."""
    if figures.state not in VERDICTS:
        return PolicyStanding(policy, None, None, or_longer=False)
    left = -1.0 if figures.remaining is None else figures.remaining  # spent where nothing is allowed
    reached = int(_levels_reached(policy, np.array([left]))[0])
    level = policy.levels[reached - 1] if reached else None
    since, or_longer = _reached_since(policy, rolling, reached)
    return PolicyStanding(policy, level, since, or_longer)


def _levels_reached(policy: Policy, remaining: FloatArray) -> IntArray:
    """How many levels each remaining budget has passed, shape ``(n,)``."""
    passed = np.zeros(len(remaining), dtype=np.int64)
    for level in policy.levels:
        passed += remaining < level.below if level.below > 0 else remaining <= 0
    return passed


def _reached_since(policy: Policy, rolling: Line, reached: int) -> tuple[int | None, bool]:
    known = ~np.isnan(rolling.values)
    times = rolling.times[known]
    if not len(times):
        return None, False
    elsewhere = np.flatnonzero(_levels_reached(policy, rolling.values[known]) != reached)
    if not len(elsewhere):
        return int(times[0]), True
    first = int(elsewhere[-1]) + 1
    return int(times[min(first, len(times) - 1)]), False
