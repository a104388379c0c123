"""Checks the health of every source and each query against its source; returns what it finds as problems.

One source that fails is one problem, not one for each of its queries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from data_sources.base import Finding, Health, Interval, Request, Source, clock_difference
from data_sources.errors import ERRORS, NotFound, QueryRefused, SourceError, log_unexpected
from data_sources.splits import PARTS_IN_ROWS, SplitCounts, split_findings
from tomoni.catalog.codes import Code, severity_of
from tomoni.catalog.schema import Catalog, Problem, SeriesRef, Severity, Spot
from tomoni.slo.periods import longest_seconds

# A day back, so that a metric that rests at night is seen.
LOOK_BACK_SECONDS = 86_400
# Errors that are about the whole source rather than one of its queries.
_WHOLE_SOURCE = frozenset(ERRORS) - {QueryRefused.code, NotFound.code}


@dataclass(frozen=True, slots=True)
class _Written:
    """One query, wherever it is written: an SLO's or a signal's; whether it is the whole of something split."""

    series: SeriesRef
    spot: Spot
    window_seconds: int
    split: bool = False

    def concerns(self, finding: Finding) -> bool:
        """Whether a finding is one of this query: rows of the same time are the parts of what is split."""
        return not (self.split and finding.code == PARTS_IN_ROWS)


def inspect(
    catalog: Catalog,
    sources: Mapping[str, Source],
    now: int,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[Problem, ...]:
    """What the sources find about the queries of a catalog, at the lines of the queries.

    ``now`` is in Unix seconds; each query is checked over the day before, less its source's lag.
    Sources that are not given are not queried. ``on_progress`` gets the number of sources that have
    answered and of all sources.
    """
    queries = [
        (name, source, [one for one in _queries(catalog) if one.series.source == name])
        for name, source in sources.items()
    ]
    problems: list[Problem] = []
    if not queries:
        return ()
    with ThreadPoolExecutor(max_workers=len(queries), thread_name_prefix="inspect") as pool:
        answers = pool.map(lambda one: _isolated(catalog, one[1], one[2], now), queries)
        for done, found in enumerate(answers, start=1):
            problems.extend(found)
            if on_progress is not None:
                on_progress(done, len(queries))
    return tuple(sorted(problems, key=lambda problem: (problem.spot.file, problem.spot.line, problem.code)))


def _queries(catalog: Catalog) -> Iterator[_Written]:
    for app in catalog.apps:
        for journey in app.journeys:
            for slo in journey.slos:
                spot = catalog.spots[f"{app.id}/{journey.id}/{slo.id}/query"]
                yield _Written(slo.series, spot, longest_seconds(slo.definition.window), bool(slo.split.labels))
                if slo.split_series is not None:
                    yield _Written(slo.split_series, spot, 0)
        for signal in app.infra:
            yield _Written(signal.series, catalog.spots[f"{app.id}/infra/{signal.id}/query"], 0)


def _isolated(catalog: Catalog, source: Source, queries: Sequence[_Written], now: int) -> list[Problem]:
    try:
        return _of_source(catalog, source, queries, now)
    except Exception as error:  # one broken adapter must not keep the others from being checked
        log_unexpected(source.id, error)
        facts = _error_facts(source, SourceError.code, type(error).__name__, len(queries))
        return [_problem(_spot(catalog, source), Code.SOURCE_FAILED, facts)]


def _spot(catalog: Catalog, source: Source) -> Spot:
    return catalog.spots.get(f"source:{source.id}", Spot(source.id))


def _of_source(catalog: Catalog, source: Source, queries: Sequence[_Written], now: int) -> list[Problem]:
    spot = _spot(catalog, source)
    health = source.health()
    if not health.answered:
        error = health.error
        facts = _error_facts(
            source, error.code if error else SourceError.code, error.detail if error else "", len(queries)
        )
        return [_problem(spot, Code.SOURCE_FAILED, {**(error.facts if error else {}), **facts})]
    found = _findings(source, queries, now, catalog.sources[source.id].max_parallel)
    return [*_clock(spot, source), *_retention(spot, source, health, queries), *_together(spot, source, found)]


def clock_facts(source: Source) -> dict[str, str | int | float] | None:
    """By how much this machine's clock and that of a source's server disagree; None where they agree."""
    ahead = clock_difference(source)
    if ahead is None:
        return None
    direction = "ahead" if ahead > 0 else "behind"
    return {"source": source.id, "difference_seconds": round(abs(ahead)), "direction": direction}


def _clock(spot: Spot, source: Source) -> Iterator[Problem]:
    if (facts := clock_facts(source)) is not None:
        yield _problem(spot, Code.CLOCK_DIFFERS, facts)


def _findings(source: Source, queries: Sequence[_Written], now: int, at_once: int) -> list[tuple[_Written, Finding]]:
    """The findings of every query; one that is written several times is checked once."""
    series = {one.series.key: one.series for one in queries}
    with ThreadPoolExecutor(max_workers=at_once, thread_name_prefix=f"inspect-{source.kind}") as pool:
        answers = pool.map(lambda ref: _check(source, ref, now), series.values())
        found = dict(zip(series, answers, strict=True))
    return [(one, finding) for one in queries for finding in found[one.series.key] if one.concerns(finding)]


def _check(source: Source, ref: SeriesRef, now: int) -> tuple[Finding, ...]:
    step = ref.step_seconds
    end = (now - source.lag_seconds) // step * step
    request = Request(ref.key, ref.query, Interval(end - LOOK_BACK_SECONDS // step * step, end, step))
    try:
        return split_findings(source, request) if isinstance(ref.query, SplitCounts) else source.check(request)
    except SourceError as error:
        return (Finding("error", error.code, {**error.facts, "detail": error.detail}),)


def _together(spot: Spot, source: Source, found: Iterable[tuple[_Written, Finding]]) -> Iterator[Problem]:
    """The findings as problems; the same failure of several queries is one problem of the source."""
    found = list(found)
    failures = Counter(_cause(finding) for _, finding in found if finding.code in _WHOLE_SOURCE)
    reported: set[Hashable] = set()
    for one, finding in found:
        cause = _cause(finding)
        if failures[cause] < 2:
            yield Problem(one.spot, Severity(finding.severity), finding.code, dict(finding.facts))
        elif cause not in reported:
            reported.add(cause)
            facts = _error_facts(source, finding.code, str(finding.facts.get("detail", "")), failures[cause])
            yield _problem(spot, Code.SOURCE_FAILED, {**finding.facts, **facts})


def _cause(finding: Finding) -> Hashable:
    """What two findings have in common when they are one: of two files that cannot be read each is named."""
    return (finding.code, *sorted(finding.facts.items()))


def _retention(spot: Spot, source: Source, health: Health, queries: Sequence[_Written]) -> Iterator[Problem]:
    """A source that forgets before an SLO's window is over: what was never fetched is lost."""
    kept = health.retention_seconds
    beyond = [one.window_seconds for one in queries if kept is not None and one.window_seconds > kept]
    if kept is not None and beyond:
        facts = {"retention_seconds": kept, "window_seconds": max(beyond), "slos": len(beyond)}
        yield _problem(spot, Code.RETENTION_BELOW_WINDOW, {"source": source.id, **facts})


def _error_facts(source: Source, code: str, detail: str, queries: int) -> dict[str, str | int | float]:
    return {"source": source.id, "error": code, "detail": detail, "queries": queries}


def _problem(spot: Spot, code: Code, facts: Mapping[str, str | int | float]) -> Problem:
    return Problem(spot, severity_of(code), code, facts)
