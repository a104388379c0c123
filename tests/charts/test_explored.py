"""What is explored as a row of the joint figure: every form of it is a figure that Plotly takes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data_sources.base import Interval
from data_sources.exploring import Heat, Line, Lines
from tomoni.charts.explored import Explored, explored_row
from tomoni.charts.frame import Frame
from tomoni.charts.joint import Joint, joint_figure
from tomoni.charts.paint import lines_above
from tomoni.charts.rows import Row, Stroke
from tomoni.charts.theme import LIGHT
from tomoni.charts.wrapping import wrapped
from tomoni.words.explored import line_names
from tomoni.words.text import text_for

START, STEP, COUNT = 1_795_392_000, 300, 288
INTERVAL = Interval(START, START + STEP * COUNT, STEP)
TEXT = text_for("en", "Asia/Tokyo")
FRAME = Frame(INTERVAL.start, INTERVAL.end, TEXT, LIGHT)
WAVE = 10 + 5 * np.sin(np.arange(COUNT) / 20)


def lines(*found: Line, heat: Heat | None = None, interval: Interval = INTERVAL) -> Lines:
    return Lines(interval, found, "per_second", heat)


TWO = lines(Line({"code": "200", "job": "shop"}, WAVE), Line({"code": "500", "job": "shop"}, WAVE / 10))


def row(**how: object) -> Row:
    return explored_row(Explored(**{"answer": TWO, "title": "http_requests_total", **how}), FRAME)  # type: ignore[arg-type]


def test_lines_are_called_by_the_labels_in_which_they_differ():
    assert line_names(TWO.lines, TEXT) == ["200", "500"]
    more = (*TWO.lines, Line({"code": "200", "job": "mail"}, WAVE), Line({}, WAVE, summed=1_234))
    names = ["code=200, job=shop", "code=500, job=shop", "code=200, job=mail", "1,234 other series"]
    assert line_names(more, TEXT) == names
    assert line_names([Line({}, WAVE, role="p99")], TEXT) == ["percentile 99"]
    assert line_names([Line({"job": "shop"}, WAVE)], TEXT) == [""]


def test_an_earlier_time_lies_pale_under_the_lines_at_the_present_moments():
    week = Interval(START - 604_800, START - 604_800 + STEP * COUNT, STEP)
    found = row(answer=lines(Line({}, WAVE)), earlier=lines(Line({}, WAVE + 1), interval=week), shift=604_800)
    pale, strong = found.curves
    assert pale.line.times.tolist() == strong.line.times.tolist()
    assert pale.color != strong.color


def test_lines_that_are_stacked_end_at_their_sum_and_say_their_own_value():
    top = row(stacked=True).curves[-1]
    assert np.allclose(top.line.values, WAVE * 1.1)
    assert top.facts is not None
    assert np.allclose(top.facts[:, 0], WAVE / 10)


def test_powers_of_ten_are_even_and_what_is_not_above_0_is_a_gap():
    values = np.array([0.0, 1.0, 1000.0] * 96)
    found = row(answer=lines(Line({}, values)), log=True)
    assert np.isnan(found.curves[0].line.values[0])
    assert found.curves[0].line.values[2] == 3
    assert [tick.label for tick in found.ticks][:2] == ["1/s", "10/s"]


def test_a_band_is_drawn_from_the_lowest_to_the_highest():
    found = row(answer=lines(Line({}, WAVE, WAVE - 1, WAVE + 1)))
    assert [curve.stroke for curve in found.curves] == [Stroke.EDGE, Stroke.BAND, Stroke.PLAIN]
    assert found.high > (WAVE + 1).max()


def test_a_line_that_is_never_near_0_fills_the_row():
    found = row(answer=lines(Line({}, WAVE + 1000)))
    assert found.low > 900


@pytest.mark.parametrize("how", [{}, {"stacked": True}, {"log": True}, {"log": True, "stacked": True}])
@pytest.mark.parametrize(
    "answer",
    [
        TWO,
        lines(Line({}, np.full(COUNT, np.nan))),
        lines(*(Line({"pod": str(n)}, WAVE + n) for n in range(20)), Line({}, WAVE, summed=7)),
        lines(heat=Heat((0.1, 1.0, np.inf), np.arange(3.0 * COUNT).reshape(3, COUNT))),
    ],
)
def test_every_form_is_a_figure(answer: Lines, how: dict[str, bool]):
    figure = joint_figure(Joint(None, (), (), FRAME, first=(row(answer=answer, **how),)))
    assert figure.data


def test_10_000_points_of_a_line_are_thinned_and_keep_their_peak():
    count = 10_000
    values = np.ones(count)
    values[7_777] = 99
    long = lines(Line({}, values), interval=Interval(START, START + STEP * count, STEP))
    frame = Frame(START, START + STEP * count, TEXT, LIGHT)
    made = explored_row(Explored(long, "x"), frame)
    figure = joint_figure(Joint(None, (), (), frame, first=(made,)))
    drawn = figure.data[-1]
    assert len(drawn.y) <= 2_000
    assert max(drawn.y) == 99


def test_a_heat_map_names_the_unit_that_its_edges_do_not_show():
    heat = Heat((100.0, 300.0, np.inf), np.ones((3, COUNT)))
    named = row(answer=replace(lines(heat=heat), unit="milliseconds"))
    assert named.unit == "milliseconds"
    assert [tick.label for tick in named.ticks] == ["100", "300", "∞"]
    shown = row(answer=replace(lines(heat=replace(heat, edges=(0.1, 0.3, np.inf))), unit="seconds"))
    assert shown.unit == ""
    assert [tick.label for tick in shown.ticks] == ["100 ms", "300 ms", "∞"]


def test_of_many_lines_the_four_largest_are_named_at_their_ends():
    found = lines(*(Line({"route": f"/{n}"}, np.full(COUNT, 9.0 - n)) for n in range(7)))
    curves = row(answer=found).curves
    assert [curve.label for curve in curves] == ["/0", "/1", "/2", "/3", "", "", ""]
    assert len({curve.name for curve in curves}) == 7


def test_a_long_name_ends_its_line_where_it_parts_and_is_whole_on_one_line():
    long = row(title="checkout-availability")
    assert wrapped(long.title, 18, 2) == ["checkout-", "availability"]
    assert "<b>checkout-availability</b>" in lines_above(long, FRAME)[0]
