"""Buckets that do not divide the boundaries of a zone: each belongs to the one period in which it begins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.slo.making import definition
from tests.tables import table
from tomoni.slo.lines import burn_down, rolling_remaining
from tomoni.slo.model import Buckets, CalendarUnit, CalendarWindow, TimeSlices
from tomoni.slo.named_periods import name_at, named_period
from tomoni.slo.periods import calendar_periods, counted_end
from tomoni.slo.status import evaluate

START, DAYS = 1_790_467_200, 40  # 27 September 2026
ZONES = [
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "America/St_Johns",
    "Pacific/Chatham",
    "Europe/Berlin",
    "Australia/Lord_Howe",
]


def counted(step: int) -> Buckets:
    """A different number of events in each bucket, so that no other ones have the same sum."""
    size = DAYS * 86_400 // step
    total = np.arange(size, dtype=np.float64) + 1000
    return Buckets(START, step, total - np.arange(size, dtype=np.float64) % 7, total, np.zeros(size, dtype=bool))


@table("zone", ZONES)
@table("minutes", [5, 12, 20, 60])
@table("unit", [CalendarUnit.DAY, CalendarUnit.WEEK, CalendarUnit.MONTH])
def test_every_bucket_is_in_exactly_one_period(zone: str, minutes: int, unit: CalendarUnit) -> None:
    buckets, window = counted(60 * minutes), CalendarWindow(unit, zone)
    periods = list(calendar_periods(window, START, buckets.end))
    whole = replace(definition("99.9", 60), window=window)
    found = [evaluate(buckets, whole, period.end) for period in periods]
    assert sum(figures.total for figures in found) == buckets.total.sum()
    assert [(figures.start, figures.end) for figures in found] == [tuple(period) for period in periods]
    for figures, period in zip(found[1:-1], periods[1:-1], strict=True):
        times = buckets.start + buckets.step_seconds * np.arange(len(buckets.total))
        assert figures.total == buckets.total[(times >= period.start) & (times < period.end)].sum()
        assert figures.coverage == 1


@table("zone", ZONES)
def test_lines_end_where_the_figures_do(zone: str) -> None:
    buckets, window = counted(3600), CalendarWindow(CalendarUnit.MONTH, zone)
    whole = replace(definition("99.5", 60), window=window)
    start, end = named_period("2026-10", zone)
    figures = evaluate(buckets, whole, end)
    rolling = rolling_remaining(buckets, whole, np.array([end]))
    down = burn_down(buckets, whole, start, end)
    assert figures.remaining is not None
    assert float(rolling.values[0]) == pytest.approx(figures.remaining, abs=1e-12)
    assert float(down.values[-1]) == pytest.approx(figures.remaining, abs=1e-12)


@table("zone", ZONES)
def test_slices_that_reach_over_a_boundary_belong_to_where_they_begin(zone: str) -> None:
    window = CalendarWindow(CalendarUnit.DAY, zone)
    whole = replace(
        definition("99", 60, slices=TimeSlices(3600, definition("99", 60).objective.percent)), window=window
    )
    buckets = counted(300)
    periods = list(calendar_periods(window, START, buckets.end))
    assert sum(evaluate(buckets, whole, period.end).total for period in periods) == DAYS * 24


def test_only_the_end_of_a_calendar_period_lies_within_a_bucket() -> None:
    month = CalendarWindow(CalendarUnit.MONTH, "Asia/Kathmandu")
    _, end = named_period("2026-10", "Asia/Kathmandu")
    assert counted_end(month, end, 3600) == end
    assert counted_end(month, end + 60, 3600) == end // 3600 * 3600
    assert counted_end(definition("99", 60).window, end, 3600) == end // 3600 * 3600


@table("first_month", [1, 2, 4, 12])
@table("zone", ZONES)
@table("unit", [unit for unit in CalendarUnit if unit is not CalendarUnit.YEAR])  # years have no names of this form
def test_the_name_of_a_period_names_it(unit: CalendarUnit, zone: str, first_month: int) -> None:
    window = CalendarWindow(unit, zone, first_month)
    for period in calendar_periods(window, START, START + 500 * 86_400):
        assert named_period(name_at(window, period.start), zone, first_month) == period
        assert name_at(window, period.end - 1) == name_at(window, period.start)
