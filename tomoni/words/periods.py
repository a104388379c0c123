"""Named periods in words: what each is called, and how far it has come."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tomoni.review.model import NamedPeriod, PeriodStage, PeriodStanding, Review
from tomoni.slo.date_ranges import date_range
from tomoni.slo.model import CalendarUnit
from tomoni.slo.named_periods import unit_of
from tomoni.words import years
from tomoni.words.text import Text


def title(named: NamedPeriod, text: Text) -> str:
    """What a period is called: "October 2026", "Week 48 of 2026", "Q4 2026", "27 Nov 2026", "Year 2026"."""
    unit, (year, _, part) = unit_of(named.name), named.name.partition("-")
    if unit is CalendarUnit.WEEK:
        return text._("Week %(week)s of %(year)s") % {"week": int(part[1:]), "year": year}
    if unit is CalendarUnit.QUARTER:
        facts = {"quarter": part[1:], "year": year}
        if _is_fiscal(named, int(part[1:]), text.zone):
            return text._("Q%(quarter)s of fiscal year %(year)s") % facts
        return text._("Q%(quarter)s %(year)s") % facts
    if unit is CalendarUnit.YEAR:
        return years.title(f"FY{year}" if _is_fiscal(named, 1, text.zone) else year, text)
    noon = (named.start + named.end) // 2
    return text.day(noon) if unit is CalendarUnit.DAY else text.month(noon)


def whole(named: NamedPeriod, text: Text) -> str:
    """A period with its name, its boundaries and its zone."""
    return text._("%(name)s (%(span)s)") % {"name": title(named, text), "span": text.span(named.start, named.end)}


def of_review(review: Review, text: Text) -> str:
    """The period of a review: its name, if it has one, and from when to when the review is."""
    span = text.span(review.start, review.end)
    return text._("%(name)s (%(span)s)") % {"name": title(review.period, text), "span": span} if review.period else span


def of_dates(written: str, text: Text) -> str:
    """A range of dates in words: "3 Nov 2026 – 9 Nov 2026"; a single day as such."""
    whole = date_range(written, text.zone)
    first, last = text.day(whole.start), text.day(whole.end - 1)
    return first if first == last else text._("%(first)s – %(last)s") % {"first": first, "last": last}


def of_listed(named: NamedPeriod | None, as_of: int, text: Text) -> str:
    """What a snapshot is called in a list: its period, with the day when that was not over, else its day."""
    if named is None:
        return text.day(as_of)
    facts = {"name": title(named, text), "day": text.day(as_of, year=False)}
    return facts["name"] if as_of >= named.end else text._("%(name)s, until %(day)s") % facts


def of_snapshot(named: NamedPeriod | None, start: int, as_of: int, text: Text) -> str:
    """The period of a snapshot in a few words: its name, with the day when it was not over, else its first and
    last day."""
    return text.days(start, as_of) if named is None else of_listed(named, as_of, text)


def progress(named: NamedPeriod, standing: PeriodStanding, text: Text) -> str:
    """How far a period has come, in a sentence; nothing of a complete one."""
    facts = {"name": title(named, text), "until": text.near_moment(standing.until)}
    if standing.stage is PeriodStage.UNDER_WAY:
        return text._("%(name)s is not over yet; this is the period so far.") % facts
    if standing.stage is PeriodStage.AWAITING_DATA:
        phrase = text._("%(name)s is not complete yet: its last data has not arrived; figures go up to %(until)s.")
        return phrase % facts
    return ""


def _is_fiscal(named: NamedPeriod, quarter: int, zone: str) -> bool:
    """Whether a quarter is not the one of the calendar year with that number; a year begins with its first."""
    # A day later is within the first month in whatever zone the words are.
    first = datetime.fromtimestamp(named.start + 86_400, UTC).astimezone(ZoneInfo(zone))
    return first.month != 3 * quarter - 2
