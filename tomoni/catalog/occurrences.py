"""When exclusions are: expanded into half-open intervals, by the clocks of their zone.

Pure: no clock, no file. ``dateutil`` and ``holidays`` are imported only where a rule or a country
is written. Rules are RRULEs (RFC 5545) of whole days: the time of day comes from where they start.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tomoni.catalog.profile import Peak
from tomoni.catalog.schema import Exclusion, OneOff, OutsideHours, PublicHolidays, Recurring
from tomoni.slo.model import DAY
from tomoni.slo.tally import Span, merged

if TYPE_CHECKING:
    from dateutil.rrule import rrule

When = OneOff | Recurring | OutsideHours | PublicHolidays
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
RULE_KEYS = (
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"),
    *("BYDAY", "BYMONTHDAY", "BYMONTH", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"),
)
LONGEST_RULE = 200
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
_PART = re.compile(r"([A-Z]+)=([-+A-Z0-9,]+)")
_NUMBER = re.compile(r"[1-9]\d{0,3}")
_UNTIL = re.compile(r"20\d{6}(T\d{6}Z?)?")
_MARGIN_DAYS = 14  # so that a closed stretch over holidays is reported as a whole
_LAST_YEAR, _SAME_CALENDAR_YEARS = 9999, 400


def occurrences(exclusion: Exclusion, start: int, end: int) -> tuple[Span, ...]:
    """The intervals of an exclusion that touch ``[start, end)``, whole and in order of time."""
    return _expanded(exclusion.when, exclusion.timezone, start, end)


def peak_times(peak: Peak, timezone: str, start: int, end: int) -> tuple[Span, ...]:
    """The times of a peak that touch ``[start, end)``, in order of time."""
    if peak.repeats:
        return _expanded(Recurring(peak.repeats, peak.starting, peak.seconds), timezone, start, end)
    first = int(peak.starting.replace(tzinfo=ZoneInfo(timezone)).timestamp())
    return _expanded(OneOff(first, first + peak.seconds), timezone, start, end)


@lru_cache(maxsize=1024)  # all SLOs of an app ask for the same
def _expanded(when: When, timezone: str, start: int, end: int) -> tuple[Span, ...]:
    zone = ZoneInfo(timezone)
    found: Iterable[Span]
    if isinstance(when, OneOff):
        found = ((when.start, when.end),)
    elif isinstance(when, Recurring):
        found = _recurring(when, zone, end)
    else:
        found = merged(_closed(when, zone, start, end))
    return tuple(span for span in found if span[0] < end and start < span[1])


def rule_fault(rule: str) -> str | None:
    """The part of an RRULE that cannot be read, or is not of whole days; None when all is well."""
    parts = rule.split(";")
    keys = [part.partition("=")[0] for part in parts]
    if "FREQ" not in keys or len(rule) > LONGEST_RULE:
        return rule
    for part, key in zip(parts, keys, strict=True):
        if not _PART.fullmatch(part) or key not in RULE_KEYS or keys.count(key) > 1 or not _fits(key, part):
            return part
    try:
        _parsed(rule, datetime(EARLIEST_YEAR, 1, 1), ZoneInfo("UTC"))  # noqa: DTZ001 - local by design
    except (ValueError, KeyError, TypeError, OverflowError):
        return rule
    return None


def ever_happens(when: Recurring, zone: str) -> bool:
    """Whether a rule has any occurrence.

    A rule that has none would be looked for until the year 9999. The calendar repeats every 400
    years, so it is looked for in the last of them.
    """
    rule = _parsed(when.rule, when.starting, ZoneInfo(zone))
    ahead = (_LAST_YEAR - when.starting.year) // _SAME_CALENDAR_YEARS * _SAME_CALENDAR_YEARS
    shifted = rule.replace(dtstart=_plus_years(when.starting, ahead), until=None, count=None)
    first = next(iter(shifted), None)
    if first is None:
        return False
    until = re.search(r"UNTIL=(\w+)", _until_local(when.rule, ZoneInfo(zone)))
    return until is None or _plus_years(first, -ahead) <= datetime.fromisoformat(until[1])


def countries() -> frozenset[str]:
    """The countries (ISO 3166) whose public holidays are known."""
    import holidays  # noqa: PLC0415

    return frozenset(holidays.list_supported_countries(include_aliases=False))


def _fits(key: str, part: str) -> bool:
    value = part.partition("=")[2]
    if key == "FREQ":
        return value in FREQUENCIES
    if key in ("INTERVAL", "COUNT"):
        return _NUMBER.fullmatch(value) is not None
    return key != "UNTIL" or _UNTIL.fullmatch(value) is not None


def _parsed(rule: str, starting: datetime, zone: ZoneInfo) -> rrule:
    """The rule on local times. Raises ValueError."""
    from dateutil.rrule import rrulestr  # noqa: PLC0415

    return rrulestr(_until_local(rule, zone), dtstart=starting)  # type: ignore[return-value]  # never a set


def _until_local(rule: str, zone: ZoneInfo) -> str:
    """An end in UTC (as the RFC has it) on the clocks of the zone, and a day as all of it."""

    def local(match: re.Match[str]) -> str:
        written = match[1]
        if len(written) == len("20261231"):
            return f"UNTIL={written}T235959"
        moment = datetime.fromisoformat(written)
        return f"UNTIL={moment.astimezone(zone) if moment.tzinfo else moment:%Y%m%dT%H%M%S}"

    return re.sub(r"UNTIL=(\d{8}(?:T\d{6}Z?)?)", local, rule)


def _plus_years(moment: datetime, years: int) -> datetime:
    return moment.replace(year=moment.year + years)


def _recurring(when: Recurring, zone: ZoneInfo, end: int) -> Iterator[Span]:
    last_year = min(datetime.fromtimestamp(end, zone).year, LATEST_YEAR + 1)
    for local in _local_starts(when, zone, last_year):
        start = int(local.replace(tzinfo=zone).timestamp())
        yield start, start + when.seconds


@lru_cache(maxsize=256)
def _local_starts(when: Recurring, zone: ZoneInfo, last_year: int) -> tuple[datetime, ...]:
    """All local starts of a rule up to the end of a year."""
    rule = _parsed(when.rule, when.starting, zone)
    return tuple(rule.between(when.starting, datetime(last_year, 12, 31, 23, 59, 59), inc=True))  # noqa: DTZ001


def _closed(when: OutsideHours | PublicHolidays, zone: ZoneInfo, start: int, end: int) -> Iterator[Span]:
    """What is closed, local day by local day."""
    day = datetime.fromtimestamp(start, zone).date() - timedelta(days=_MARGIN_DAYS)
    last = datetime.fromtimestamp(end, zone).date() + timedelta(days=_MARGIN_DAYS)
    while day <= last:
        midnight, following = _moment(day, 0, zone), _moment(day + timedelta(days=1), 0, zone)
        free = when.country is not None and day in _public_holidays(when.country, day.year)
        if isinstance(when, PublicHolidays):
            if free:
                yield midnight, following
        elif free or day.weekday() not in when.weekdays:
            yield midnight, following
        else:
            yield midnight, _moment(day, when.opens, zone)
            yield _moment(day, when.closes, zone), following
        day += timedelta(days=1)


def _moment(day: date, minutes: int, zone: ZoneInfo) -> int:
    """A local minute of a day; one that the clocks skip is where they go on."""
    whole_days, minute = divmod(minutes, DAY // 60)
    local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    return int((local + timedelta(days=whole_days)).timestamp())


@lru_cache(maxsize=256)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415

    return frozenset(holidays.country_holidays(country, years=year))
