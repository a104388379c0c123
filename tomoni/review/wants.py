"""What has to be remembered so that a status or a review can be built."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from data_sources.base import Interval
from tomoni.catalog.schema import App, SeriesRef
from tomoni.ledger import Want
from tomoni.review.desk import DAY, Desk, signals_of, slos_of
from tomoni.review.period import Period
from tomoni.review.standing import TREND_DAYS, reach_seconds
from tomoni.slo.co_movement import DAYS_BEFORE


def wants_for_status(desk: Desk, apps: Sequence[App], until: int) -> list[Want]:
    """The buckets that the status of some apps' SLOs as of ``until`` (Unix seconds) needs."""
    reaches = ((slo.series, reach_seconds(slo.definition)) for _, _, slo in slos_of(apps))
    return _wants(desk, reaches, until)


def wants_of_days(desk: Desk, apps: Sequence[App], until: int, days: int) -> list[Want]:
    """``days`` of every SLO and every infra signal of some apps before ``until`` (Unix seconds)."""
    refs = [slo.series for _, _, slo in slos_of(apps)] + [signal.series for _, signal in signals_of(apps)]
    return _wants(desk, ((ref, days * DAY) for ref in refs), until)


def wants_for_pages(desk: Desk, apps: Sequence[App], until: int) -> list[Want]:
    """What the pages show as of ``until`` (Unix seconds): the history that the settings name, and of an
    SLO what its window needs on each of the days whose budget is drawn."""
    history = desk.catalog.settings.history_days * DAY
    counted = (
        (slo.series, max(history, reach_seconds(slo.definition) + TREND_DAYS * DAY)) for _, _, slo in slos_of(apps)
    )
    measured = ((signal.series, history) for _, signal in signals_of(apps))
    return _wants(desk, chain(counted, measured), until)


def wants_for_review(desk: Desk, apps: Sequence[App], period: Period) -> list[Want]:
    """What the review of a period shows: of an SLO what its window needs at the first moment, of a
    signal also the days before an episode, with which it is compared."""
    days = max(period.days, TREND_DAYS) * DAY
    counted = ((slo.series, days + reach_seconds(slo.definition)) for _, _, slo in slos_of(apps))
    measured = ((signal.series, (period.days + DAYS_BEFORE + 1) * DAY) for _, signal in signals_of(apps))
    return _wants(desk, chain(counted, measured), period.as_of)


def _wants(desk: Desk, reaches: Iterable[tuple[SeriesRef, int]], until: int) -> list[Want]:
    """One want a series, as long as the longest that is asked of it."""
    longest: dict[str, tuple[SeriesRef, int]] = {}
    for ref, seconds in reaches:
        known = longest.get(ref.key)
        if known is None or known[1] < seconds:
            longest[ref.key] = (ref, seconds)
    wants = []
    for ref, seconds in longest.values():
        end, step = desk.trusted_end(ref, until), ref.step_seconds
        start = max((end - seconds) // step * step, 0)
        if start < end:
            wants.append(Want(ref, Interval(start, end, step)))
    return wants
