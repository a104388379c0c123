"""The joint figure of whatever an infra signal may measure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.charts.reviews import END, START, review_of
from tomoni.charts.frame import Frame
from tomoni.charts.joint import Joint, joint_figure
from tomoni.charts.theme import LIGHT
from tomoni.words.text import text_for

REVIEW = review_of()
FRAME = Frame(START, END, text_for("en", "Asia/Tokyo"), LIGHT)
EXTREMES = st.sampled_from([5e-324, -5e-324, 1e-308, 3e-291, -1e-200, 1e200, -1e300, 1e300, float("inf"), float("nan")])
VALUES = st.floats(-1e12, 1e12) | st.floats(-1e300, 1e300) | EXTREMES


@pytest.mark.parametrize(("scale", "narrow"), [(1.0, False), (1.375, False), (1.0, True)])
@given(low=VALUES, high=VALUES, limit=st.none() | st.floats(0, 1e12) | st.sampled_from([5e-324, 1e300, 1.7e308]))
@settings(max_examples=40)
@example(low=float("nan"), high=5e-324, limit=None)
@example(low=-1e300, high=1e300, limit=None)
@example(low=1.7e308, high=-1.7e308, limit=1.0)
def test_any_signal_is_drawn_within_its_row_and_its_ticks_are_in_sight(
    scale: float, narrow: bool, low: float, high: float, limit: float | None
):
    lane = REVIEW.lanes[0]
    values = np.where(np.arange(len(lane.values.times)) % 2, low, high)
    signal = replace(lane.signal, limit=limit)
    drawn = replace(lane, signal=signal, values=replace(lane.values, values=values))
    view = Joint(REVIEW.tracks[0], [drawn], (signal.id,), FRAME, scale=scale, narrow=narrow)
    axis = joint_figure(view).layout.yaxis
    there = values[np.isfinite(values)].clip(-1e300, 1e300)
    assert axis.range[0] <= 0 <= axis.range[1]
    assert not len(there) or axis.range[0] <= there.min() <= there.max() <= axis.range[1]
    assert np.isfinite(axis.range).all()
    assert all(axis.range[0] <= tick <= axis.range[1] for tick in axis.tickvals or ())


def test_on_a_phone_every_name_of_a_row_is_above_it():
    view = Joint(REVIEW.tracks[0], REVIEW.lanes, ("success", "budget", REVIEW.lanes[0].signal.id), FRAME, narrow=True)
    wide, above = joint_figure(replace(view, narrow=False)), joint_figure(view)
    shown = " ".join(note.text for note in above.layout.annotations)
    for note in wide.layout.annotations:
        for line in note.text.removeprefix("<b>").removesuffix("</b>").split("<br>"):
            assert line in shown
