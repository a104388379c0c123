import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.slo.making import DAY, HOUR, START
from tomoni.slo.co_movement import Movement, Samples, co_movement, rank_signals

EPISODE = (START + 8 * DAY + 10 * HOUR, START + 8 * DAY + 11 * HOUR)
PER_DAY = 288


def usual(days: int = 9) -> np.ndarray:
    """A signal that swings by the hour of the day and a little from point to point."""
    places = np.arange(days * PER_DAY)
    noise = np.random.default_rng(3).normal(0, 1, len(places))
    return 50 + 20 * np.sin(places % PER_DAY / PER_DAY * 2 * np.pi) + noise


def lifted(by: float, start: int, end: int) -> Samples:
    values = usual()
    values[(start - START) // 300 : (end - START) // 300] += by
    return Samples(START, 300, values)


def test_a_signal_that_moved_stands_out_from_the_same_hours_of_other_days() -> None:
    moved = co_movement(lifted(30, *EPISODE), EPISODE)
    assert moved.z is not None
    assert moved.z > 10
    assert moved.shift == pytest.approx(30, abs=2)
    assert (moved.points_during, moved.points_usual) == (12, 84)


def test_the_swing_of_the_day_is_no_movement() -> None:
    moved = co_movement(Samples(START, 300, usual()), EPISODE)
    assert moved.z is not None
    assert abs(moved.z) < 1.5


def test_a_fall_is_a_negative_movement() -> None:
    moved = co_movement(lifted(-30, *EPISODE), EPISODE)
    assert moved.z is not None
    assert moved.z < -10


@pytest.mark.parametrize("shift", [-1800, 0, 900])
def test_a_signal_leads_or_lags_by_its_first_departure(shift: int) -> None:
    moved = co_movement(lifted(30, EPISODE[0] + shift, EPISODE[1]), EPISODE)
    assert moved.lead_seconds == shift


def test_other_episodes_do_not_count_as_usual() -> None:
    samples = lifted(30, *EPISODE)
    others = [(EPISODE[0] - day * DAY, EPISODE[1] - day * DAY) for day in (1, 2, 3, 4)]
    for start, end in others:
        samples.values[(start - START) // 300 : (end - START) // 300] += 30
    with_others, without = co_movement(samples, EPISODE), co_movement(samples, EPISODE, others)
    assert without.points_usual == 36
    assert without.shift is not None
    assert with_others.shift is not None
    assert without.shift > 25 > with_others.shift


def test_a_signal_that_never_moved_before_has_no_z_but_a_shift_and_is_ranked_first() -> None:
    values = np.zeros(9 * PER_DAY)
    values[(EPISODE[0] - START) // 300 + 2 :] = 3
    moved = co_movement(Samples(START, 300, values), EPISODE)
    assert (moved.z, moved.shift, moved.lead_seconds) == (None, 3, 600)
    strong = co_movement(lifted(30, *EPISODE), EPISODE)
    still = co_movement(Samples(START, 300, np.zeros(9 * PER_DAY)), EPISODE)
    unknown = co_movement(Samples(START, 300, np.full(9 * PER_DAY, np.nan)), EPISODE)
    assert (still.z, still.lead_seconds) == (0, None)
    assert rank_signals({"unknown": unknown, "still": still, "strong": strong, "new": moved}) == [
        "new",
        "strong",
        "still",
        "unknown",
    ]


def test_mostly_constant_signals_are_measured_by_their_mean_deviation() -> None:
    values = np.zeros(9 * PER_DAY)
    values[::10] = 1
    values[(EPISODE[0] - START) // 300 : (EPISODE[1] - START) // 300] = 5
    moved = co_movement(Samples(START, 300, values), EPISODE)
    assert moved.z is not None
    assert 20 < moved.z < 60


def test_too_few_points_say_nothing() -> None:
    samples = Samples(EPISODE[0] - HOUR, 300, np.ones(24))
    assert co_movement(samples, EPISODE) == Movement(None, None, None, None, None, 12, 0)


@given(st.lists(st.floats(), min_size=0, max_size=400), st.integers(-DAY, 3 * DAY), st.integers(0, 3 * DAY))
def test_no_input_makes_a_movement_infinite_or_unknown_to_numbers(values: list[float], start: int, length: int) -> None:
    samples = Samples(START, 1800, np.array(values, dtype=np.float64))
    moved = co_movement(samples, (START + start, START + start + length))
    for value in (moved.usual, moved.during, moved.shift, moved.z):
        assert value is None or np.isfinite(value)
