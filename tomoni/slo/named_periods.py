"""Periods by their names: ``2026-10``, ``2026-W48``, ``2026-Q4``, ``2026-11-27``."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tomoni.slo.model import CalendarUnit, CalendarWindow
from tomoni.slo.periods import Period, calendar_period

_NAME = re.compile(r"(?P<year>\d{4})-(?:(?P<month>\d\d)(?:-(?P<day>\d\d))?|W(?P<week>\d\d)|Q(?P<quarter>[1-4]))")
_NOON = 12


def named_period(name: str, zone: str, first_month: int = 1) -> Period:
    """The day, ISO week, month or quarter of a name, by the clocks of a zone.

    Quarters are those of the fiscal year that begins in the year of the name, with ``first_month``. Raises
    ValueError for a name of another form or a date that the calendar does not have.
    """
    found = _NAME.fullmatch(name.upper())
    if found is None:
        raise ValueError(f"{name!r} is not the name of a period")
    part = {key: int(value) for key, value in found.groupdict().items() if value is not None}
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
    unit = CalendarUnit.DAY if "day" in part else CalendarUnit.MONTH
    return unit, date(year, part["month"], part.get("day", 1))
