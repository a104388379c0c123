"""When exclusions are: rules, business hours and holidays on local clocks, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tomoni.catalog.local_text import LocalText
from tomoni.catalog.occurrences import countries, ever_happens, occurrences, rule_fault
from tomoni.catalog.schema import Exclusion, OneOff, OutsideHours, PublicHolidays, Recurring
from tomoni.slo.model import DAY

WEEKDAYS = frozenset(range(5))
HOUR = 3600


def at(text: str) -> datetime:
    """A moment on local clocks."""
    return datetime.fromisoformat(text)


def exclusion(when: OneOff | Recurring | OutsideHours | PublicHolidays, zone: str = "Asia/Tokyo") -> Exclusion:
    return Exclusion("x", LocalText({"": "Agreed"}), zone, when)


def unix(text: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def local(spans: tuple[tuple[int, int], ...], zone: str) -> list[tuple[str, str]]:
    shown = (
        tuple(datetime.fromtimestamp(moment, ZoneInfo(zone)).isoformat()[:16] for moment in span) for span in spans
    )
    return [(start, end) for start, end in shown]


def test_one_interval_is_itself_where_it_touches_what_is_asked_for() -> None:
    once = exclusion(OneOff(1000, 2000))
    assert occurrences(once, 0, 1500) == ((1000, 2000),)
    assert occurrences(once, 1999, 5000) == ((1000, 2000),)
    assert occurrences(once, 2000, 5000) == occurrences(once, 0, 1000) == ()


def test_a_rule_comes_on_its_days_at_its_local_time() -> None:
    second_sundays = exclusion(Recurring("FREQ=MONTHLY;BYDAY=2SU", at("2026-01-11T03:00"), HOUR))
    found = occurrences(second_sundays, unix("2026-09-01"), unix("2026-12-01"))
    assert local(found, "Asia/Tokyo") == [
        ("2026-09-13T03:00", "2026-09-13T04:00"),
        ("2026-10-11T03:00", "2026-10-11T04:00"),
        ("2026-11-08T03:00", "2026-11-08T04:00"),
    ]


def test_a_rule_keeps_its_local_time_when_the_clocks_change() -> None:
    weekly = exclusion(Recurring("FREQ=WEEKLY", at("2026-10-18T09:00"), 2 * HOUR), "America/New_York")
    found = occurrences(weekly, unix("2026-10-17"), unix("2026-11-09"))
    assert [datetime.fromtimestamp(start, UTC).hour for start, _ in found] == [13, 13, 14, 14]
    assert all(end - start == 2 * HOUR for start, end in found)


def test_a_local_time_that_the_clocks_skip_is_where_they_go_on() -> None:
    daily = exclusion(Recurring("FREQ=DAILY;COUNT=3", at("2026-03-07T02:30"), HOUR), "America/New_York")
    found = occurrences(daily, unix("2026-03-01"), unix("2026-04-01"))
    assert local(found, "America/New_York")[1] == ("2026-03-08T03:30", "2026-03-08T04:30")


def test_an_end_in_utc_is_on_the_clocks_of_the_zone() -> None:
    until = exclusion(Recurring("FREQ=DAILY;UNTIL=20261120T163000Z", at("2026-11-18T02:00"), HOUR))
    found = occurrences(until, unix("2026-11-01"), unix("2026-12-01"))
    assert [start for start, _ in local(found, "Asia/Tokyo")] == [
        "2026-11-18T02:00",
        "2026-11-19T02:00",
        "2026-11-20T02:00",
    ]


def test_a_day_as_the_end_is_part_of_the_rule() -> None:
    until = exclusion(Recurring("FREQ=DAILY;UNTIL=20261119", at("2026-11-18T22:00"), HOUR))
    assert len(occurrences(until, unix("2026-11-01"), unix("2026-12-01"))) == 2


def test_outside_business_hours_are_nights_weekends_and_holidays_as_whole_stretches() -> None:
    closed = exclusion(OutsideHours(WEEKDAYS, 9 * 60, 18 * 60, "JP"))
    found = occurrences(closed, unix("2026-11-20T12:00", "Asia/Tokyo"), unix("2026-11-25T12:00", "Asia/Tokyo"))
    assert local(found, "Asia/Tokyo") == [
        ("2026-11-20T18:00", "2026-11-24T09:00"),  # a weekend and Labour Thanksgiving Day
        ("2026-11-24T18:00", "2026-11-25T09:00"),
    ]


def test_public_holidays_are_whole_local_days() -> None:
    found = occurrences(exclusion(PublicHolidays("JP")), unix("2026-04-25"), unix("2026-05-10"))
    assert [start for start, _ in local(found, "Asia/Tokyo")] == ["2026-04-29T00:00", "2026-05-03T00:00"]
    assert [(end - start) // DAY for start, end in found] == [1, 4]  # three of them follow each other, and one in lieu


def test_a_day_of_summer_time_is_as_long_as_it_is() -> None:
    every_day = exclusion(OutsideHours(frozenset(), 0, 60), "America/New_York")
    (found,) = occurrences(every_day, unix("2026-11-01T12:00"), unix("2026-11-01T13:00"))
    days = 29
    assert found[1] - found[0] == days * DAY + HOUR


@given(st.integers(0, 23), st.integers(0, 59), st.integers(1, 24 * 60 - 1), st.sets(st.integers(0, 6)))
@settings(max_examples=60, deadline=None)
def test_every_minute_is_either_open_or_excluded(hour: int, minute: int, length: int, days: set[int]) -> None:
    opens = hour * 60 + minute
    closes = min(opens + length, 24 * 60)
    zone = "Australia/Lord_Howe"
    start, end = unix("2026-04-03", zone), unix("2026-04-07", zone)  # the clocks go back half an hour on the 5th
    spans = occurrences(exclusion(OutsideHours(frozenset(days), opens, closes), zone), start, end)
    for moment in range(start, end, 977):
        clock = datetime.fromtimestamp(moment, ZoneInfo(zone))
        if clock.date() == date(2026, 4, 5):
            continue  # an hour that comes twice is open or closed by its first or its second coming
        is_open = clock.weekday() in days and opens <= clock.hour * 60 + clock.minute < closes
        assert any(first <= moment < last for first, last in spans) == (not is_open)


@pytest.mark.parametrize(
    "rule",
    [
        *("", "DAILY", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYHOUR=3", "FREQ=DAILY;BYDAY=XX"),
        *("FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY;", "FREQ=DAILY;BYSETPOS=0", "FREQ=DAILY;UNTIL=tomorrow"),
        "FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 200),
    ],
)
def test_a_rule_that_cannot_be_read_names_its_part(rule: str) -> None:
    assert rule_fault(rule) is not None


@pytest.mark.parametrize(
    ("rule", "happens"),
    [
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", False),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29", False),  # begins two years after a leap year
        ("FREQ=DAILY;INTERVAL=7;BYDAY=MO", False),  # begins on a Tuesday
        ("FREQ=DAILY;UNTIL=20251231", False),
        ("FREQ=DAILY;UNTIL=20260106", True),
        ("FREQ=MONTHLY;BYDAY=5MO", True),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", True),
    ],
)
def test_a_rule_without_any_day_is_found_out(rule: str, happens: bool) -> None:
    assert rule_fault(rule) is None
    assert ever_happens(Recurring(rule, at("2026-01-06T02:00"), HOUR), "Asia/Tokyo") is happens


_values = st.text("0123456789,-+MOTUWESAFZ", min_size=1, max_size=8)
_KEYS = ("INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS")
_parts = st.tuples(st.sampled_from(_KEYS), _values)


@given(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY"]), st.lists(_parts, max_size=3))
@settings(max_examples=300, deadline=None)
def test_any_rule_is_refused_or_can_be_used(frequency: str, parts: list[tuple[str, str]]) -> None:
    rule = ";".join([f"FREQ={frequency}", *(f"{key}={value}" for key, value in parts)])
    if rule_fault(rule) is None:
        when = Recurring(rule, at("2026-01-06T02:00"), HOUR)
        if ever_happens(when, "Asia/Tokyo"):
            end = unix("2026-12-01")
            assert all(first < end for first, _ in occurrences(exclusion(when), end - 90 * DAY, end))


def test_the_countries_are_those_with_known_holidays() -> None:
    assert {"JP", "US", "DE"} <= countries()
    assert "XX" not in countries()


def test_looking_for_a_year_of_daily_times_is_quick() -> None:
    daily = exclusion(Recurring("FREQ=DAILY", at("2020-01-01T02:00"), HOUR))
    end = unix("2026-12-01")
    began = datetime.now(UTC)
    for later in range(50):
        assert len(occurrences(daily, end - 365 * DAY + later, end + later)) in (365, 366)
    assert datetime.now(UTC) - began < timedelta(seconds=2)
