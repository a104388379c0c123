"""The status of every SLO as of a moment: the overview, its journeys, and each status in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from data_sources.base import Notice
from data_sources.splits import PARTS_IN_ROWS
from tomoni.catalog.schema import App, Journey, SeriesRef, Slo
from tomoni.ledger import Remembered, SeriesState
from tomoni.review import native
from tomoni.review.agreements import changes, excluded_of_slo
from tomoni.review.inputs import (
    Memory,
    ReviewInputs,
    SloPlace,
    distinct,
    last_counted,
    recall,
    recalled_in_parts,
    slos_of,
    window_end,
)
from tomoni.review.model import DefinitionChange, ExcludedSpan, JourneyStanding, Overview, SloStatus
from tomoni.review.stored import stored_notices
from tomoni.slo.alerts import longest_look_back
from tomoni.slo.history import history, is_silent, judged_from
from tomoni.slo.hours import in_hours
from tomoni.slo.journeys import Composite, composite, journey_state
from tomoni.slo.lines import rolling_remaining
from tomoni.slo.model import (
    DAY,
    VERDICTS,
    Buckets,
    CalendarUnit,
    CalendarWindow,
    Definition,
    Figures,
    FloatArray,
    Line,
    NoData,
    State,
)
from tomoni.slo.periods import Period, days_until, hours_of
from tomoni.slo.plausibility import oddities, step_at
from tomoni.slo.status import evaluate
from tomoni.slo.tally import exclude, tally, unit_seconds

TREND_DAYS = 28
WEEK = 7 * DAY
# A calendar period at its longest (a day is 25 hours where summer time ends), and no less than a week.
_LONGEST_DAYS = {
    CalendarUnit.DAY: 7,
    CalendarUnit.WEEK: 8,
    CalendarUnit.MONTH: 32,
    CalendarUnit.QUARTER: 93,
    CalendarUnit.YEAR: 367,
}
NO_LINE = Line(np.zeros(0, dtype=np.int64), np.zeros(0))


@dataclass(frozen=True, slots=True, eq=False)
class SloBuckets:
    """The buckets of one SLO with what is excluded, from the first that is remembered to one window
    after the moment that is looked at."""

    place: SloPlace
    buckets: Buckets
    exclusions: tuple[ExcludedSpan, ...]

    @property
    def shown(self) -> Buckets:
        """The buckets as they are drawn and searched: of an hour each, where some hours are stored as one sum."""
        return in_hours(self.buckets)


def build_overview(inputs: ReviewInputs, as_of: int, apps: Sequence[App], with_trends: bool = True) -> Overview:
    """The SLOs of some apps as of a moment (Unix seconds), from the ledger alone.

    ``with_trends`` adds the change over 7 days and the daily lines, which read four more weeks.
    """
    return overview_of(as_of, statuses_of(inputs, slos_of(apps), as_of, with_trends))


def statuses_of(
    inputs: ReviewInputs, places: Sequence[SloPlace], as_of: int, with_trends: bool = True
) -> Iterator[SloStatus]:
    """Some SLOs as of a moment, one after the other."""
    reach = max((reach_seconds(place.slo.definition) for place in places), default=DAY)
    start = as_of - reach - (TREND_DAYS * DAY if with_trends else 0)
    for part, memory in recalled_in_parts(inputs, places, start, last_counted(places, as_of)):
        for place in part:
            yield build_status(inputs, memory, buckets_of(memory, place, as_of), as_of, with_trends)


def overview_of(as_of: int, statuses: Iterable[SloStatus]) -> Overview:
    """What some SLOs come to as of a moment."""
    found = tuple(statuses)
    return Overview(as_of, found, distinct(status.problem for status in found), journey_standings(found))


def buckets_of(memory: Memory, place: SloPlace, as_of: int) -> SloBuckets:
    """What is remembered of one SLO, without what does not count."""
    slo = place.slo
    buckets = memory.buckets(slo.series)
    if slo.native_defaults:
        buckets = native.nothing_known(buckets)
    spans = excluded_of_slo(place, buckets.start, as_of + window_seconds(slo.definition))
    return SloBuckets(place, exclude(buckets, [(span.start, span.end) for span in spans]) if spans else buckets, spans)


def history_of(inputs: ReviewInputs, place: SloPlace, as_of: int, days: int) -> Buckets:
    """All that is remembered of one SLO over some days before a moment, without what does not count."""
    memory = recall(inputs, [place.slo.series], as_of - days * DAY, last_counted([place], as_of))
    return buckets_of(memory, place, as_of).shown


def window_seconds(definition: Definition) -> int:
    """The length of a window, a calendar period at its longest."""
    window = definition.window
    return _LONGEST_DAYS[window.unit] * DAY if isinstance(window, CalendarWindow) else window.seconds


def reach_seconds(definition: Definition) -> int:
    """How far back a status looks: over its window, its burn windows and, for a calendar window, the
    traffic of a week. Slices reach back one more slice, for ``at`` is floored to one."""
    slices = definition.slices
    length = max(window_seconds(definition), longest_look_back(definition))
    return length + (slices.length_seconds if slices else 0)


def build_status(inputs: ReviewInputs, memory: Memory, counts: SloBuckets, as_of: int, with_trends: bool) -> SloStatus:
    """One SLO as of a moment, from what is remembered of its series; without ``queries``, which only a
    review shows."""
    app, journey, slo = counts.place
    ref, definition = slo.series, slo.definition
    remembered, buckets = memory.series[ref.key], counts.buckets
    known = remembered.known_until
    wanted, end = window_end(inputs, slo, known, as_of)
    figures = evaluate(buckets, definition, end)
    figures = native.unjudged(figures) if slo.native_defaults else figures
    state = memory.states.get(ref.key)
    daily, burn, change = trends(counts.place, buckets, figures) if with_trends else (NO_LINE, NO_LINE, None)
    return SloStatus(
        app=app,
        journey=journey,
        slo=slo,
        as_of=as_of,
        figures=figures,
        known_until=known,
        notices=notices_of_window(figures, slo, wanted if figures.end == end else figures.end, state)
        + stored_notices(memory, ref, buckets, figures, end)
        + _history_notices(buckets, definition, figures)
        + _defined_notices(inputs, counts, figures, as_of)
        + source_changes(memory, ref, figures)
        + _implausible(counts.shown, definition, figures)
        + native.unknown_definition(inputs, slo)
        + estimated_range(remembered, counts.buckets, definition, figures),
        queries=(),
        problem=inputs.problem(slo.source, state),
        change_7d=change,
        daily=daily,
        daily_burn=burn,
        native=native.compare(inputs, slo, buckets, as_of),
    )


def notices_of_window(figures: Figures, slo: Slo, wanted: int, state: SeriesState | None) -> tuple[Notice, ...]:
    """What a reader should know before trusting the figures of a window that should end at ``wanted``, as far as it
    follows from the figures and from what the source said."""
    definition, split = slo.definition, slo.split.labels
    # What a source found in buckets that the window has left behind is about other figures.
    found = [each for each in (state.notices if state else ()) if not (split and each.code == PARTS_IN_ROWS)]
    notices = [notice for notice in found if int(notice.facts.get("until", figures.end)) > figures.start]
    if figures.absent:
        notices.append(Notice("numerator_absent", {"buckets": figures.absent}))
    if figures.clamped:
        notices.append(Notice("good_above_total", {"buckets": figures.clamped}))
    if 0 < figures.coverage < 1:
        notices.append(Notice(_UNOBSERVED[_no_data(definition)], {"coverage": figures.coverage}))
    if figures.end < wanted:
        notices.append(Notice("not_up_to_date", {"until": figures.end, "wanted": wanted}))
    if figures.excluded_seconds:
        notices.append(Notice("time_excluded", {"excluded_seconds": figures.excluded_seconds}))
    return tuple({notice.subject: notice for notice in notices}.values())


_UNOBSERVED = {
    NoData.IGNORE: "partly_observed",
    NoData.GOOD: "unobserved_is_good",
    NoData.BAD: "unobserved_is_bad",
}


def _no_data(definition: Definition) -> NoData:
    """What unobserved time counts as; events that were not observed never count."""
    return definition.slices.no_data if definition.slices else NoData.IGNORE


def _history_notices(buckets: Buckets, definition: Definition, figures: Figures) -> tuple[Notice, ...]:
    """That the history is too short for a verdict, and that the source has had nothing for some time."""
    notices = []
    if figures.state is State.COLLECTING:
        begins = judged_from(buckets, definition)
        notices.append(Notice("collecting", {"since": figures.observed_since or figures.start, "until": begins or 0}))
    observed = history(buckets, figures.end).within(figures.start)
    if observed.until is not None and is_silent(observed, definition, figures.end):
        notices.append(Notice("silent", {"since": observed.until}))
    return tuple(notices)


def _defined_notices(inputs: ReviewInputs, counts: SloBuckets, figures: Figures, as_of: int) -> tuple[Notice, ...]:
    """That the definition is the last good one of a file that is broken, and that it changed within the
    window: the figures are those of the one in force."""
    broken = inputs.catalog.held.get(counts.place.path)
    held = (Notice("definition_held", {"file": broken.file, "line": max(broken.line, 1)}),) if broken else ()
    found = changes(inputs.versions.get(counts.place.path, ()), figures.start, as_of)
    if not found:
        return held
    last = found[-1]
    changed = Notice("definition_changed", {"at": last.at, "changed": ", ".join(last.changed)})
    return (*held, changed, *_traffic_step(inputs, counts, last))


@dataclass(frozen=True, slots=True)
class _FormerSeries:
    """The series of a version that is no longer in force."""

    key: str
    step_seconds: int


def _traffic_step(inputs: ReviewInputs, counts: SloBuckets, change: DefinitionChange) -> tuple[Notice, ...]:
    """That the definition in force counts otherwise than the one before at the same times."""
    before = _FormerSeries(change.before.series_key, change.before.step_seconds)
    now = counts.place.slo.series
    if before.key == now.key or change.after.series_key != now.key:
        return ()
    former = inputs.ledger.read([before], change.at - WEEK, change.at + WEEK)[before.key].buckets()
    found = step_at(in_hours(former), counts.shown, change.at)
    return (Notice(found.code, found.facts),) if found else ()


def _implausible(buckets: Buckets, definition: Definition, figures: Figures) -> tuple[Notice, ...]:
    """What cannot be right in the data of the window."""
    of_events = None if definition.slices else definition.objective
    found = oddities(buckets, of_events, figures.start, figures.end)
    return tuple(Notice(oddity.code, oddity.facts) for oddity in found)


def source_changes(memory: Memory, ref: SeriesRef, figures: Figures) -> tuple[Notice, ...]:
    """That the source said otherwise of buckets of the window that were settled; the figures have the later data."""
    found = [c for c in memory.changes if c.series == ref.key and c.start < figures.end and c.until > figures.start]
    if not found:
        return ()
    first, last = found[0], found[-1]
    facts: dict[str, int] = {
        "start": min(change.start for change in found),
        "end": max(change.until for change in found),
        "since": first.changed_at,
        "at": last.changed_at,
        "events_before": round(sum(change.before.get("total", 0.0) for change in found)),
        "events_after": round(sum(change.after.get("total", 0.0) for change in found)),
    }
    return (Notice("source_changed", facts),)


def trends(place: SloPlace, buckets: Buckets, figures: Figures) -> tuple[Line, Line, float | None]:
    """The remaining budget and the worst hourly burn rate of each of the last local days, and the week's change."""
    definition = place.slo.definition
    days = days_until(place.app.timezone, figures.end, TREND_DAYS)
    ends = np.array([min(day.end, figures.end) for day in days], dtype=np.int64)
    remaining = rolling_remaining(buckets, definition, np.append(ends, figures.end - WEEK))
    before = float(remaining.values[-1])
    judged = figures.state in VERDICTS and figures.remaining is not None and not np.isnan(before)
    change = figures.remaining - before if judged and figures.remaining is not None else None
    return Line(ends, remaining.values[:-1]), Line(ends, _worst_burns(buckets, definition, days, figures.end)), change


