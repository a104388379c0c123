from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from tests.slo.making import DAY, HOUR, START, buckets, definition, steady
from tomoni.slo.lines import burn_down
from tomoni.slo.model import CalendarUnit, CalendarWindow, Method, NoData, State, TimeSlices
from tomoni.slo.status import evaluate


def sliced(no_data: NoData = NoData.IGNORE, length: int = 600, target: str = "95") -> TimeSlices:
    return TimeSlices(length, Decimal(target), no_data)


def test_a_slice_is_judged_by_its_own_sum_and_not_by_its_buckets() -> None:
    held = buckets([(50, 100), (1900, 1900)])  # 97.5 % together
    figures = evaluate(held, definition(slices=sliced()), START + 600)
    assert (figures.good, figures.total, figures.method) == (1, 1, Method.TIME_SLICES)


def test_a_slice_that_just_meets_its_target_is_good() -> None:
    assert evaluate(steady(2, 95, 100), definition(slices=sliced()), START + 600).bad == 0
    assert evaluate(steady(2, 94.99, 100), definition(slices=sliced()), START + 600).bad == 1
    tight = sliced(target="99.9")
    assert evaluate(steady(2, 999, 1000), definition(slices=tight), START + 600).bad == 0


def test_a_slice_without_traffic_is_good() -> None:
    figures = evaluate(steady(2, 0, 0), definition(window=600, slices=sliced()), START + 600)
    assert (figures.good, figures.total, figures.state) == (1, 1, State.HEALTHY)


@pytest.mark.parametrize(
    ("no_data", "expected"), [(NoData.IGNORE, (1, 1)), (NoData.GOOD, (2, 2)), (NoData.BAD, (1, 2))]
)
def test_a_slice_without_a_bucket_follows_what_the_slo_says(no_data: NoData, expected: tuple[float, float]) -> None:
    held = buckets([(10, 10), None, None, None])
    figures = evaluate(held, definition(window=1200, slices=sliced(no_data)), START + 1200)
    assert (figures.good, figures.total) == expected
    assert figures.coverage == 0.25


@pytest.mark.parametrize("no_data", NoData)
def test_before_the_first_data_no_slice_is_missing(no_data: NoData) -> None:
    """Two days held, of which the last hour was observed, with a gap of one slice in it."""
    born = [None] * 564 + [(10, 10)] * 6 + [None] * 2 + [(0, 10)] * 4
    wanted = definition(window=2 * DAY, slices=sliced(no_data))
    end = START + 2 * DAY
    counted = {NoData.IGNORE: [3, 5], NoData.GOOD: [4, 6], NoData.BAD: [3, 6]}[no_data]
    figures = evaluate(buckets(born), wanted, end)
    assert [figures.good, figures.total] == counted
    longer = evaluate(replace(buckets(born), observed_before=True), wanted, end)
    missing = {NoData.IGNORE: 0, NoData.GOOD: 0, NoData.BAD: 282}[no_data]
    assert longer.bad - figures.bad == missing
    down = burn_down(buckets(born), wanted, START, end)
    assert np.isnan(down.values[:282]).all()
    assert not np.isnan(down.values[282:]).any()


def test_the_traffic_of_slices_is_that_since_the_first_data() -> None:
    """A day old, and every slice of it counted: a month will have as many as it has slices."""
    month = CalendarWindow(CalendarUnit.MONTH, "UTC")
    held = buckets([None] * 288 * 20 + [(10, 10)] * 288)
    for no_data in NoData:
        projected = evaluate(held, definition(window=month, slices=sliced(no_data)), START + 21 * DAY).projected
        assert projected is not None
        so_far = evaluate(held, definition(window=month, slices=sliced(no_data)), START + 21 * DAY).total
        assert projected.total == so_far + (projected.end - START - 21 * DAY) / 600


def test_nothing_observed_is_no_data_whatever_missing_slices_count_as() -> None:
    figures = evaluate(buckets([None] * 4), definition(window=1200, slices=sliced(NoData.BAD)), START + 1200)
    assert (figures.state, figures.bad) == (State.NO_DATA, 0)


def test_a_moment_is_floored_to_a_slice() -> None:
    figures = evaluate(steady(12), definition(window=HOUR, slices=sliced()), START + 1100)
    assert figures.end == START + 600


def test_slices_begin_at_multiples_of_their_length() -> None:
    held = buckets([(0, 10), (10, 10), (10, 10)], start=START + 300)
    figures = evaluate(held, definition(window=HOUR, slices=sliced()), START + 1200)
    assert (figures.bad, figures.total) == (1, 2)


def test_burn_rates_count_slices() -> None:
    held = buckets([(0, 10)] * 2 + [(10, 10)] * 10)
    figures = evaluate(held, definition("90", slices=sliced(), burn_windows_seconds=(300, HOUR)), START + HOUR)
    assert figures.burn == {300: None, HOUR: pytest.approx(1 / 6 / 0.1)}


@pytest.mark.parametrize("length", [0, 200, 450])
def test_slices_that_are_not_made_of_whole_buckets_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match="whole buckets"):
        evaluate(steady(2), definition(slices=sliced(length=length)), START)
