"""What exclusions take out of an app's time."""

from __future__ import annotations

from collections.abc import Iterable

from tomoni.catalog.occurrences import occurrences
from tomoni.catalog.schema import App, Exclusion, Journey, Slo
from tomoni.review.model import ExcludedSpan


def of_slo(place: tuple[App, Journey, Slo], start: int, end: int) -> tuple[ExcludedSpan, ...]:
    """What is taken out of one SLO in ``[start, end)`` (Unix seconds), in order of time."""
    app, journey, slo = place
    return _spans((each for each in app.exclusions if each.concerns(journey.id, slo.id)), start, end)


def of_app(app: App, start: int, end: int) -> tuple[ExcludedSpan, ...]:
    """What is taken out of any SLO of an app in ``[start, end)``, in order of time."""
    return _spans(app.exclusions, start, end)


def within(spans: Iterable[ExcludedSpan], start: int, end: int) -> tuple[ExcludedSpan, ...]:
    """The intervals that touch ``[start, end)``."""
    return tuple(span for span in spans if span.start < end and start < span.end)


def _spans(exclusions: Iterable[Exclusion], start: int, end: int) -> tuple[ExcludedSpan, ...]:
    found = [ExcludedSpan(each, *span) for each in exclusions for span in occurrences(each, start, end)]
    return tuple(sorted(found, key=lambda span: (span.start, span.end, span.exclusion.id)))
