"""What a review is built from, and what the ledger remembers of the series that are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from data_sources.base import Interval, QueryText, Source
from data_sources.errors import Unusable
from tomoni.catalog.schema import App, Catalog, DefinitionVersion, Journey, NativeName, SeriesRef, Signal, Slo
from tomoni.ledger import Change, FetchedFigures, Horizon, Ledger, NativeRecord, Remembered, SeriesState
from tomoni.review.model import SourceProblem
from tomoni.slo.model import DAY, Buckets
from tomoni.slo.periods import counted_end

_SLOS_AT_ONCE = 50  # whose buckets are in memory together: of two months at 5 minutes some 35 MB


@dataclass(frozen=True, slots=True)
class ReviewInputs:
    """The catalog, the ledger, the sources (for their lag and the texts of their queries; nothing is
    fetched here), and the moment ``now`` in Unix seconds.

    ``versions`` has what SLOs were defined as, oldest first, by ``app/journey/slo``; ``native`` what is
    known of SLOs that sources keep, ``native_figures`` the sources' own figures of them.
    """

    catalog: Catalog
    ledger: Ledger
    sources: Mapping[str, Source]
    now: int
    versions: Mapping[str, tuple[DefinitionVersion, ...]] = field(default_factory=dict)
    native: Mapping[NativeName, NativeRecord] = field(default_factory=dict)
    native_figures: Mapping[NativeName, FetchedFigures] = field(default_factory=dict)

    def lag(self, source: str) -> int:
        """How many of a source's newest seconds are not trusted yet; none of a source that has errors."""
        found = self.sources.get(source)
        return found.lag_seconds if found else 0

    def trusted_end(self, ref: SeriesRef, as_of: int) -> int:
        """The end of the newest whole bucket at a moment that the source's lag has passed."""
        end = min(as_of, self.now - self.lag(ref.source))
        return end - end % ref.step_seconds

    def queries(self, ref: SeriesRef, start: int, end: int) -> tuple[QueryText, ...]:
        """The texts that are sent for a series over an interval of whole buckets."""
        step = ref.step_seconds
        whole = Interval(start - start % step, -(-end // step) * step, step)
        source = self.sources.get(ref.source)
        return source.explain(ref.query, whole) if source else ()

    def problem(self, source: str, state: SeriesState | None) -> SourceProblem | None:
        """Why a series is not as new as it should be, or None while its source answers."""
        if source not in self.sources:
            since = (state.failing_since or state.tried) if state else self.now
            return SourceProblem(source, Unusable.code, "", {}, since, self.now, state.answered if state else None)
        return problem_of(source, state)


class SloPlace(NamedTuple):
    """An SLO with the journey and the app that own it."""

    app: App
    journey: Journey
    slo: Slo

    @property
    def path(self) -> str:
        """The name of the SLO among all apps: ``app/journey/slo``."""
        return f"{self.app.id}/{self.journey.id}/{self.slo.id}"


def slos_of(apps: Iterable[App]) -> list[SloPlace]:
    """Every SLO of some apps with its journey and app, in the order in which they are written."""
    return [SloPlace(app, journey, slo) for app in apps for journey in app.journeys for slo in journey.slos]


def signals_of(apps: Iterable[App]) -> list[tuple[App, Signal]]:
    """Every infra signal of some apps with its app, in the order in which they are written."""
    return [(app, signal) for app in apps for signal in app.infra]


def problem_of(source: str, state: SeriesState | None) -> SourceProblem | None:
    """Why a series is not as new as it should be, or None while its source answers."""
    if state is None or state.error_code is None:
        return None
    return SourceProblem(
        source=source,
        code=state.error_code,
        detail=state.detail,
        facts=state.facts,
        since=state.failing_since or state.tried,
        tried=state.tried,
        answered=state.answered,
    )


def distinct(problems: Iterable[SourceProblem | None]) -> tuple[SourceProblem, ...]:
    """The problems without repetition: one for each source and cause with its facts (of two files that cannot
    be read each is named), with the earliest start."""
    found: dict[tuple[object, ...], SourceProblem] = {}
    for problem in problems:
        if problem is None:
            continue
        name = (problem.source, problem.code, problem.detail, *sorted(problem.facts.items()))
        if name not in found or problem.since < found[name].since:
            found[name] = problem
    return tuple(found.values())


def counted_seconds(slo: Slo) -> int:
    """The length of what the budget of an SLO counts over: a slice, or a bucket."""
    slices = slo.definition.slices
    return slices.length_seconds if slices else slo.series.step_seconds


def last_counted(places: Iterable[SloPlace], as_of: int) -> int:
    """Up to where figures as of a moment count: where a calendar period ends within a bucket or slice, to its end."""
    ends = [as_of]
    for place in places:
        unit = counted_seconds(place.slo)
        if (end := counted_end(place.slo.definition.window, as_of, unit)) % unit:
            ends.append(-(-end // unit) * unit)
    return max(ends)


def window_end(inputs: ReviewInputs, slo: Slo, known: int | None, as_of: int) -> tuple[int, int]:
    """Where the window of an SLO should end at a moment, and where it does with what is ``known`` until then: the end
    of the newest bucket that its source has answered for."""
    unit = counted_seconds(slo)
    wanted, end = inputs.trusted_end(slo.series, as_of), counted_end(slo.definition.window, as_of, unit)
    if end % unit:
        last = -(-end // unit) * unit
        if inputs.trusted_end(slo.series, last) == last and (known is None or known >= last):
            return end, end
        wanted -= wanted % unit
    return wanted, wanted if known is None else min(wanted, known)


def known_end(remembered: Remembered, wanted: int) -> int:
    """Where an interval that should end at ``wanted`` truly ends: no later than what is known."""
    known = remembered.known_until
    return wanted if known is None else min(wanted, known)


@dataclass(frozen=True, slots=True)
class Memory:
    """What the ledger remembers of some series, and how asking for each went."""

    series: Mapping[str, Remembered]
    states: Mapping[str, SeriesState]
    observed_before: frozenset[str] = frozenset()  # the series whose history began before what was read
    changes: tuple[Change, ...] = ()  # what sources said otherwise of settled buckets in what was read
    horizons: Mapping[str, Horizon] = field(default_factory=dict)  # how far back the ledger has series, and how

    def buckets(self, ref: SeriesRef) -> Buckets:
        """The buckets of a series of counts."""
        return replace(self.series[ref.key].buckets(), observed_before=ref.key in self.observed_before)


def recall(inputs: ReviewInputs, refs: Sequence[SeriesRef], start: int, end: int) -> Memory:
    """What the ledger remembers of some series over an interval, read at once."""
    return Memory(inputs.ledger.read(refs, start, end), inputs.ledger.states([ref.key for ref in refs]))


def recall_windows(inputs: ReviewInputs, refs: Sequence[SeriesRef], start: int, end: int) -> Memory:
    """As `recall`, and of a series whose newest buckets are missing as much further back: its windows
    end with the newest that is known, and are as long as any other's.

    A day more is read of all: it spares the second reading while sources are late by less.
    """
    memory = recall(inputs, refs, start - DAY, end)
    behind = {ref.key: end - _newest(memory, ref, end) for ref in refs}
    late = [ref for ref in refs if behind[ref.key] > DAY]
    again = inputs.ledger.read(late, start - DAY - max(behind.values()), end) if late else {}
    series = {**memory.series, **again}
    changed = inputs.ledger.changes(series, start - DAY - max(behind.values(), default=0), end)
    horizons = inputs.ledger.horizons(series)
    return Memory(series, memory.states, _observed_before(inputs, series), tuple(changed), horizons)


def recalled_in_parts(
    inputs: ReviewInputs, places: Sequence[SloPlace], start: int, end: int
) -> Iterator[tuple[Sequence[SloPlace], Memory]]:
    """Some SLOs after the others, with what is remembered of them as `recall_windows` has it: the buckets of all of
    them together would take memory without bounds."""
    for first in range(0, len(places), _SLOS_AT_ONCE):
        part = places[first : first + _SLOS_AT_ONCE]
        refs = {place.slo.series.key: place.slo.series for place in part}
        yield part, recall_windows(inputs, list(refs.values()), start, end)


def _observed_before(inputs: ReviewInputs, series: Mapping[str, Remembered]) -> frozenset[str]:
    """The series whose history began before what was read; only those are looked up whose first bucket
    that was read does not show it."""
    by_start: dict[int, list[str]] = {}
    for key, remembered in series.items():
        totals = remembered.column("total")
        if not len(totals) or np.isnan(totals[0]):
            by_start.setdefault(remembered.interval.start, []).append(key)
    found = {key for start, keys in by_start.items() for key in inputs.ledger.observed_before(keys, start)}
    return frozenset(found)


def _newest(memory: Memory, ref: SeriesRef, end: int) -> int:
    """Where what is known of a series ends: where nothing is known in the interval, no later than its
    last answer."""
    state = memory.states.get(ref.key)
    answered = state.answered if state and state.answered is not None else end
    known = memory.series[ref.key].known_until
    return min(answered if known is None else known, end)
