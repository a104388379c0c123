"""Axes show what matters and hide nothing."""

from __future__ import annotations

import numpy as np
import pytest

from tomoni.catalog.schema import Unit
from tomoni.charts.ranges import budget_range, round_below, signal_range, success_range
from tomoni.charts.units import rate_of, scale_of
from tomoni.charts.wrapping import wrapped


def busy(values: list[float] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.asarray(values, dtype=float), np.ones(len(values))


def test_a_bad_hour_is_shown_to_its_depth():
    values = np.ones(8064)
    values[:12] = 0.92
    low, high = success_range(*busy(values), 0.999)
    assert 0.90 < low < 0.92
    assert high > 1


def test_a_bucket_with_hardly_any_events_does_not_flatten_the_rest():
    values, traffic = busy(np.full(8064, 0.9995))
    values[:2], traffic[:2] = 0.0, 0.01
    assert success_range(values, traffic, 0.999)[0] > 0.99


@pytest.mark.parametrize("values", [[], [float("nan")], [1.0], [1.0, 1.0, 1.0]])
def test_the_objective_is_always_in_range(values: list[float]):
    low, high = success_range(*busy(values), 0.99)
    assert low < 0.99 < high


def test_an_objective_of_everything_has_a_range_too():
    low, high = success_range(*busy([1.0, 1.0]), 1.0)
    assert low < 1.0 < high


def test_a_budget_far_below_nothing_is_cut_and_a_healthy_one_starts_at_nothing():
    assert budget_range(np.array([1.0, 0.4]))[0] == pytest.approx(-0.05)
    assert budget_range(np.array([1.0, -40.0]))[0] == pytest.approx(-2.15)


def test_a_limit_far_above_all_values_does_not_flatten_them():
    assert signal_range(np.array([1.0, 2.0]), [4.0])[1] == pytest.approx(4.32)
    assert signal_range(np.array([1.0, 2.0]), [400.0])[1] == pytest.approx(2.16)
    assert signal_range(np.array([np.nan]), [5.0])[1] == pytest.approx(5.4)
    assert signal_range(np.array([]), [])[1] > 0


@pytest.mark.parametrize(
    ("unit", "highest", "shown", "suffix"),
    [
        (Unit.RATIO, 0.5, 0.5, ""),
        (Unit.PERCENT, 50, 0.5, ""),
        (Unit.SECONDS, 0.25, 250, " ms"),
        (Unit.SECONDS, 12, 12, " s"),
        (Unit.SECONDS, 600, 10, " min"),
        (Unit.BYTES, 3 * 1024**3, 3, " GiB"),
        (Unit.COUNT, 7, 7, ""),
        (Unit.PER_SECOND, 7, 7, "/s"),
    ],
)
def test_values_are_scaled_to_read_well(unit: Unit, highest: float, shown: float, suffix: str):
    scale = scale_of(unit, highest)
    assert highest * scale.factor == pytest.approx(shown)
    assert scale.suffix == suffix


@pytest.mark.parametrize(
    ("highest", "factor", "unit"), [(12.0, 1, "events/s"), (0.08, 60, "events/min"), (0.001, 3600, "events/h")]
)
def test_few_events_are_counted_by_the_minute_or_hour(highest: float, factor: float, unit: str):
    scale, name = rate_of(highest)
    assert (scale.factor, name) == (factor, unit)


def test_small_numbers_have_no_prefix_that_could_be_misread():
    assert scale_of(Unit.COUNT, 0.05).ticks == "~r"
    assert scale_of(Unit.COUNT, 5000).ticks == "~s"


def test_titles_wrap_between_words_and_anywhere_in_japanese():
    assert wrapped("Database connections in use", 17, 3) == ["Database", "connections in", "use"]
    assert wrapped("データベース接続数", 10, 3) == ["データベー", "ス接続数"]
    assert wrapped("キューで待機中のメール数", 18, 2) == ["キューで待機中の", "メール数"]
    assert wrapped("ディスクの書き込みレイテンシ", 18, 2) == ["ディスクの書き込み", "レイテンシ"]
    assert wrapped("「注文」の受付、確認", 18, 2) == ["「注文」の受付、", "確認"]
    assert wrapped("注文確認中メール一覧表示", 12, 2) == [
        "注文確認中メ",
        "ール一覧表示",
    ]  # phrases alone need three lines
    assert wrapped("one two three four five six", 8, 2) == ["one two", "three…"]
    assert wrapped("a&lt;b&gt;c", 4, 3) == ["a&lt;b&gt;", "c"]
    assert wrapped("", 4, 3) == []
    assert wrapped("x" * 100_000, 5, 3) == ["xxxxx", "xxxxx", "xxxx…"]


@pytest.mark.parametrize(
    ("value", "shown"), [(1.0, 1.0), (1.9, 1.5), (0.73, 0.6), (1087.0, 1000.0), (99.0, 80.0), (1e-6, 1e-6)]
)
def test_a_tick_is_round_and_not_above_the_row(value: float, shown: float):
    assert round_below(value) == pytest.approx(shown)
