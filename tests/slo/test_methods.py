from decimal import Decimal

import pytest

from tests.slo.making import START, buckets, definition, steady
from tomoni.slo.model import Buckets, Definition, TimeSlices
from tomoni.slo.status import ByMethod, Counting, by_methods


def told(held: Buckets, wanted: Definition) -> dict[Counting, ByMethod]:
    return {each.method: each for each in by_methods(held, wanted, held.end)}


def test_a_quiet_bucket_weighs_as_much_as_a_busy_one_in_the_mean_of_ratios() -> None:
    methods = told(buckets([(1000, 1000), (0, 10)]), definition("99"))
    assert methods[Counting.EVENTS].sli == pytest.approx(1000 / 1010)
    assert methods[Counting.MEAN_OF_RATIOS].sli == 0.5
    assert methods[Counting.TIME_SLICES].sli == 0.5
    assert [methods[method].counted for method in Counting] == [1010, 2, 2]


def test_a_bucket_without_traffic_has_no_ratio_but_is_a_good_slice() -> None:
    methods = told(buckets([(90, 100), (0, 0), None]), definition("95"))
    assert methods[Counting.MEAN_OF_RATIOS].sli == 0.9
    assert methods[Counting.MEAN_OF_RATIOS].counted == 1
    assert methods[Counting.TIME_SLICES].sli == 0.5


def test_the_remaining_budget_differs_as_the_sli_does() -> None:
    methods = told(buckets([(995, 1000), (9, 10)]), definition("90"))
    assert methods[Counting.EVENTS].remaining == pytest.approx(1 - 6 / 101)
    assert methods[Counting.MEAN_OF_RATIOS].remaining == pytest.approx(1 - 0.0525 / 0.1)


def test_the_slices_of_the_definition_are_used_where_it_has_some() -> None:
    cut = TimeSlices(600, Decimal(50))
    methods = told(buckets([(10, 10), (0, 10)] * 2), definition("90", slices=cut))
    assert methods[Counting.TIME_SLICES].counted == 2
    assert methods[Counting.TIME_SLICES].sli == 1
    assert methods[Counting.EVENTS].sli == 0.5


@pytest.mark.parametrize(("step", "length"), [(60, 300), (120, 360), (600, 600)])
def test_slices_are_five_minutes_or_the_whole_buckets_that_come_next(step: int, length: int) -> None:
    held = steady(30, 100, 100, step=step, start=START)
    assert told(held, definition("90"))[Counting.TIME_SLICES].counted == 30 * step // length


def test_without_traffic_no_method_has_a_figure() -> None:
    methods = told(buckets([None, None]), definition())
    assert all(each.sli is None and each.remaining is None and each.counted == 0 for each in methods.values())


def test_without_an_allowance_a_remaining_exists_only_while_nothing_was_bad() -> None:
    assert {each.remaining for each in told(steady(2, 10, 10), definition("100")).values()} == {1.0}
    assert {each.remaining for each in told(steady(2, 9, 10), definition("100")).values()} == {None}
