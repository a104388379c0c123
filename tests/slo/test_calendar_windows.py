from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from tests.slo.making import DAY, HOUR, START, buckets, definition, steady
from tomoni.slo.lines import rolling_remaining
from tomoni.slo.model import Buckets, CalendarUnit, CalendarWindow, NoData, State, TimeSlices
from tomoni.slo.periods import calendar_period
from tomoni.slo.status import evaluate

WEEK = CalendarWindow(CalendarUnit.WEEK, "UTC")  # START is a Monday
MONTH = CalendarWindow(CalendarUnit.MONTH, "Asia/Tokyo")


def test_the_budget_is_that_of_the_events_since_the_period_began() -> None:
    held = steady(96, 990, 1000, start=START - 4 * HOUR)
    figures = evaluate(held, definition("98", WEEK), START + 2 * HOUR)
    assert (figures.start, figures.end) == (START, START + 2 * HOUR)
    assert (figures.total, figures.allowed_bad) == (24_000, 480)
    assert figures.remaining == pytest.approx(0.5)
    assert figures.allowed_minutes == pytest.approx(2.4)


def test_a_moment_on_a_boundary_shows_the_period_that_ended() -> None:
    figures = evaluate(steady(12, start=START - HOUR), definition("90", WEEK), START)
    assert (figures.start, figures.end, figures.total) == (START - 7 * DAY, START, 1200)
    assert figures.state is State.HEALTHY


def test_a_period_that_has_just_begun_holds_what_came_since() -> None:
    figures = evaluate(steady(13, start=START - HOUR), definition("90", WEEK), START + 300)
    assert (figures.start, figures.end, figures.total) == (START, START + 300, 100)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC", "Asia/Kathmandu", "America/St_Johns"])
@pytest.mark.parametrize("unit", list(CalendarUnit))
def test_every_bad_event_of_a_period_is_in_the_figures_of_its_end(zone: str, unit: CalendarUnit) -> None:
    window = CalendarWindow(unit, zone)
    period = calendar_period(window, 1_793_000_000)
    first = period.start // 3600 * 3600 - 24 * 3600
    count = (period.end - first) // 900 + 96
    total = np.full(count, 10.0)
    good = total.copy()
    good[(period.end - first) // 900 - 1] = 0  # all that is bad lies in the last bucket
    held = Buckets(first, 900, good, total, np.zeros(count, dtype=np.bool_))
    wanted = definition("99.9", window)
    before, at, after = (evaluate(held, wanted, period.end + seconds) for seconds in (-1, 0, 900))
    assert [figures.bad for figures in (before, at, after)] == [0, 10, 0]
    assert (at.start, at.end) == (period.start, period.end)
    assert after.start == period.end
    line = rolling_remaining(held, wanted, np.array([period.end - 900, period.end, period.end + 900]))
    assert [float(value) for value in line.values] == pytest.approx([f.remaining for f in (before, at, after)])


def test_the_period_as_a_whole_is_projected_from_the_last_seven_days() -> None:
    held = steady(12 * 24 * 10, 999, 1000, start=START - 7 * DAY)  # into the third day of the week
    figures = evaluate(held, definition("99", WEEK), START + 3 * DAY)
    projected = figures.projected
    assert projected is not None
    assert (projected.start, projected.end) == (START, START + 7 * DAY)
    assert projected.total == pytest.approx(7 * 288 * 1000)
    assert projected.remaining == pytest.approx(1 - 3 * 288 / (7 * 288 * 10))


def test_a_gap_does_not_make_the_projected_traffic_less() -> None:
    held = steady(288, 1000, 1000)
    held.total[100:200] = held.good[100:200] = float("nan")
    projected = evaluate(held, definition("99", WEEK), START + DAY).projected
    assert projected is not None
    assert projected.total == pytest.approx(188_000 + 6 * 288_000)


def test_slices_of_the_rest_of_the_period_are_projected_too() -> None:
    cut = TimeSlices(300, Decimal(95), NoData.GOOD)
    projected = evaluate(steady(288), definition("99", WEEK, slices=cut), START + DAY).projected
    assert projected is not None
    assert projected.total == pytest.approx(7 * 288)


def test_nothing_is_projected_from_nothing_or_for_rolling_windows() -> None:
    assert evaluate(buckets([None] * 12), definition("99", WEEK), START + HOUR).projected is None
    assert evaluate(steady(12), definition("99"), START + HOUR).projected is None


def test_a_month_in_tokyo_begins_nine_hours_before_that_of_utc() -> None:
    october = 1_790_812_800  # 1 October 2026, 00:00 UTC
    held = replace(steady(24), start=october - 10 * HOUR)
    assert evaluate(held, definition("99", MONTH), october - 8 * HOUR).start == october - 9 * HOUR


def test_a_period_that_begins_within_a_bucket_is_wholly_observed_when_its_own_buckets_are() -> None:
    noon = START + 12 * HOUR
    held = replace(steady(72, 1, 1, start=noon - 3 * DAY), step_seconds=HOUR)
    kathmandu = CalendarWindow(CalendarUnit.DAY, "Asia/Kathmandu")  # 5:45 ahead of UTC
    figures = evaluate(held, definition("99", kathmandu), noon)
    assert figures.start % HOUR == 900
    assert figures.coverage == 1
