from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings

from tests.slo.making import DAY, HOUR, START, buckets, definition, definitions, whole_buckets
from tomoni.slo.lines import forecast
from tomoni.slo.model import Buckets, CalendarUnit, CalendarWindow, Definition, TimeSlices
from tomoni.slo.status import evaluate
from tomoni.slo.tally import exclude

WEEK = 7 * DAY


def hourly(pairs: Sequence[tuple[float, float]]) -> Buckets:
    return buckets(pairs, step=HOUR)


def test_a_rolling_budget_runs_out_when_the_bad_hours_of_today_go_on() -> None:
    held = hourly([(1000, 1000)] * (27 * 24) + [(960, 1000)] * 24)  # burns 4 times; 960 of 6720 are spent
    coming = forecast(held, definition("99", 28 * DAY), held.end)
    assert coming.bad_ratio == pytest.approx(0.04)
    assert coming.exhausts_at == held.end + 144 * HOUR  # 5760 left, at 40 an hour
    assert coming.recovers_at is None


def test_an_exhausted_budget_recovers_when_its_bad_day_leaves_the_window() -> None:
    held = hourly([(500, 1000)] * 24 + [(1000, 1000)] * (24 * 20))
    coming = forecast(held, definition("99", 28 * DAY), held.end)
    assert coming.exhausts_at is None
    assert coming.recovers_at is not None
    left_hours = -(-(24 * 500 - 67) // 500)  # so many bad hours must go until 67.2 are enough
    assert coming.recovers_at > START + 28 * DAY
    assert coming.recovers_at <= START + 28 * DAY + left_hours * HOUR + HOUR


def test_what_does_not_happen_within_one_window_is_not_in_sight() -> None:
    coming = forecast(hourly([(999.5, 1000)] * 24 * 28), definition("99", 28 * DAY), START + 28 * DAY)
    assert (coming.exhausts_at, coming.recovers_at) == (None, None)
    assert len(coming.line.times) == 28 * 24 + 1


def test_a_budget_that_is_spent_at_its_even_pace_does_not_flicker() -> None:
    coming = forecast(hourly([(999, 1000)] * 24 * 28), definition("99.9", 28 * DAY), START + 28 * DAY)
    assert (coming.exhausts_at, coming.recovers_at) == (None, None)


def test_future_traffic_is_that_of_the_same_hour_a_week_before() -> None:
    held = hourly([(0, 0) if hour % 24 < 12 else (990, 1000) for hour in range(24 * 7)])
    cut = forecast(held, definition("98", 7 * DAY), held.end)
    values = cut.line.values
    assert values == pytest.approx(np.full(len(values), 0.5))
    assert cut.bad_ratio == pytest.approx(0.01)


def test_an_hour_that_was_not_observed_is_filled_with_the_mean_of_the_week() -> None:
    held = hourly([(100, 100)] * (24 * 7))
    held.good[:12] = held.total[:12] = np.nan
    held.good[-24:] = 50
    coming = forecast(held, definition("50", 14 * DAY), held.end)
    bad, total = 1200.0, 100.0 * (24 * 7 - 12)
    assert coming.line.values[12] == pytest.approx(1 - (bad + 600) / (total + 1200) / 0.5)


def test_without_traffic_in_a_day_the_ratio_of_the_week_goes_on() -> None:
    held = hourly([(90, 100)] * (24 * 6) + [(0, 0)] * 24)
    assert forecast(held, definition("50", WEEK), held.end).bad_ratio == pytest.approx(0.1)


def test_without_anything_counted_there_is_no_forecast() -> None:
    for held in (hourly([(0, 0)] * 48), buckets([None] * 48, step=HOUR)):
        coming = forecast(held, definition("99"), held.end)
        assert (len(coming.line.times), coming.bad_ratio, coming.exhausts_at) == (0, None, None)


def test_a_calendar_budget_begins_anew_with_the_next_period() -> None:
    held = hourly([(500, 1000)] * 24)
    calm = replace(held, good=np.where(np.arange(24) < 12, 500.0, 1000.0))
    window = CalendarWindow(CalendarUnit.WEEK, "UTC")
    coming = forecast(calm, definition("50", window), calm.end)
    assert coming.exhausts_at is None
    spent = forecast(held, definition("99", window), held.end)
    assert spent.recovers_at == START + WEEK
    assert spent.line.values[6 * 24] == 1


def test_hours_that_are_excluded_in_advance_bring_nothing() -> None:
    held = hourly([(960, 1000)] * 24)
    open_all_day = forecast(held, definition("96.5", 2 * DAY), held.end)
    closed = forecast(exclude(held, [(held.end, held.end + DAY)]), definition("96.5", 2 * DAY), held.end)
    assert np.ptp(closed.line.values[:25]) == pytest.approx(0)
    assert open_all_day.line.values[24] == pytest.approx(closed.line.values[24])


def test_time_slices_are_projected_as_slices() -> None:
    cut = TimeSlices(300, Decimal(95))
    held = buckets([(0, 10) if place % 10 == 0 else (10, 10) for place in range(288)])
    coming = forecast(held, definition("95", 2 * DAY, slices=cut), held.end)
    assert coming.bad_ratio == pytest.approx(29 / 288)
    assert coming.line.values[0] == pytest.approx(1 - 29 / 288 / 0.05)


@settings(max_examples=50)
@given(whole_buckets, definitions)
def test_a_forecast_begins_at_what_is_and_its_moments_lie_ahead(held: Buckets, wanted: Definition) -> None:
    coming, now = forecast(held, wanted, held.end), evaluate(held, wanted, held.end)
    if len(coming.line.values):
        assert coming.line.times[0] == now.end
        expected = np.nan if now.remaining is None else now.remaining
        assert coming.line.values[0] == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)
    if now.state == "exhausted":
        assert coming.exhausts_at is None
    assert all(moment is None or moment > now.end for moment in (coming.exhausts_at, coming.recovers_at))
