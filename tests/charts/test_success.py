"""The row of the success ratio: an objective can be read beside an outage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.charts.reviews import END, START, review_of
from tomoni.charts.frame import Frame
from tomoni.charts.success import nines_of, success_row
from tomoni.charts.theme import LIGHT
from tomoni.slo.model import DAY, Line
from tomoni.words.text import text_for

TRACK = review_of().tracks[0]
FRAME = Frame(START, END, text_for("en", "Asia/Tokyo"), LIGHT)

OBJECTIVES = st.sampled_from([0.5, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99999, 1.0])
RATIOS = st.lists(st.floats(0, 1) | st.just(1.0) | st.just(float("nan")), min_size=1, max_size=50)


@given(RATIOS, OBJECTIVES)
def test_a_better_ratio_is_never_lower_and_only_all_good_is_at_the_top(ratios: list[float], objective: float):
    values = np.array(ratios)
    scale = nines_of(values, np.ones(len(values)), objective)
    heights = scale.heights(values)
    assert np.array_equal(np.isnan(heights), np.isnan(values))
    there = np.flatnonzero(~np.isnan(values))
    order = there[np.argsort(values[there], kind="stable")]
    assert np.all(np.diff(heights[order]) >= 0)
    assert np.array_equal(heights[there] == scale.top, 1 - values[there] <= 0)


@given(RATIOS, OBJECTIVES)
def test_the_objective_and_every_busy_bucket_lie_within_the_scale(ratios: list[float], objective: float):
    values = np.array(ratios)
    scale = nines_of(values, np.ones(len(values)), objective)
    assert np.nanmin(np.append(scale.heights(values), scale.top)) >= scale.lowest
    assert scale.lowest <= scale.height(objective) <= scale.top
    assert (scale.height(objective) < scale.top) == (objective < 1)


@given(RATIOS, OBJECTIVES)
def test_no_more_ticks_than_there_is_room_for(ratios: list[float], objective: float):
    ticks = nines_of(np.array(ratios), np.ones(len(ratios)), objective).ticks(FRAME)
    assert 2 <= len(ticks) <= 7
    assert len({tick.label for tick in ticks}) == len(ticks)
    assert [tick.level for tick in ticks] == sorted(tick.level for tick in ticks)


def test_an_objective_of_three_nines_stands_out_beside_an_outage():
    scale = nines_of(np.array([1.0, 0.9995, 0.9992, 0.6]), np.ones(4), 0.999)
    assert scale.lowest == pytest.approx(0.398, abs=0.001)
    assert scale.highest == 4
    assert [tick.label for tick in scale.ticks(FRAME)] == ["90%", "99.9%", "100%"]
    share = (scale.height(0.999) - scale.lowest) / (scale.top - scale.lowest)
    assert share == pytest.approx(0.63, abs=0.02)  # on the even scale from 60 % to 100 % it is 0.9975


def test_the_hover_label_says_good_and_total_with_enough_digits():
    for curve in success_row(TRACK, FRAME).curves:
        assert curve.pattern == "%{customdata[2]:.3~%}, %{customdata[0]:,.1~f} of %{customdata[1]:,.1~f} good"
        assert curve.facts is not None
        good, total, ratio = curve.facts.T
        counted = total > 0
        assert np.allclose(good[counted] / total[counted], ratio[counted])


def test_stretches_hold_the_events_of_their_buckets():
    buckets, hours = success_row(TRACK, FRAME).curves
    assert (buckets.name, hours.name) == ("Success, 5 min", "Success, 1 h")
    assert buckets.facts is not None
    assert hours.facts is not None
    inside = (buckets.line.times >= hours.line.times[0]) & (buckets.line.times < hours.line.times[-1] + 3600)
    assert np.allclose(np.nansum(hours.facts, axis=0)[:2], np.nansum(buckets.facts[inside], axis=0)[:2])
    assert inside.sum() >= len(inside) - 2 * 12
    assert len(hours.line.times) <= 700


@given(first=st.integers(0, 200), last=st.integers(1, 200))
def test_what_is_shown_of_a_stretch_does_not_depend_on_the_period(first: int, last: int):
    cut = slice(first, -last)
    success, traffic = (Line(line.times[cut], line.values[cut]) for line in (TRACK.success, TRACK.traffic))
    whole, part = (success_row(t, FRAME).curves[1] for t in (TRACK, replace(TRACK, success=success, traffic=traffic)))
    assert whole.facts is not None
    assert part.facts is not None
    same = np.isin(whole.line.times, part.line.times)
    assert same.sum() == len(part.line.times) > 0
    assert np.array_equal(whole.facts[same], part.facts, equal_nan=True)


def test_a_closer_look_shows_the_buckets_alone():
    (buckets,) = success_row(TRACK, replace(FRAME, shown=(START, START + DAY))).curves
    assert buckets.name == "Success, 5 min"


def test_the_even_scale_is_there_by_choice():
    track = TRACK
    row = success_row(track, FRAME, linear=True)
    assert np.allclose(row.curves[0].line.values, track.success.values, equal_nan=True)
    assert row.ticks == ()
    assert row.rules[0].level == 0.999
