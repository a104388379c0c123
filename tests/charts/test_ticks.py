"""Ticks of rows that go below 0."""

from __future__ import annotations

import pytest

from tomoni.charts.rows import Row
from tomoni.charts.ticks import ticks_of, written
from tomoni.charts.units import PERCENT, Scale


def row(low: float, high: float, scale: Scale = PERCENT, weight: float = 1.4) -> Row:
    return Row("budget", "Budget left", (), low, high, scale, weight=weight)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (-2.15, 1.05, ["-200%", "-100%", "0%", "100%"]),
        (-1.67, 1.05, ["-100%", "0%", "100%"]),
        (-0.55, 1.05, ["-50%", "0%", "50%", "100%"]),
    ],
)
def test_a_budget_below_0_has_the_minus_sign_of_the_words(low: float, high: float, labels: list[str]):
    assert ticks_of(row(low, high), 1.0)["ticktext"] == labels


@pytest.mark.parametrize(("low", "high"), [(-0.05, 1.05), (0.2, 1.0), (-0.3, 1.05)])
def test_a_row_without_a_tick_below_0_is_left_to_plotly(low: float, high: float):
    assert ticks_of(row(low, high), 1.0) == {}


def test_a_low_row_in_large_type_has_two_ticks_and_the_sign_where_the_other_is_below_0():
    degrees = Scale(1.0, " \u00b0C")
    assert ticks_of(row(-27, 4, degrees, 1.0), 1.3)["ticktext"] == ["0 \u00b0C", "-25 \u00b0C"]
    assert ticks_of(row(-1, 40, degrees, 1.0), 1.3)["ticktext"] == ["0 \u00b0C", "40 \u00b0C"]


@pytest.mark.parametrize(
    ("level", "scale", "said"),
    [
        (-0.3 * 3, PERCENT, "-90%"),
        (-1500, Scale(ticks="~s"), "-1.5k"),
        (-20, Scale(ticks="~s"), "-20"),
        (-0.25, Scale(1 / 60, " min", "~r"), "-0.25 min"),
        (0.0, Scale(ticks="~s"), "0"),
    ],
)
def test_a_tick_is_written_as_the_others_of_its_scale(level: float, scale: Scale, said: str):
    assert written(level, scale) == said