def _worst_burns(buckets: Buckets, definition: Definition, days: Sequence[Period], end: int) -> FloatArray:
    """The worst burn rate of any clock hour of each local day that has ended; NaN where nothing was counted.

    An hour has the buckets (or slices) that begin in it, and has ended when they have. ``days`` follow each other.
    """
    allowed, unit = float(definition.objective.allowance), unit_seconds(buckets, definition)
    hours = [hours_of(day) for day in days]
    starts, ends = np.array([hour for each in hours for hour in each], dtype=np.int64).T
    ended = -(-ends // unit) * unit <= end
    if not allowed or not ended.any():
        return np.full(len(days), np.nan)
    sums = tally(buckets, definition, days[0].start, int(ends[ended].max())).between(starts, ends)
    counted = ended & (sums.total > 0)
    shares = np.divide(sums.bad, sums.total, out=np.full(len(starts), -1.0), where=counted)
    worst = np.maximum.reduceat(shares, np.cumsum([0, *map(len, hours[:-1])]))
    return np.where(worst < 0, np.nan, worst / allowed)


def journey_standings(statuses: Iterable[SloStatus]) -> tuple[JourneyStanding, ...]:
    """The journeys of some statuses, in their order."""
    found: dict[tuple[str, str], list[SloStatus]] = {}
    for status in statuses:
        found.setdefault((status.app.id, status.journey.id), []).append(status)
    return tuple(_journey_standing(members[0].app, members[0].journey, members) for members in found.values())


def _journey_standing(app: App, journey: Journey, members: list[SloStatus]) -> JourneyStanding:
    figures = [member.figures for member in members]
    at_risk_below = members[0].slo.definition.at_risk_below
    return JourneyStanding(app, journey, journey_state(figures), _composite_of(journey, figures, at_risk_below))


def _composite_of(journey: Journey, figures: list[Figures], at_risk_below: float) -> Composite | None:
    if journey.composite is None:
        return None
    try:
        return composite(figures, journey.composite, at_risk_below)
    except ValueError:  # events and slices of time have no sum; `check` reports it
        return None


_BOUNDS = ("good_low", "good_high")


def estimated_range(
    remembered: Remembered, buckets: Buckets, definition: Definition, figures: Figures
) -> tuple[Notice, ...]:
    """The least and the greatest SLI of a window that the remembered bounds allow; nothing where all
    of its good events are counted exactly."""
    if figures.sli is None or not any(name in remembered.columns for name in _BOUNDS):
        return ()
    low, high = (_sli_with(remembered.column(name), buckets, definition, figures.end) for name in _BOUNDS)
    if low is None or high is None or not low < high:
        return ()
    return (Notice("estimated", {"low": low, "high": high, "sli": figures.sli}),)


def _sli_with(bound: FloatArray, buckets: Buckets, definition: Definition, end: int) -> float | None:
    good = np.where(np.isnan(bound), buckets.good, bound)
    return evaluate(replace(buckets, good=good), definition, end).sli
