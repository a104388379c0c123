"""The rolling budgets of several objectives in one figure."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from tomoni.charts.frame import Frame
from tomoni.charts.theme import LIGHT
from tomoni.charts.trials import Tried, trials_spec
from tomoni.slo.model import HOUR, Line
from tomoni.words.text import text_for

START = 1_795_046_400


def tried(*values: float) -> Tried:
    times = START + np.arange(len(values), dtype=np.int64) * HOUR
    return Tried("99.9%", Line(times, np.array(values)))


def test_what_is_overspent_by_more_than_a_budget_lies_on_the_edge_and_its_label_says_how_much():
    frame = Frame(START, START + 3 * HOUR, text_for("en", "Asia/Tokyo"), LIGHT)
    spec = trials_spec([tried(1.0, -0.5, -7.25), tried(1.0, np.nan, 0.5)], frame, 1.0)
    figure = go.Figure(spec)  # Plotly checks every property
    assert list(figure.data[0].y) == [100.0, -50.0, -100.0]
    assert list(figure.data[0].customdata) == [100.0, -50.0, -725.0]
    assert figure.data[1].customdata is None
    assert "%{y:.1f}%" in figure.data[1].hovertemplate
    assert np.isnan(figure.data[1].y[1])
    assert figure.layout.yaxis.range[0] == -103.0
    assert figure.data[0].line.dash != figure.data[1].line.dash


def test_without_a_value_the_axis_is_that_of_a_whole_budget():
    frame = Frame(START, START + HOUR, text_for("ja", "Asia/Tokyo"), LIGHT)
    figure = go.Figure(trials_spec([tried(np.nan)], frame, 1.6))
    assert figure.layout.yaxis.range == (-3.0, 103.0)
    assert figure.layout.font.size is None or figure.layout.height == 480


def test_many_hours_are_few_points_that_keep_the_lowest_and_every_gap():
    values = np.linspace(1.0, 0.2, 90 * 24)
    values[777], values[1200:1210] = -0.9, np.nan
    frame = Frame(START, START + 90 * 24 * HOUR, text_for("en", "Asia/Tokyo"), LIGHT)
    (drawn,) = go.Figure(trials_spec([tried(*values)], frame, 1.0)).data
    assert len(drawn.x) <= 200  # straight parts are drawn by few points, near enough for a label to find one
    assert np.diff(np.array(drawn.x, dtype="datetime64[m]")).astype(int).max() <= 90 * 24 * 60 // 150 + 60
    assert min(y for y in drawn.y if not np.isnan(y)) == -90.0
    assert np.isnan(np.array(drawn.y, dtype=float)).any()
