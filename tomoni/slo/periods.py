"""Where windows begin and end: rolling ones, and calendar periods in an IANA time zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from tomoni.slo.model import DAY, HOUR, CalendarUnit, CalendarWindow, IntArray, RollingWindow, Window

_MONTHS = {CalendarUnit.MONTH: 1, CalendarUnit.QUARTER: 3, CalendarUnit.YEAR: 12}
_LONGEST_DAYS = {
    CalendarUnit.DAY: 1,
    CalendarUnit.WEEK: 7,
    CalendarUnit.MONTH: 31,
    CalendarUnit.QUARTER: 92,
    CalendarUnit.YEAR: 366,
}
_SHORTEST_DAYS = _LONGEST_DAYS | {CalendarUnit.MONTH: 28, CalendarUnit.QUARTER: 90, CalendarUnit.YEAR: 365}


class Period(NamedTuple):
    """A half-open interval ``[start, end)``, Unix seconds."""

    start: int
    end: int

    @property
    def seconds(self) -> int:
        """Its length: a day of daylight saving has 23 or 25 hours."""
        return self.end - self.start


def longest_seconds(window: Window) -> int:
    """How long a window can become, in seconds of whole days."""
    return window.seconds if isinstance(window, RollingWindow) else _LONGEST_DAYS[window.unit] * DAY


def shortest_seconds(window: Window) -> int:
    """How short a window can become, in seconds of whole days."""
    return window.seconds if isinstance(window, RollingWindow) else _SHORTEST_DAYS[window.unit] * DAY


def whole_window(window: Window, at: int) -> Period:
    """The window as a whole at a moment: the seconds before it, or the calendar period around it.

    A moment on a boundary belongs to the period that ended: there it is complete, and the next holds nothing.
    """
    if isinstance(window, RollingWindow):
        return Period(at - window.seconds, at)
    return calendar_period(window, at - 1)


def counted_end(window: Window, at: int, unit: int) -> int:
    """Where the figures of a window end that are looked at ``at`` a moment: with its last whole bucket or slice.

    At the end of a calendar period it is that end, though it may lie within a bucket: what begins in the period
    belongs to it. Otherwise such a bucket would be in no period at all.
    """
    if at % unit and isinstance(window, CalendarWindow) and whole_window(window, at).end == at:
        return at
    return at // unit * unit


@lru_cache(maxsize=4096)
def calendar_period(window: CalendarWindow, at: int) -> Period:
    """The day, ISO week, month, quarter or year in which a moment lies, by the clocks of the zone.

    A period begins with its first local midnight, or where the clocks skip midnight with the first
    moment after it. One that begins on another day, or at another time of it, begins as much later; a time that the
    clocks show twice is the first of the two. Raises ZoneInfoNotFoundError for an unknown zone.
    """
    zone = ZoneInfo(window.zone)
    wall = datetime.fromtimestamp(at, zone).replace(tzinfo=None)
    first = _first_day(window, (wall - timedelta(days=window.first_day - 1, minutes=window.start_minutes)).date())
    following = _next_first_day(window, first)
    # Clocks that are set back across the boundary show the old period again for a while after the new one began,
    # and clocks that skip it show the new one before it begins.
    while _begins(following, window, zone) <= at:
        first, following = following, _next_first_day(window, following)
    while _begins(first, window, zone) > at:
        first, following = _first_day(window, first - timedelta(days=1)), first
    return Period(_begins(first, window, zone), _begins(following, window, zone))


def calendar_periods(window: CalendarWindow, start: int, end: int) -> Iterator[Period]:
    """The consecutive periods from the one around ``start`` to the one around ``end``."""
    period = calendar_period(window, start)
    yield period
    while period.end <= end:
        period = calendar_period(window, period.end)
        yield period


def window_starts(window: Window, ends: IntArray) -> IntArray:
    """Where the window that ends at each moment begins, as `whole_window` has it. Shapes: ``(n,)``."""
    if isinstance(window, RollingWindow):
        return ends - window.seconds
    if not len(ends):
        return ends
    periods = calendar_periods(window, int(ends.min()) - 1, int(ends.max()))
    starts = np.array([period.start for period in periods], dtype=np.int64)
    return starts[np.searchsorted(starts, ends, side="left") - 1]


def days_until(zone: str, end: int, count: int) -> list[Period]:
    """The last local days up to a moment, the oldest first; the newest one is under way unless it ends then."""
    window = CalendarWindow(CalendarUnit.DAY, zone)
    days = [calendar_period(window, end - 1)]
    while len(days) < count:
        days.append(calendar_period(window, days[-1].start - 1))
    return days[::-1]


def hours_of(day: Period) -> list[Period]:
    """The clock hours of a local day: 24, or 23 or 25 where the clocks change."""
    return [Period(start, min(start + HOUR, day.end)) for start in range(day.start, day.end, HOUR)]


def _begins(day: date, window: CalendarWindow, zone: ZoneInfo) -> int:
    """When the period begins whose first day would be ``day`` if periods began with midnight of their first day."""
    moved = timedelta(days=window.first_day - 1, minutes=window.start_minutes)
    return int((datetime(day.year, day.month, day.day, tzinfo=zone) + moved).timestamp())


def _first_day(window: CalendarWindow, day: date) -> date:
    if window.unit is CalendarUnit.DAY:
        return day
    if window.unit is CalendarUnit.WEEK:
        return day - timedelta(days=day.weekday())
    if window.unit is CalendarUnit.MONTH:
        return day.replace(day=1)
    months_into_period = (day.month - window.first_month) % _MONTHS[window.unit]
    return _plus_months(day.replace(day=1), -months_into_period)


def _next_first_day(window: CalendarWindow, first: date) -> date:
    if window.unit is CalendarUnit.DAY:
        return first + timedelta(days=1)
    if window.unit is CalendarUnit.WEEK:
        return first + timedelta(days=7)
    return _plus_months(first, _MONTHS[window.unit])


def _plus_months(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
