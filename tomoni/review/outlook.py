"""What lies around the status of some SLOs: how they were a week before, and where their budgets lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tomoni.catalog.schema import App, DefinitionVersion
from tomoni.review.agreements import excluded_of_app, next_review
from tomoni.review.inputs import ReviewInputs, last_counted, recalled_in_parts, slos_of, window_end
from tomoni.review.model import ExcludedSpan, Overview, SloStatus
from tomoni.review.status import buckets_of, reach_seconds
from tomoni.slo.lines import Forecast, forecast
from tomoni.slo.model import DAY, VERDICTS, WEEK

AHEAD_DAYS = 28  # how far ahead something is due


@dataclass(frozen=True, slots=True)
class Outlook:
    """The same SLOs 7 days before, and the forecast of each by its path (``app/journey/slo``); the paths of those that
    are new since, and of those that are gone."""

    before: Overview
    forecasts: Mapping[str, Forecast]
    new: frozenset[str] = frozenset()
    gone: tuple[str, ...] = ()


class DueKind(StrEnum):
    """What is due: the next review of an app, an exclusion that is planned or under way, a budget that runs out
    or is back above zero at its current pace."""

    REVIEW = "review"
    EXCLUSION = "exclusion"
    RUNS_OUT = "runs_out"
    RECOVERS = "recovers"


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due at a moment ``at`` (Unix seconds); of an app, or of one of its SLOs (``status``)."""

    kind: DueKind
    at: int
    app: App
    status: SloStatus | None = None
    span: ExcludedSpan | None = None


def forecasts(inputs: ReviewInputs, as_of: int, apps: Sequence[App]) -> dict[str, Forecast]:
    """The forecast of each SLO of some apps from a moment on (Unix seconds), by its path; from the ledger alone."""
    places = slos_of(apps)
    reach = max((reach_seconds(place.slo.definition) for place in places), default=DAY)
    found = {}
    for part, memory in recalled_in_parts(inputs, places, as_of - max(reach, WEEK), last_counted(places, as_of)):
        for place in part:
            _, end = window_end(inputs, place.slo, memory.series[place.slo.series.key].known_until, as_of)
            found[place.path] = forecast(buckets_of(memory, place, as_of).buckets, place.slo.definition, end)
    return found


def came_and_went(
    versions: Mapping[str, Sequence[DefinitionVersion]], current: Iterable[str], tried: Mapping[str, int], at: int
) -> tuple[frozenset[str], tuple[str, ...]]:
    """The paths of one app's SLOs that were added and taken away within the 7 days before a moment (Unix seconds).

    ``versions`` are those of all that the app has or had, ``current`` the paths that it has, ``tried`` when the series
    of the others were last requested. Nothing is new of an app that was not known before, and one that only got another
    path is neither.
    """
    since, paths = at - WEEK, set(current)
    began = {path: known[0].first_seen for path, known in versions.items()}
    left = {path: known[-1].series_key for path, known in versions.items() if path not in paths}
    if all(moment > since for moment in began.values()):
        return frozenset(), ()
    used = {versions[path][-1].series_key for path in paths & versions.keys()}
    new = (path for path in paths & versions.keys() if since < began[path] <= at)
    gone = (path for path, key in left.items() if key not in used and since < tried.get(key, since) <= at)
    return frozenset(path for path in new if versions[path][0].series_key not in left.values()), tuple(sorted(gone))


def due(statuses: Iterable[SloStatus], coming: Mapping[str, Forecast]) -> tuple[Due, ...]:
    """What is due of the apps of some SLOs within `AHEAD_DAYS` of the moment of each, in order of time."""
    statuses = list(statuses)
    apps = {status.app.id: (status.app, status.as_of) for status in statuses}
    found = [each for app, at in apps.values() for each in _of_app(app, at)]
    found += [each for status in statuses for each in _of_budget(status, coming.get(status.path))]
    return tuple(sorted(found, key=lambda each: each.at))


def _of_app(app: App, at: int) -> Iterator[Due]:
    until = at + AHEAD_DAYS * DAY
    following = next_review(app, at)
    if following is not None and following.timestamp() <= until:
        yield Due(DueKind.REVIEW, int(following.timestamp()), app)
    spans = sorted(excluded_of_app(app, at, until), key=lambda span: -span.start)
    # Of those that repeat, which may be every night, the next one.
    for span in {span.exclusion.id: span for span in spans}.values():
        yield Due(DueKind.EXCLUSION, span.start, app, span=span)


def _of_budget(status: SloStatus, coming: Forecast | None) -> Iterator[Due]:
    if coming is None or status.figures.state not in VERDICTS:
        return
    until = status.as_of + AHEAD_DAYS * DAY
    for kind, at in ((DueKind.RUNS_OUT, coming.exhausts_at), (DueKind.RECOVERS, coming.recovers_at)):
        if at is not None and at <= until:
            yield Due(kind, at, status.app, status)
