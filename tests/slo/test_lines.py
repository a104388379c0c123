import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.slo.making import (
    DAY,
    HOUR,
    START,
    buckets,
    definition,
    definitions,
    fractional_buckets,
    moments,
    spiked,
    steady,
    whole_buckets,
)
from tomoni.slo.lines import burn_down, pace, rolling_remaining
from tomoni.slo.model import Buckets, CalendarUnit, CalendarWindow, Definition, State
from tomoni.slo.status import evaluate
from tomoni.slo.tally import remaining_shares


@given(whole_buckets, definitions, st.lists(moments, max_size=8))
def test_rolling_remaining_is_what_the_figures_say_at_each_moment(
    held: Buckets, wanted: Definition, times: list[int]
) -> None:
    line = rolling_remaining(held, wanted, np.array(times, dtype=np.int64))
    assert line.times.tolist() == times
    for at, value in zip(times, line.values.tolist(), strict=True):
        figures = evaluate(held, wanted, at)
        exists = figures.remaining is not None and figures.state is not State.NO_DATA
        assert np.isnan(value) != exists
        if exists:
            assert value == pytest.approx(figures.remaining, rel=1e-9, abs=1e-9)


@given(st.one_of(whole_buckets, fractional_buckets), definitions, moments, moments)
def test_a_burn_down_starts_at_one_and_never_rises(held: Buckets, wanted: Definition, start: int, end: int) -> None:
    values = burn_down(held, wanted, start, end).values
    values = values[~np.isnan(values)]
    assert (np.diff(values) <= 0).all()
    assert not len(values) or values[0] == 1


@given(whole_buckets, st.sampled_from(["90", "99.9"]))
def test_a_burn_down_ends_where_the_period_as_a_window_stands(held: Buckets, objective: str) -> None:
    wanted = definition(objective, held.end - held.start)
    value, figures = burn_down(held, wanted, held.start, held.end).values[-1], evaluate(held, wanted, held.end)
    assert np.isnan(value) == (figures.state is State.NO_DATA)
    if figures.state is not State.NO_DATA:
        assert value == pytest.approx(figures.remaining, abs=1e-9)


def test_a_burn_down_has_a_point_at_every_boundary_of_its_buckets() -> None:
    line = burn_down(spiked(4, {1: 2, 3: 1}), definition("99"), START, START + 1200)
    assert line.times.tolist() == [START + place * 300 for place in range(5)]
    assert line.values.tolist() == [1, 1, 0.5, 0.5, 0.25]


def test_a_burn_down_stops_where_the_buckets_end() -> None:
    values = burn_down(spiked(4, {1: 2}), definition("99"), START, START + 1800).values
    assert np.isnan(values).tolist() == [False] * 5 + [True] * 2
    assert values[4] == 0.5


def test_a_burn_down_of_nothing_observed_does_not_exist() -> None:
    assert np.isnan(burn_down(buckets([None] * 4), definition("99"), START, START + 1200).values).all()
    assert len(burn_down(steady(4), definition("99"), START + 600, START).values) == 0


def test_without_an_allowance_the_line_ends_with_the_first_bad_event() -> None:
    held = spiked(4, {2: 1})
    assert np.isnan(burn_down(held, definition("100"), START, held.end).values).tolist() == [False] * 3 + [True] * 2
    times = START + 300 * np.arange(1, 5)
    assert np.isnan(rolling_remaining(held, definition("100"), times).values).tolist() == [False, False, True, True]


def test_the_rolling_line_rises_again_when_bad_days_leave_the_window() -> None:
    values = rolling_remaining(spiked(24, {0: 3}), definition("99", HOUR), START + 300 * np.arange(12, 16)).values
    assert values.tolist() == [0.75, 1, 1, 1]


def test_a_calendar_line_begins_anew_with_each_period() -> None:
    held = spiked(24, {11: 5, 12: 1})
    held = Buckets(START - HOUR, 300, held.good, held.total, held.absent)
    wanted = definition("99", CalendarWindow(CalendarUnit.DAY, "UTC"))
    values = rolling_remaining(held, wanted, START + 300 * np.array([-1, 1, 2])).values
    assert values.tolist() == [1, 0, 0.5]


def test_the_even_pace_goes_from_one_to_zero_and_exists_within_the_period_only() -> None:
    line = pace(START, START + DAY, np.array([START - 1, START, START + DAY // 4, START + DAY, START + DAY + 1]))
    assert line.values[1:4].tolist() == [1, 0.75, 0]
    assert np.isnan(line.values[[0, 4]]).all()


def test_no_moments_give_an_empty_line() -> None:
    assert len(rolling_remaining(steady(1), definition(), np.array([], dtype=np.int64)).values) == 0


def test_what_is_left_of_an_allowance_near_nothing_is_a_number() -> None:
    left = remaining_shares(np.array([1e100, 0.0]), np.array([1e100, 1e100]), Fraction(1, 10**320))
    assert left.tolist() == [-sys.float_info.max, 1.0]
