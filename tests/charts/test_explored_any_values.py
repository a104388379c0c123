"""Whatever the values of a metric are, Explore draws it: every number of the figure is one, and ticks are in sight."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data_sources.base import Interval
from data_sources.exploring import Heat, Line, Lines, largest_first
from tomoni.charts.explored import Explored, explored_row
from tomoni.charts.frame import Frame
from tomoni.charts.joint import Joint, joint_spec
from tomoni.charts.theme import LIGHT
from tomoni.exploring.tiles import path_of
from tomoni.slo.model import FloatArray
from tomoni.ui.explore.numbers import numbers_of
from tomoni.words.text import text_for

START, STEP, COUNT = 1_795_392_000, 300, 24
INTERVAL = Interval(START, START + STEP * COUNT, STEP)
EARLIER = Interval(INTERVAL.start - 604_800, INTERVAL.end - 604_800, STEP)
FRAME = Frame(INTERVAL.start, INTERVAL.end, text_for("en", "Asia/Tokyo"), LIGHT)
UNITS = st.sampled_from(["", "seconds", "milliseconds", "bytes", "ratio", "percent", "per_second", "count", "celsius"])
EXTREMES = [
    0.0,
    5e-324,
    -5e-324,
    1e-323,
    1e-308,
    -1e-308,
    1e300,
    -1e300,
    1.7e308,
    -1.7e308,
    math.inf,
    -math.inf,
    math.nan,
]
VALUE = st.sampled_from(EXTREMES) | st.floats(-1e15, 1e15) | st.floats(allow_nan=True, allow_infinity=True)
SOME = st.lists(VALUE, min_size=1, max_size=6)


def over(pattern: list[float]) -> FloatArray:
    """A few values, over and over."""
    return np.resize(np.array(pattern), COUNT)


def unreal(value: object, path: str = "") -> Iterator[str]:
    """Where a figure has a number that is none; arrays have NaN where nothing is drawn."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from unreal(each, f"{path}/{key}")
    elif isinstance(value, list | tuple):
        for n, each in enumerate(value):
            yield from unreal(each, f"{path}/{n}")
    elif isinstance(value, np.ndarray):
        if value.dtype.kind == "f" and np.isinf(value).any():
            yield path
    elif isinstance(value, float) and not math.isfinite(value):
        yield path


def drawn(shown: Explored, scale: float = 1.0) -> None:
    """Draws it as a figure, and says what may be asked of each one."""
    row = explored_row(shown, FRAME)
    spec = joint_spec(Joint(None, (), (), FRAME, first=(row,), scale=scale))
    assert [*unreal(spec)] == []
    axis = spec["layout"]["yaxis"]
    low, high = axis["range"]
    assert low < high
    assert len(axis.get("tickvals") or ()) < 50
    assert all(low <= tick <= high for tick in axis.get("tickvals") or ())
    assert all(len(label) <= 24 for label in axis.get("ticktext") or ())
    assert not re.search(r"\b(nan|inf)\b", " ".join(map(str, axis.get("ticktext") or ())))


@pytest.mark.parametrize(("log", "stacked"), [(False, False), (True, False), (False, True), (True, True)])
@given(
    lines=st.lists(SOME, min_size=1, max_size=3),
    earlier=st.none() | SOME,
    unit=UNITS,
    scale=st.sampled_from([1.0, 1.4]),
)
@settings(max_examples=60, deadline=None)
@example(lines=[[5e-324]], earlier=None, unit="", scale=1.0)
@example(lines=[[5e-324, 1.7e308]], earlier=None, unit="seconds", scale=1.0)
@example(lines=[[1e-323, 0.0]], earlier=None, unit="count", scale=1.4)
@example(lines=[[1e-308, -1e-308]], earlier=[1.7e308], unit="bytes", scale=1.4)
@example(lines=[[1.7e308], [1.7e308], [-1.7e308]], earlier=None, unit="percent", scale=1.0)
@example(lines=[[math.inf, 1.0], [-math.inf]], earlier=[math.inf], unit="ratio", scale=1.0)
@example(lines=[[1e16, 1e16 + 2]], earlier=None, unit="count", scale=1.4)
@example(lines=[[5e-324], [5e-324]], earlier=None, unit="", scale=1.0)
@example(lines=[[-7.0]], earlier=None, unit="celsius", scale=1.0)
def test_any_lines_are_drawn_within_their_row(
    log: bool, stacked: bool, lines: list[list[float]], earlier: list[float] | None, unit: str, scale: float
) -> None:
    made = [Line({"pod": str(n)}, over(each), over(each) - 1, over(each) + 1) for n, each in enumerate(lines)]
    before = None if earlier is None else Lines(EARLIER, (Line({"pod": "0"}, over(earlier)),), unit)
    drawn(Explored(Lines(INTERVAL, tuple(made), unit), "m", before, 604_800, "a week before", log, stacked), scale)


@given(counts=st.lists(SOME, min_size=3, max_size=3), edge=st.sampled_from([5e-324, 0.3, 1e300, 1.7e308]), unit=UNITS)
@settings(max_examples=60, deadline=None)
@example(counts=[[math.inf], [5e-324], [1.7e308]], edge=1.7e308, unit="seconds")
def test_any_heat_map_is_drawn(counts: list[list[float]], edge: float, unit: str) -> None:
    heat = Heat((-math.inf, edge, math.inf), np.array([over(each) for each in counts]))
    drawn(Explored(Lines(INTERVAL, (), unit, heat), "m"))


@given(values=SOME)
@settings(max_examples=200, deadline=None)
@example(values=[1.7e308, -1.7e308])
@example(values=[5e-324, 0.0])
@example(values=[math.inf, 1.0, math.nan, -math.inf])
def test_any_small_picture_stays_in_its_box(values: list[float]) -> None:
    path = path_of(over(values))
    assert (path == "") == (not np.isfinite(values).any())
    heights = [float(each) for each in re.findall(r",([^ML h]+)", path)]
    assert all(0 <= each <= 30 for each in heights)


@given(values=SOME)
@settings(max_examples=100, deadline=None)
@example(values=[1.7e308, 1.7e308, 1.7e308])
@example(values=[0.0, 0.0, 1.7e308, -1.7e308])
@example(values=[1.7976931348623157e308])
def test_the_mean_of_any_values_lies_between_them(values: list[float]) -> None:
    newest, mean, low, high = numbers_of(Line({}, over(values)))
    there = [each for each in values if math.isfinite(each)]
    if not there:
        assert (newest, mean, low, high) == (None, None, None, None)
    elif mean is not None and low is not None and high is not None:
        assert (low, high) == (min(there), max(there))
        assert math.isfinite(mean)
        assert low - abs(low) * 1e-9 <= mean <= high + abs(high) * 1e-9


@given(some=st.lists(SOME, min_size=2, max_size=5))
@settings(max_examples=100, deadline=None)
@example(some=[[0.0, 0.0, 1.7e308, -1.7e308], [1.0], [1.7e308, 1.7e308], [math.nan], [-1.7e308, -1.7e308]])
def test_lines_of_any_values_are_sorted_by_their_means(some: list[list[float]]) -> None:
    lines = [Line({"n": str(n)}, over(values)) for n, values in enumerate(some)]
    means = [numbers_of(line)[1] for line in sorted(lines, key=largest_first)]
    known = [mean for mean in means if mean is not None]
    assert means == sorted(known, reverse=True) + [None] * (len(means) - len(known))
