"""Calendar periods by their names: as far as they have come, and whether all of their data has arrived."""

from __future__ import annotations

from collections.abc import Iterable

from tomoni.review.inputs import counted_seconds
from tomoni.review.model import NamedPeriod, Period, PeriodStage, PeriodStanding, SloStatus
from tomoni.slo.date_ranges import date_range
from tomoni.slo.model import DAY
from tomoni.slo.named_periods import named_period
from tomoni.slo.periods import counted_end


class NotBegunError(ValueError):
    """A period of which nothing has happened yet."""


def begun(name: str, zone: str, first_month: int, now: int) -> bool:
    """Whether a period has begun in a zone at a moment (Unix seconds). Raises ValueError for what is no name."""
    return named_period(name, zone, first_month).start < now


def period_of(name: str, zone: str, first_month: int, now: int) -> Period:
    """The period of a name in a zone, as far as it has come at a moment (Unix seconds).

    Raises NotBegunError for one in the future, ValueError for what is no name of a period.
    """
    whole = named_period(name, zone, first_month)
    if whole.start >= now:
        raise NotBegunError(name)
    end = min(whole.end, now)
    named = NamedPeriod(name.upper(), whole.start, whole.end)
    return Period(end, max(1, -(-(end - whole.start) // DAY)), whole.start, named)


def period_of_dates(written: str, zone: str, now: int) -> Period:
    """A range of dates in a zone, as far as it has come at a moment (Unix seconds).

    Raises NotBegunError for one in the future, ValueError for what is no range of dates.
    """
    whole = date_range(written, zone)
    if whole.start >= now:
        raise NotBegunError(written)
    end = min(whole.end, now)
    return Period(end, max(1, -(-(end - whole.start) // DAY)), whole.start)


def standing(named: NamedPeriod, as_of: int, statuses: Iterable[SloStatus]) -> PeriodStanding:
    """How far a period has come in what some SLOs show of it; those without any data are left out."""
    if as_of < named.end:
        return PeriodStanding(PeriodStage.UNDER_WAY, as_of)
    ends = [(status.figures.end, _last_end(status, named)) for status in statuses if status.known_until is not None]
    late = [end for end, last in ends if end < last]
    return (
        PeriodStanding(PeriodStage.AWAITING_DATA, min(late))
        if late
        else PeriodStanding(PeriodStage.COMPLETE, named.end)
    )


def _last_end(status: SloStatus, named: NamedPeriod) -> int:
    """The end of the last whole bucket or slice of a period."""
    return counted_end(status.slo.definition.window, named.end, counted_seconds(status.slo))
