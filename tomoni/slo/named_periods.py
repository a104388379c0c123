"""Periods by their names: ``2026-10``, ``2026-W48``, ``2026-Q4``, ``2026-11-27``, ``2026``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tomoni.slo.model import CalendarUnit, CalendarWindow
from tomoni.slo.periods import Period, calendar_period

_NAME = re.compile(
    r"(?P<year>\d{4})(?:-(?:(?P<month>\d\d)(?:-(?P<day>\d\d))?|W(?P<week>\d\d)|Q(?P<quarter>[1-4])))?", re.ASCII
)
_NOON = 12
_FIRST_YEAR = 1970  # Unix time begins; nothing is stored of before
_LAST_YEAR = 9999  # its last period would end in a year that dates do not have
# Names that depend on the moment: the length of the period, and how many of them ago it was.
RELATIVE: Mapping[str, tuple[CalendarUnit, int]] = {
    "today": (CalendarUnit.DAY, 0),
    "yesterday": (CalendarUnit.DAY, 1),
    "this-week": (CalendarUnit.WEEK, 0),
    "last-week": (CalendarUnit.WEEK, 1),
    "this-month": (CalendarUnit.MONTH, 0),
    "last-month": (CalendarUnit.MONTH, 1),
    "this-quarter": (CalendarUnit.QUARTER, 0),
    "last-quarter": (CalendarUnit.QUARTER, 1),
}


def named_period(name: str, zone: str, first_month: int = 1) -> Period:
    """The day, ISO week, month, quarter or year of a name, by the clocks of a zone.

    Quarters and years are those of the fiscal year that begins in the year of the name, with ``first_month``. Raises
    ValueError for a name of another form or a date that the calendar does not have.
    """
    found = _NAME.fullmatch(name.upper())
    if found is None:
        raise ValueError(f"{name!r} is not the name of a period")
    part = {key: int(value) for key, value in found.groupdict().items() if value is not None}
    if not _FIRST_YEAR <= part["year"] < _LAST_YEAR:
        raise ValueError(f"{name!r} is out of range")
    unit, day = _unit_and_day(part, first_month)
    # Noon lies within the day in every zone, whatever its clocks do at midnight.
    noon = datetime(day.year, day.month, day.day, _NOON, tzinfo=ZoneInfo(zone))
    return calendar_period(CalendarWindow(unit, zone, first_month), int(noon.timestamp()))


def _unit_and_day(part: dict[str, int], first_month: int) -> tuple[CalendarUnit, date]:
    """The length of the period, and a day in it. Raises ValueError."""
    year = part["year"]
    if "week" in part:
        return CalendarUnit.WEEK, date.fromisocalendar(year, part["week"], 1)
    if "quarter" in part:
        months = first_month - 1 + 3 * (part["quarter"] - 1)
        return CalendarUnit.QUARTER, date(year + months // 12, months % 12 + 1, 1)
    if "month" not in part:
        return CalendarUnit.YEAR, date(year, first_month, 1)
    unit = CalendarUnit.DAY if "day" in part else CalendarUnit.MONTH
    return unit, date(year, part["month"], part.get("day", 1))


def unit_of(name: str) -> CalendarUnit:
    """The length of the period of a name. Raises ValueError for a name of another form."""
    found = _NAME.fullmatch(name.upper())
    if found is None:
        raise ValueError(f"{name!r} is not the name of a period")
    if found["week"]:
        return CalendarUnit.WEEK
    if found["month"]:
        return CalendarUnit.DAY if found["day"] else CalendarUnit.MONTH
    return CalendarUnit.QUARTER if found["quarter"] else CalendarUnit.YEAR


def name_at(window: CalendarWindow, at: int) -> str:
    """The name of the day, week, month, quarter or year in which a moment (Unix seconds) lies."""
    period = calendar_period(window, at)
    day = datetime.fromtimestamp((period.start + period.end) // 2, ZoneInfo(window.zone)).date()
    if window.unit is CalendarUnit.DAY:
        return day.isoformat()
    if window.unit is CalendarUnit.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    if window.unit is CalendarUnit.MONTH:
        return f"{day.year}-{day.month:02}"
    months = day.year * 12 + day.month - window.first_month
    year, quarter = months // 12, months % 12 // 3 + 1
    return f"{year}-Q{quarter}" if window.unit is CalendarUnit.QUARTER else f"{year}"


def resolved(name: str, zone: str, first_month: int, now: int) -> str:
    """The lasting name of a period that is named by the moment, such as ``last-month``; any other name as it is."""
    if name not in RELATIVE:
        return name
    unit, ago = RELATIVE[name]
    window, at = CalendarWindow(unit, zone, first_month), now
    for _ in range(ago):
        at = calendar_period(window, at).start - 1
    return name_at(window, at)


def period_before(name: str, zone: str, first_month: int = 1) -> str:
    """The name of the period that ended when another one of its kind began. Raises ValueError."""
    window = CalendarWindow(unit_of(name), zone, first_month)
    return name_at(window, named_period(name, zone, first_month).start - 1)
