"""Calendar windows in words: the period, and where it begins if not with the calendar's own."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.slo.model import CalendarUnit, CalendarWindow
from tomoni.words.text import Text, mark

_PERIODS: Mapping[CalendarUnit, str] = {
    CalendarUnit.DAY: mark("calendar day"),
    CalendarUnit.WEEK: mark("calendar week"),
    CalendarUnit.MONTH: mark("calendar month"),
    CalendarUnit.QUARTER: mark("calendar quarter"),
    CalendarUnit.YEAR: mark("calendar year"),
}


def calendar_window(window: CalendarWindow, text: Text) -> str:
    """A window in a few words: "calendar month", "calendar month (from day 15, 06:00)"."""
    period = text._(_PERIODS[window.unit])
    facts = {"period": period, "day": window.first_day, "time": starts_at(window)}
    if window.first_day == 1:
        return text._("%(period)s (from %(time)s)") % facts if window.start_minutes else period
    if window.start_minutes:
        return text._("%(period)s (from day %(day)s, %(time)s)") % facts
    return text._("%(period)s (from day %(day)s)") % facts


def starts_at(window: CalendarWindow) -> str:
    """The time of the day at which a period begins, as app files have it."""
    return f"{window.start_minutes // 60:02}:{window.start_minutes % 60:02}"
