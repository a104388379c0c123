"""Fewer points, the same picture."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tomoni.charts.thinning import lone, straightened, thin
from tomoni.slo.model import Line

VALUES = st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), min_size=1, max_size=400)


def line_of(values: list[float]) -> Line:
    return Line(np.arange(len(values), dtype=np.int64) * 300, np.array(values))


@given(VALUES, st.integers(20, 60))
def test_a_thinned_line_is_short_and_keeps_points_extremes_and_ends(values: list[float], most: int):
    line = line_of(values)
    thinned = thin(line, most)
    assert len(thinned.times) <= most
    assert (np.diff(thinned.times) > 0).all()
    assert thinned.times[0] == line.times[0]
    assert thinned.times[-1] == line.times[-1]
    np.testing.assert_array_equal(thinned.values, line.values[thinned.times // 300])
    if np.isfinite(line.values).any():
        assert np.nanmin(thinned.values) == np.nanmin(line.values)
        assert np.nanmax(thinned.values) == np.nanmax(line.values)


@given(VALUES, st.integers(20, 60))
def test_a_gap_stays_a_gap(values: list[float], most: int):
    line, missing = line_of(values), np.isnan(values)
    thinned = thin(line, most)
    known = np.flatnonzero(np.isfinite(thinned.values))
    for left, right in pairwise(known):
        between = missing[thinned.times[left] // 300 : thinned.times[right] // 300]
        assert between.any() == (right - left > 1)


@given(VALUES, st.floats(0, 1e5), st.integers(300, 30_000))
def test_a_straightened_line_lies_within_its_tolerance_of_every_point_and_keeps_gaps(
    values: list[float], tolerance: float, furthest: int
):
    line, missing = line_of(values), np.isnan(values)
    drawn = straightened(line, tolerance, furthest)
    np.testing.assert_array_equal(drawn.values, line.values[drawn.times // 300])
    assert (drawn.times[0], drawn.times[-1]) == (line.times[0], line.times[-1])
    for (left, a), (right, b) in pairwise(zip(drawn.times, drawn.values, strict=True)):
        between = slice(left // 300 + 1, right // 300)
        assert right - left <= max(furthest, 300) or missing[between].all()
        if np.isfinite(a) and np.isfinite(b):
            assert not missing[between].any()
            there = a + (b - a) * (line.times[between] - left) / (right - left)
            assert (np.abs(line.values[between] - there) <= tolerance + 1e-6).all()
        else:
            assert missing[between].all(), "beside a gap nothing is left out that was there"


def test_a_line_that_is_short_enough_is_left_as_it_is():
    line = line_of([1.0, 2.0])
    assert thin(line, 2) is line


def test_four_weeks_of_minutes_become_as_many_points_as_a_window_has_pixels():
    values = np.random.default_rng(1).normal(size=40_320)
    values[20_000:20_010] = np.nan
    thinned = thin(line_of(list(values)))
    assert 850 < len(thinned.times) <= 1000
    assert np.isnan(thinned.values).sum() == 1


def test_an_even_pace_with_a_pause_is_three_straights():
    pace = line_of([*np.linspace(1, 0.6, 500), *np.full(100, 0.6), *np.linspace(0.6, 0, 400)])
    drawn = straightened(pace)
    assert len(drawn.times) <= 6
    unseen = 1 / 1999  # of its height
    np.testing.assert_allclose(np.interp(pace.times, drawn.times, drawn.values), pace.values, atol=unseen)


def test_points_between_gaps_stand_alone():
    nan = float("nan")
    assert lone(line_of([1, nan, 2, nan, 3, 4])).tolist() == [True, False, True, False, False, False]
