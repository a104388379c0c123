"""Ranges of dates that a reader chooses, such as 2026-11-03--2026-11-09, by the clocks of a zone."""

from __future__ import annotations

from datetime import date

from tomoni.slo.named_periods import named_period
from tomoni.slo.periods import Period

BETWEEN = "--"  # ISO 8601 writes a slash, which an address has to escape


def dates_of(written: str) -> tuple[date, date]:
    """The first and the last day of a range. Raises ValueError for what is none."""
    first, last = (date.fromisoformat(part) for part in written.split(BETWEEN, 1))
    if last < first:
        raise ValueError(f"{written!r} is not a range of dates")
    return first, last


def written_range(first: date, last: date) -> str:
    """A range in the form of an address: both days belong to it."""
    return f"{first.isoformat()}{BETWEEN}{last.isoformat()}"


def date_range(written: str, zone: str) -> Period:
    """From the beginning of the first day to the end of the last one. Raises ValueError for what is no range."""
    first, last = dates_of(written)
    return Period(named_period(first.isoformat(), zone).start, named_period(last.isoformat(), zone).end)
