"""What both teams agreed on, in time: exclusions, definitions and their versions, the next review."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tomoni.catalog.occurrences import occurrences
from tomoni.catalog.schema import App, DefinitionVersion, Exclusion, Journey, Slo
from tomoni.review.inputs import SloPlace
from tomoni.review.model import DefinitionChange, ExcludedSpan


def excluded_of_slo(place: SloPlace, start: int, end: int) -> tuple[ExcludedSpan, ...]:
    """What is taken out of one SLO in ``[start, end)`` (Unix seconds), in order of time."""
    app, journey, slo = place
    return _excluded_spans((each for each in app.exclusions if each.concerns(journey.id, slo.id)), start, end)


def excluded_of_app(app: App, start: int, end: int) -> tuple[ExcludedSpan, ...]:
    """What is taken out of any SLO of an app in ``[start, end)``, in order of time."""
    return _excluded_spans(app.exclusions, start, end)


def within(spans: Iterable[ExcludedSpan], start: int, end: int) -> tuple[ExcludedSpan, ...]:
    """The intervals that touch ``[start, end)``."""
    return tuple(span for span in spans if span.start < end and start < span.end)


def _excluded_spans(exclusions: Iterable[Exclusion], start: int, end: int) -> tuple[ExcludedSpan, ...]:
    found = [ExcludedSpan(each, *span) for each in exclusions for span in occurrences(each, start, end)]
    return tuple(sorted(found, key=lambda span: (span.start, span.end, span.exclusion.id)))


Versions = Mapping[str, tuple[DefinitionVersion, ...]]


def in_force(versions: Sequence[DefinitionVersion], at: int) -> DefinitionVersion | None:
    """The version in force at a moment: the last that was seen by then.

    Before the first was seen no figure was read: there the last of all applies, so that history
    that was fetched later is read as it is defined today.
    """
    seen = [version for version in versions if version.first_seen <= at]
    known = seen or list(versions)
    return known[-1] if known else None


def superseded(versions: Sequence[DefinitionVersion], at: int) -> DefinitionVersion | None:
    """The version in force at a moment if another has taken its place since; else None."""
    version = in_force(versions, at)
    return version if versions and version is not versions[-1] else None


def apps_as_of(
    apps: Iterable[App], versions: Versions, at: int, as_defined: Callable[[Slo, DefinitionVersion], Slo | None]
) -> tuple[App, ...]:
    """The apps with the definitions that were in force at a moment, where others took their place.

    ``as_defined`` gives an SLO the content of another version, or None where it cannot be read; then
    the SLO stays as it is.
    """

    if not any(superseded(known, at) for known in versions.values()):
        return tuple(apps)

    def then(app: App, journey: Journey, slo: Slo) -> Slo:
        old = superseded(versions.get(SloPlace(app, journey, slo).path, ()), at)
        return slo if old is None else as_defined(slo, old) or slo

    def journeys_of(app: App) -> tuple[Journey, ...]:
        return tuple(replace(j, slos=tuple(then(app, j, slo) for slo in j.slos)) for j in app.journeys)

    return tuple(replace(app, journeys=journeys_of(app)) for app in apps)


def changes(versions: Sequence[DefinitionVersion], start: int, end: int) -> tuple[DefinitionChange, ...]:
    """What changed in ``(start, end]``, in order of time."""
    return tuple(
        DefinitionChange(after.first_seen, tuple(_changed(before, after)), before, after)
        for before, after in pairwise(versions)
        if start < after.first_seen <= end
    )


def _changed(before: DefinitionVersion, after: DefinitionVersion) -> Iterator[str]:
    keys = sorted({*before.body, *after.body})
    yield from (key for key in keys if before.body.get(key) != after.body.get(key))


def next_review(app: App, at: int) -> datetime | None:
    """The app's next review at or after a moment (Unix seconds), on the clocks of its zone; None without a
    rhythm, or without a first day.
    """
    if app.review is None or app.review.starting is None:
        return None
    zone = ZoneInfo(app.timezone)
    first = app.review.starting.replace(tzinfo=None)
    now = datetime.fromtimestamp(at, UTC).astimezone(zone).replace(tzinfo=None)
    every = timedelta(days=app.review.every_days)
    past = max(0, -((first - now) // every))  # whole rhythms, rounded up
    return (first + past * every).replace(tzinfo=zone)
