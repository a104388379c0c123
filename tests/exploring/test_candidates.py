"""Candidates of the workshop as an address has them, and the lines for an app's file."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tomoni.exploring.candidates import CALENDAR, Candidate, of_agreed, read_candidates
from tomoni.slo.model import DAY, CalendarUnit, CalendarWindow, Definition, Objective, RollingWindow, TimeSlices
from tomoni.words.workshop import yaml_of

AGREED = Definition(Objective(Decimal("99.9")), RollingWindow(28 * DAY))


@pytest.mark.parametrize(
    "text", ["99.9-28d", "99.9-28d,99.5-7d-slices", "90-1d,100-90d,99.99-14d", "99.5-calendar,99-calendar-slices"]
)
def test_candidates_are_read_as_they_are_written(text: str) -> None:
    found = read_candidates(text)
    assert found is not None
    assert ",".join(map(str, found)) == text


@pytest.mark.parametrize(
    "text", ["", "99.9", "0-28d", "99-0d", "99-calendar7d", "101-28d", "99.9-0d", "99-7d,99-7d,99-7d,99-7d", "99,9-7d"]
)
def test_what_is_no_candidate_is_not_read(text: str) -> None:
    assert read_candidates(text) is None


def test_a_candidate_takes_the_place_of_what_was_agreed_and_keeps_the_rest() -> None:
    tried = Candidate(Objective(Decimal("99.5")), 7, sliced=True).definition(AGREED, 300)
    assert (tried.objective.percent, tried.window) == (Decimal("99.5"), RollingWindow(7 * DAY))
    assert tried.slices == TimeSlices(300, Decimal("99.5"))
    assert tried.rules == AGREED.rules
    assert of_agreed(AGREED) == Candidate(AGREED.objective, 28)
    month = Definition(AGREED.objective, CalendarWindow(CalendarUnit.MONTH, "UTC"))
    assert str(of_agreed(month)) == "99.9-calendar"
    assert of_agreed(month).definition(month, 300) == month
    assert of_agreed(month).definition(AGREED, 300) == AGREED


@pytest.mark.parametrize(
    ("window", "written"),
    [
        (CalendarWindow(CalendarUnit.MONTH, "UTC", 4), "{calendar: month}"),
        (CalendarWindow(CalendarUnit.QUARTER, "UTC"), "{calendar: quarter}"),
        (CalendarWindow(CalendarUnit.QUARTER, "UTC", 4), "{calendar: quarter, first_month: 4}"),
        (CalendarWindow(CalendarUnit.WEEK, "UTC", 1, 7, 90), '{calendar: week, first_day: 7, starts_at: "01:30"}'),
    ],
)
def test_the_window_of_a_calendar_stays_as_it_was_agreed(window: CalendarWindow, written: str) -> None:
    agreed = Definition(AGREED.objective, window)
    tried = Candidate(Objective(Decimal("99.5")), CALENDAR).definition(agreed, 300)
    assert yaml_of("a", tried).splitlines()[1:] == ["  objective: 99.5", f"  window: {written}"]


def test_its_yaml_is_what_an_apps_file_has() -> None:
    tried = Candidate(Objective(Decimal("99.5")), 7, sliced=True).definition(AGREED, 300)
    assert yaml_of("latency", tried).splitlines() == [
        "- id: latency",
        "  objective: 99.5",
        "  window: 7d",
        "  method: timeslices",
        "  slice: {length: 5m, target: 99.5}",
    ]
