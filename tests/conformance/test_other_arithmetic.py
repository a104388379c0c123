from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from tests.conformance.reading import cases
from tests.slo.making import DAY, START, buckets, definition, steady
from tomoni.slo.lines import rolling_remaining
from tomoni.slo.model import NoData, TimeSlices
from tomoni.slo.status import Counting, by_methods, evaluate
from tomoni.slo.tally import exclude

DATADOG, OPENSLO = cases("datadog.yaml"), cases("openslo.yaml")


@pytest.mark.parametrize(
    "row", cases("availability.yaml")["rows"], ids=lambda row: f"{row['objective']} % in {row['days']} d"
)
def test_an_objective_allows_the_minutes_of_the_availability_table(row: dict[str, Any]) -> None:
    figures = evaluate(steady(1), definition(str(row["objective"]), row["days"] * DAY), START + 300)
    assert figures.allowed_minutes == pytest.approx(row["minutes"], rel=1e-12)


def test_a_datadog_correction_takes_events_out_of_both_counts() -> None:
    case = DATADOG["metric"]
    held = exclude(
        buckets(case["buckets"]), [(START + 300 * place, START + 300 * place + 300) for place in case["correction"]]
    )
    figures = evaluate(held, definition("99"), held.end)
    assert {"good": figures.good, "total": figures.total} == case["theirs"]


def test_a_datadog_correction_takes_time_out_of_the_denominator() -> None:
    case, minute = DATADOG["monitor"], TimeSlices(60, Decimal(100))
    down = case["down_minutes"]
    held = buckets([(0, 1)] * down + [(1, 1)] * (case["days"] * 1440 - down), step=60)
    corrected = exclude(held, [(held.end - case["corrected_days"] * DAY, held.end)])
    wanted = definition("99", case["days"] * DAY, slices=minute)
    for each, theirs in ((corrected, "corrected_percent"), (held, "uncorrected_percent")):
        figures = evaluate(each, wanted, held.end)
        assert 100 * figures.bad / figures.total == pytest.approx(case["theirs"][theirs], abs=5e-4)


def test_excluded_slices_do_not_count_where_datadog_counts_them_as_up() -> None:
    case = DATADOG["time_slice"]
    held = steady(case["slices"], 1, 1)
    held.good[: case["down"]] = 0
    wanted = definition("99", held.end - held.start, slices=TimeSlices(300, Decimal(100)))
    figures = evaluate(exclude(held, [(START, START + 300 * case["corrected_down"])]), wanted, held.end)
    assert {"up": figures.good, "total": figures.total} == case["ours"]
    theirs = case["theirs"]
    assert theirs["total"] - figures.total == theirs["up"] - figures.good == case["corrected_down"]


def test_datadogs_missing_slices_are_our_no_data_good() -> None:
    case = DATADOG["missing_slices"]
    seen = case["slices"] - case["missing"]
    held = buckets([(1, 1)] * seen + [None] * case["missing"])
    wanted = definition("99", 300 * case["slices"], slices=TimeSlices(300, Decimal(100), NoData.GOOD))
    figures = evaluate(held, wanted, held.end)
    assert {"up": figures.good, "total": figures.total} == case["theirs"]


@pytest.mark.parametrize("case", [DATADOG["remaining"], DATADOG["nobl9"]], ids=["Datadog", "Nobl9"])
def test_the_remaining_budget_is_the_unspent_part_of_what_is_allowed(case: dict[str, float]) -> None:
    held = buckets([(case["status"], 100)])
    remaining = evaluate(held, definition(str(case["target"])), held.end).remaining
    assert remaining == pytest.approx(case["theirs"] / 100)


@pytest.mark.parametrize("case", OPENSLO["slices"], ids=lambda case: str(case["name"]))
def test_openslos_time_slices_allow_so_many_slices(case: dict[str, Any]) -> None:
    held = steady(case["slices"], 1, 1, step=case["slice"])
    cut = TimeSlices(case["slice"], Decimal(100))
    figures = evaluate(held, definition(str(case["objective"]), case["days"] * DAY, slices=cut), held.end)
    assert (figures.total, figures.coverage) == (case["slices"], 1)
    assert figures.allowed_bad == pytest.approx(case["allowed"], rel=1e-12)
    assert figures.allowed_minutes == pytest.approx(case["minutes"], rel=1e-12)


def test_openslos_mean_of_slice_ratios_lasts_as_long_through_an_attack() -> None:
    case = OPENSLO["ratio_slices"]

    def left(attacked: int) -> float:
        calm = case["slices"] - attacked
        pairs = [(100 * (1 - case["attack_errors"]), 100.0)] * attacked + [
            (100 * (1 - case["base_errors"]), 100.0)
        ] * calm
        held = buckets(pairs, step=60)
        methods = by_methods(held, definition(str(case["objective"]), case["slices"] * 60), held.end)
        remaining = next(each.remaining for each in methods if each.method is Counting.MEAN_OF_RATIOS)
        assert remaining is not None
        return remaining

    assert left(int(case["minutes"])) > 0 > left(int(case["minutes"]) + 1)


def test_sloths_time_averaged_ratio_is_told_beside_ours() -> None:
    # slok/sloth, internal/plugin/slo/core/sli_rules_v1: the mean of 5-minute ratios, unweighted.
    told = {each.method: each.sli for each in by_methods(buckets([(1000, 1000), (0, 10)]), definition(), START + 600)}
    assert told[Counting.MEAN_OF_RATIOS] == 0.5
    assert told[Counting.EVENTS] == pytest.approx(1 - 10 / 1010)


def test_a_quiet_moment_does_not_poison_a_month() -> None:
    # slok/sloth#133 and #531: one ratio of 0 / 0 made the period's figure NaN for 30 days.
    held = buckets([(100, 100), (0, 0), (99, 100)])
    assert evaluate(held, definition("99", 30 * DAY), held.end).sli == pytest.approx(0.995)
    line = rolling_remaining(held, definition("99", 30 * DAY), START + 300 * np.arange(1, 4))
    assert line.values.tolist() == pytest.approx([1, 1, 0.5])
