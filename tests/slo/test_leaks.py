"""Leaks and incidents are told apart, whatever the traffic does; and since when a budget is spent."""

from __future__ import annotations

import numpy as np
import pytest

from tomoni.slo.leaks import slow_leak, spent_since
from tomoni.slo.model import DAY, HOUR, FloatArray, Line

DAYS = 28
TIMES = np.arange(0, DAYS * DAY + 1, 300)


def falling(*losses: tuple[float, float, float]) -> Line:
    """A burn-down that loses a share evenly from one day to another, for each of the losses."""
    lost: FloatArray = np.zeros(len(TIMES))
    for first, last, share in losses:
        lost += share * np.clip((TIMES / DAY - first) / (last - first), 0, 1)
    return Line(TIMES, 1 - lost)


HOURS = 1 / 24


@pytest.mark.parametrize(
    ("losses", "found"),
    [
        ([(0, 28, 0.1), (14, 28, 0.9)], (14, 28, 0.95, True)),
        ([(0, 28, 0.1), (5, 12, 0.6)], (5, 12, 0.625, False)),
        ([(14, 28, 0.9), (20, 20 + HOURS, 0.1)], (14, 28, 1.0, True)),  # an incident within a leak
    ],
)
def test_a_leak_is_the_stretch_that_falls_faster_than_the_even_pace(
    losses: list[tuple[float, float, float]], found: tuple[float, float, float, bool]
) -> None:
    leak = slow_leak(falling(*losses))
    assert leak is not None
    assert (leak.start / DAY, leak.end / DAY) == pytest.approx(found[:2], abs=0.1)
    assert leak.lost == pytest.approx(found[2], abs=0.01)
    assert leak.ongoing is found[3]


@pytest.mark.parametrize(
    "losses",
    [
        [(0, 28, 0.0)],
        [(0, 28, 0.95)],  # even, and within the budget
        [(0, 28, 0.1), (20, 20 + HOURS, 0.8)],  # an incident
        [(day, day + HOURS, 0.15) for day in (3, 7, 11, 16, 20, 25)],  # several
        [(20, 20.5, 0.5)],  # half a day
        [(20, 28, 0.35)],  # hardly more than the pace
    ],
)
def test_what_is_even_or_sudden_or_small_is_no_leak(losses: list[tuple[float, float, float]]) -> None:
    assert slow_leak(falling(*losses)) is None


def test_the_waves_of_a_day_do_not_hide_a_leak() -> None:
    speed = np.where(TIMES > 14 * DAY, 1.0, 0.1) * (1 + 0.9 * np.sin(TIMES * 2 * np.pi / DAY))
    leak = slow_leak(Line(TIMES, 1 - np.cumsum(speed) / speed.sum()))
    assert leak is not None
    assert leak.start / DAY == pytest.approx(14, abs=1)
    assert leak.ongoing


def test_gaps_and_lines_without_values_are_no_leaks() -> None:
    line = falling((14, 28, 0.9))
    line.values[(TIMES > 16 * DAY) & (TIMES < 17 * DAY)] = np.nan
    assert slow_leak(line) == slow_leak(falling((14, 28, 0.9)))
    assert slow_leak(Line(TIMES, np.full(len(TIMES), np.nan))) is None
    assert slow_leak(Line(TIMES[:1], np.ones(1))) is None
    assert slow_leak(Line(np.zeros(0, dtype=np.int64), np.zeros(0))) is None
    assert slow_leak(Line(TIMES[: HOUR // 300], np.linspace(1, 0, HOUR // 300))) is None


@pytest.mark.parametrize(
    ("values", "since"),
    [
        ([0.5, 0.1, -0.1, -0.2], (2, False)),
        ([0.5, -0.1, 0.2, 0.0], (3, False)),
        ([-0.1, np.nan, -0.2, np.nan], (0, True)),
        ([0.5, np.nan, -0.2, np.nan], (2, False)),
        ([-0.1, 0.2], None),
        ([np.nan, np.nan], None),
        ([], None),
    ],
)
def test_a_budget_is_spent_since_it_was_last_above_zero(values: list[float], since: tuple[int, bool] | None) -> None:
    assert spent_since(Line(np.arange(len(values)), np.array(values, dtype=float))) == since
