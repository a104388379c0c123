from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.slo.making import calendars
from tomoni.slo.model import CalendarUnit, CalendarWindow, RollingWindow
from tomoni.slo.periods import calendar_period, calendar_periods, whole_window, window_starts

HOUR = 3600


def moment(text: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def shown(unit: CalendarUnit, at: str, zone: str = "UTC", first_month: int = 1) -> tuple[str, str]:
    period = calendar_period(CalendarWindow(unit, zone, first_month), moment(at, zone))
    start, end = (datetime.fromtimestamp(t, ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") for t in period)
    return start, end


def test_a_day_begins_at_local_midnight() -> None:
    assert shown(CalendarUnit.DAY, "2026-11-18T08:59", "Asia/Tokyo") == ("2026-11-18T00:00", "2026-11-19T00:00")
    assert calendar_period(CalendarWindow(CalendarUnit.DAY, "Asia/Tokyo"), moment("2026-11-18T15:00")).start == moment(
        "2026-11-18T15:00"
    )


def test_a_week_begins_on_monday() -> None:
    assert shown(CalendarUnit.WEEK, "2027-01-03T23:59") == ("2026-12-28T00:00", "2027-01-04T00:00")
    assert shown(CalendarUnit.WEEK, "2027-01-04T00:00") == ("2027-01-04T00:00", "2027-01-11T00:00")


@pytest.mark.parametrize(
    ("at", "days"),
    [("2026-02-28T12:00", 28), ("2028-02-29T12:00", 29), ("2026-04-01T00:00", 30), ("2026-12-31T23:00", 31)],
)
def test_months_have_their_own_lengths(at: str, days: int) -> None:
    assert calendar_period(CalendarWindow(CalendarUnit.MONTH, "UTC"), moment(at)).seconds == days * 24 * HOUR


def test_periods_begin_on_the_day_and_at_the_time_that_is_agreed() -> None:
    windows = {
        CalendarWindow(CalendarUnit.YEAR, "UTC", 4): "2026-04-01T00:00 2027-04-01T00:00",
        CalendarWindow(CalendarUnit.YEAR, "UTC", 12, 28, 90): "2025-12-28T01:30 2026-12-28T01:30",
        CalendarWindow(CalendarUnit.QUARTER, "UTC", 2, 19): "2026-08-19T00:00 2026-11-19T00:00",
        CalendarWindow(CalendarUnit.MONTH, "UTC", 1, 18, 601): "2026-10-18T10:01 2026-11-18T10:01",
        CalendarWindow(CalendarUnit.MONTH, "UTC", 1, 18, 600): "2026-11-18T10:00 2026-12-18T10:00",
        CalendarWindow(CalendarUnit.WEEK, "UTC", 1, 7): "2026-11-15T00:00 2026-11-22T00:00",
        CalendarWindow(CalendarUnit.DAY, "UTC", 1, 1, 660): "2026-11-17T11:00 2026-11-18T11:00",
        # 02:30 does not exist on 29 March 2026, and exists twice on 25 October.
        CalendarWindow(CalendarUnit.DAY, "Europe/Berlin", 1, 1, 150): "2026-11-18T02:30 2026-11-19T02:30",
    }
    for window, expected in windows.items():
        period = calendar_period(window, moment("2026-11-18T10:00"))
        shown = [datetime.fromtimestamp(t, ZoneInfo(window.zone)).strftime("%Y-%m-%dT%H:%M") for t in period]
        assert " ".join(shown) == expected, window


def test_quarters_begin_in_january_unless_told_otherwise() -> None:
    assert shown(CalendarUnit.QUARTER, "2026-11-18T00:00") == ("2026-10-01T00:00", "2027-01-01T00:00")
    assert shown(CalendarUnit.QUARTER, "2026-01-31T00:00", first_month=2) == ("2025-11-01T00:00", "2026-02-01T00:00")
    assert shown(CalendarUnit.QUARTER, "2026-05-01T00:00", first_month=4) == ("2026-04-01T00:00", "2026-07-01T00:00")
    assert shown(CalendarUnit.QUARTER, "2026-11-30T00:00", first_month=12) == ("2026-09-01T00:00", "2026-12-01T00:00")


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Asia/Tokyo", "2026-03-29", 24),
        ("America/Havana", "2026-11-01", 25),  # midnight comes twice: the first one counts
        ("Africa/Cairo", "2026-04-24", 23),  # there is no midnight
    ],
)
def test_daylight_saving_makes_days_shorter_and_longer(zone: str, day: str, hours: float) -> None:
    window = CalendarWindow(CalendarUnit.DAY, zone)
    assert calendar_period(window, moment(f"{day}T12:00", zone)).seconds == hours * HOUR


def test_clocks_set_back_across_midnight_do_not_begin_a_day_twice() -> None:
    window = CalendarWindow(CalendarUnit.DAY, "America/St_Johns")  # 2010: 00:01 became 23:01
    first = calendar_period(window, moment("2010-11-06T12:00", "America/St_Johns"))
    for at in range(first.end - 2 * HOUR, first.end + 3 * HOUR, 60):
        period = calendar_period(window, at)
        assert period.start <= at < period.end
        assert (period == first) == (at < first.end)


@given(calendars, st.integers(0, 4_000_000_000))
def test_every_moment_lies_in_its_period_and_periods_follow_each_other(window: CalendarWindow, at: int) -> None:
    period = calendar_period(window, at)
    assert period.start <= at < period.end
    assert calendar_period(window, period.start) == period == calendar_period(window, period.end - 1)
    assert calendar_period(window, period.end).start == period.end


@given(calendars, st.lists(st.integers(1_700_000_000, 1_730_000_000), max_size=6))
def test_the_starts_of_many_windows_are_those_of_each(window: CalendarWindow, ends: list[int]) -> None:
    starts = window_starts(window, np.array(ends, dtype=np.int64)).tolist()
    assert starts == [calendar_period(window, end).start for end in ends]


def test_periods_are_listed_from_the_first_to_the_last_moment() -> None:
    window = CalendarWindow(CalendarUnit.DAY, "UTC")
    assert len(list(calendar_periods(window, 0, 86_399))) == 1
    assert len(list(calendar_periods(window, 0, 86_400))) == 2


def test_a_rolling_window_is_the_time_before_a_moment() -> None:
    assert whole_window(RollingWindow(100), 1000) == (900, 1000)
