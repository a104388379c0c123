"""Periods have names wherever a moment can be given."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import table
from tomoni.slo.named_periods import named_period

ZONES = ["UTC", "Europe/Berlin", "Asia/Tokyo", "Asia/Kathmandu", "America/St_Johns", "Africa/Cairo", "Pacific/Apia"]


def at(text: str, zone: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


@table("zone", ZONES)
@table(
    ("name", "start", "end"),
    [
        ("2026-10", "2026-10-01", "2026-11-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2026-W48", "2026-11-23", "2026-11-30"),
        ("2026-W53", "2026-12-28", "2027-01-04"),
        ("2026-W01", "2025-12-29", "2026-01-05"),
        ("2026-w48", "2026-11-23", "2026-11-30"),
        ("2026-Q4", "2026-10-01", "2027-01-01"),
        ("2026-Q1", "2026-01-01", "2026-04-01"),
        ("2026-11-27", "2026-11-27", "2026-11-28"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-03-29", "2026-03-29", "2026-03-30"),
    ],
)
def test_a_name_is_a_period_by_the_clocks_of_a_zone(name: str, start: str, end: str, zone: str) -> None:
    assert named_period(name, zone) == (at(start, zone), at(end, zone))


def test_a_month_of_daylight_saving_is_as_long_as_it_is() -> None:
    assert named_period("2026-10", "Europe/Berlin").seconds == 31 * 86_400 + 3600
    assert named_period("2026-03", "Europe/Berlin").seconds == 31 * 86_400 - 3600


@pytest.mark.parametrize(
    ("first_month", "name", "start", "end"),
    [
        (4, "2026-Q1", "2026-04-01", "2026-07-01"),
        (4, "2026-Q4", "2027-01-01", "2027-04-01"),
        (12, "2026-Q1", "2026-12-01", "2027-03-01"),
        (2, "2026-Q4", "2026-11-01", "2027-02-01"),
        (4, "2026", "2026-04-01", "2027-04-01"),
    ],
)
def test_quarters_are_those_of_the_fiscal_year(first_month: int, name: str, start: str, end: str) -> None:
    assert named_period(name, "UTC", first_month) == (at(start, "UTC"), at(end, "UTC"))


@table(
    "name",
    [
        "",
        "26",
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2026-Q0",
        "2026-W54",
        "2025-W53",
        "2026-W00",
        "2026-02-30",
        "2026-1",
        "26-10",
        "last month",
        "2026-10-01T00:00Z",
        "2026/10",
        "２０２６-10",
        "0000-01",
        "0001-01",
        "1969-12",
        "9999-12",
        "9999-W52",
    ],
)
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        named_period(name, "UTC")


@given(st.dates(), st.sampled_from(ZONES))
def test_days_follow_each_other_without_a_gap(day, zone: str) -> None:
    if not 1971 <= day.year <= 2100:
        return
    here = named_period(day.isoformat(), zone)
    assert here.start < here.end
    assert 23 * 3600 <= here.seconds <= 25 * 3600 or zone == "Pacific/Apia"
