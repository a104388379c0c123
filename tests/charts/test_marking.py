"""The bad events of a period as bars, on which an interval is marked."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from tests.slo.making import DAY, START, steady
from tomoni.charts.frame import Frame
from tomoni.charts.marking import bad_events, marking_spec
from tomoni.charts.theme import LIGHT
from tomoni.words.text import text_for


def test_all_bad_events_are_in_the_bars_whatever_the_period_is() -> None:
    buckets = steady(30 * 288, good=99.0)
    for days in (1, 3, 28):
        times, bad, step = bad_events(buckets, START, START + days * DAY)
        assert len(times) <= 701
        assert step % buckets.step_seconds == 0
        assert float(bad.sum()) == float(np.sum((buckets.total - buckets.good)[: days * 288]))


def test_the_figure_is_dragged_over_sideways_and_shows_what_is_marked() -> None:
    buckets, end = steady(7 * 288, good=99.0), START + 7 * DAY
    frame = Frame(START, end, text_for("ja", "Asia/Tokyo"), LIGHT)
    spec = marking_spec(buckets, frame, (START + DAY, START + 2 * DAY), [(START, START + 3600)], 1.0)
    figure = go.Figure(spec)
    assert (figure.layout.dragmode, figure.layout.selectdirection) == ("select", "h")
    assert len(figure.layout.shapes) == 2
