"""The series, and how much of each, that a status, a page or a review is built from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from data_sources.base import Interval
from tomoni.catalog.schema import App, SeriesRef
from tomoni.ledger import RequiredSeries
from tomoni.review.inputs import ReviewInputs, last_counted, signals_of, slos_of
from tomoni.review.model import Period
from tomoni.review.splits import reaches_of_splits
from tomoni.review.status import TREND_DAYS, reach_seconds
from tomoni.slo.co_movement import DAYS_BEFORE
from tomoni.slo.model import DAY


def required_for_status(inputs: ReviewInputs, apps: Sequence[App], until: int) -> list[RequiredSeries]:
    """The buckets that the status of some apps' SLOs as of ``until`` (Unix seconds) needs."""
    places = slos_of(apps)
    whole = ((place.slo.series, reach_seconds(place.slo.definition)) for place in places)
    reaches = chain(whole, reaches_of_splits(places))
    return _required_series(inputs, reaches, last_counted(places, until))


def required_for_days(inputs: ReviewInputs, apps: Sequence[App], until: int, days: int) -> list[RequiredSeries]:
    """``days`` of every SLO and every infra signal of some apps before ``until`` (Unix seconds)."""
    refs = [place.slo.series for place in slos_of(apps)] + [signal.series for _, signal in signals_of(apps)]
    return _required_series(inputs, ((ref, days * DAY) for ref in refs), until)


def required_for_pages(inputs: ReviewInputs, apps: Sequence[App], until: int) -> list[RequiredSeries]:
    """What the pages show as of ``until`` (Unix seconds): the history that the settings name, and of an
    SLO what its window needs on each of the days whose budget is drawn."""
    history = inputs.catalog.settings.history_days * DAY
    counted = (
        (place.slo.series, max(history, reach_seconds(place.slo.definition) + TREND_DAYS * DAY))
        for place in slos_of(apps)
    )
    measured = ((signal.series, history) for _, signal in signals_of(apps))
    return _required_series(inputs, chain(counted, measured, reaches_of_splits(slos_of(apps))), until)


def required_for_review(inputs: ReviewInputs, apps: Sequence[App], period: Period) -> list[RequiredSeries]:
    """What the review of a period shows: of an SLO what its window needs at the first moment, of a
    signal also the days before an episode, with which it is compared."""
    days = max(period.days, TREND_DAYS) * DAY
    counted = ((place.slo.series, days + reach_seconds(place.slo.definition)) for place in slos_of(apps))
    measured = ((signal.series, (period.days + DAYS_BEFORE + 1) * DAY) for _, signal in signals_of(apps))
    reaches = chain(counted, measured, reaches_of_splits(slos_of(apps)))
    return _required_series(inputs, reaches, last_counted(slos_of(apps), period.as_of))


def merged(required: Iterable[RequiredSeries]) -> list[RequiredSeries]:
    """Each series once, over the least interval that has all that is required of it."""
    found: dict[str, RequiredSeries] = {}
    for each in required:
        ref, one = each.ref, found.get(each.ref.key, each).interval
        start, end = min(one.start, each.interval.start), max(one.end, each.interval.end)
        found[ref.key] = RequiredSeries(ref, Interval(start, end, ref.step_seconds))
    return list(found.values())


def _required_series(
    inputs: ReviewInputs, reaches: Iterable[tuple[SeriesRef, int]], until: int
) -> list[RequiredSeries]:
    """Each series once, over the longest interval that is required of it."""
    longest: dict[str, tuple[SeriesRef, int]] = {}
    for ref, seconds in reaches:
        known = longest.get(ref.key)
        if known is None or known[1] < seconds:
            longest[ref.key] = (ref, seconds)
    required = []
    for ref, seconds in longest.values():
        end, step = inputs.trusted_end(ref, until), ref.step_seconds
        start = max((end - seconds) // step * step, 0)
        if start < end:
            required.append(RequiredSeries(ref, Interval(start, end, step)))
    return required
