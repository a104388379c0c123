from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from tests.conformance.reading import cases
from tests.tables import table
from tomoni.slo.model import Buckets, Definition, Figures, NoData, Objective, RollingWindow, TimeSlices
from tomoni.slo.status import evaluate

CASES = cases("slo_vectors.json")
COMPARED = ("good", "total", "bad", "coverage", "sli", "allowed_bad", "remaining")


def buckets_of(case: dict[str, Any]) -> Buckets:
    pairs = np.array([pair or (np.nan, np.nan) for pair in case["buckets"]], dtype=np.float64)
    absent = np.zeros(len(pairs), dtype=np.bool_)
    return Buckets(case["start"], case["bucket_seconds"], pairs[:, 0], pairs[:, 1], absent)


def definition_of(case: dict[str, Any]) -> Definition:
    slices = None
    if case["method"] == "timeslices":
        target = Decimal(str(case["slice_target_percent"]))
        slices = TimeSlices(case["slice_seconds"], target, NoData(case["no_data"]))
    return Definition(
        Objective(Decimal(str(case["objective_percent"]))),
        RollingWindow(case["window_seconds"]),
        slices,
        burn_windows_seconds=tuple(case["burn_windows_seconds"]),
    )


def figures_of(case: dict[str, Any]) -> Figures:
    return evaluate(buckets_of(case), definition_of(case), case["at"])


@table("case", CASES)
def test_the_figures_of_a_window_are_the_expected_ones(case: dict[str, Any]) -> None:
    figures, expect = figures_of(case), case["expect"]
    for name in COMPARED:
        assert getattr(figures, name) == (None if expect[name] is None else pytest.approx(expect[name], rel=1e-9)), name
    assert figures.state == expect["state"]


@table("case", CASES)
def test_the_burn_rates_are_the_expected_ones(case: dict[str, Any]) -> None:
    burn = figures_of(case).burn
    expect = {int(window): rate for window, rate in case["expect"]["burn"].items()}
    assert burn == {window: None if rate is None else pytest.approx(rate, rel=1e-9) for window, rate in expect.items()}


def test_a_good_count_above_the_total_is_told() -> None:
    case = next(case for case in CASES if case["name"] == "good above total is clamped")
    above = sum(pair is not None and pair[0] > pair[1] for pair in case["buckets"])
    assert figures_of(case).clamped == above > 0
