from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.conformance.reading import cases
from tests.slo.making import buckets, definition
from tomoni.slo.model import AlertRule, Buckets, Definition, Severity
from tomoni.slo.status import evaluate

FILE = cases("slo_generator.yaml")
HOUR = FILE["window"]


def wanted(objective: int, threshold: float, window: int = HOUR, minimum: float = 0) -> Definition:
    rule = AlertRule(Severity.PAGE, window, window, given_factor=float(threshold))
    return definition(str(objective), window, rules=(rule,), min_events=minimum, burn_windows_seconds=(window,))


def observed(given: Any) -> Buckets:
    """One hour as an adapter brings it: what is missing is missing, a missing numerator is marked."""
    if isinstance(given, float):
        return buckets([(given, 1)], step=HOUR)
    if not isinstance(given, list) or set(given) <= {-1, None}:
        return buckets([None], step=HOUR)
    good, bad = given
    one = buckets([(max(good, 0), max(good, 0) + max(bad, 0))], step=HOUR)
    return replace(one, absent=np.array([good == -1]))


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: str(case["name"]))
def test_its_edge_cases_have_our_verdict(case: dict[str, Any]) -> None:
    held, ours = observed(case["given"]), case["ours"]
    figures = evaluate(held, wanted(FILE["objective"], FILE["threshold"], minimum=FILE["minimum"]), held.end)
    assert [figures.good, figures.total, figures.sli] == pytest.approx([ours["good"], ours["total"], ours["sli"]])
    assert figures.state == ours["state"]
    assert figures.alerts[0].firing == ours["alert"]
    assert figures.too_few_events == ours.get("too_few", False)
    assert figures.absent == ours.get("absent", 0)


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: str(case["name"]))
def test_where_its_report_is_valid_the_numbers_agree(case: dict[str, Any]) -> None:
    held, theirs = observed(case["given"]), case["theirs"]
    figures = evaluate(held, wanted(FILE["objective"], FILE["threshold"]), held.end)
    if not theirs["valid"]:
        assert figures.sli is None or "why" in case
        return
    assert figures.sli == pytest.approx(theirs["sli"], abs=1e-6)
    assert theirs.get("burn") in (None, pytest.approx(figures.burn[HOUR]))
    assert theirs.get("alert") in (None, figures.alerts[0].firing)


@pytest.mark.parametrize("case", FILE["rounding"], ids=lambda case: f"{case['bad']} of {case['total']} bad")
def test_burn_rates_are_compared_before_they_are_rounded(case: dict[str, Any]) -> None:
    held = buckets([(case["total"] - case["bad"], case["total"])], step=HOUR)
    figures = evaluate(held, wanted(case["objective"], case["threshold"]), held.end)
    burn = figures.burn[HOUR]
    assert burn is not None
    assert (round(burn, 1) > case["threshold"]) == case["theirs"]
    assert figures.alerts[0].firing == case["ours"]


def test_minutes_follow_its_formulas() -> None:
    case = FILE["minutes"]
    held = buckets([(case["good"], case["total"])], step=HOUR)
    figures = evaluate(held, wanted(case["objective"], 1, case["window"]), held.end)
    assert figures.spent_minutes is not None
    assert figures.allowed_minutes == pytest.approx(case["budget"])
    assert figures.spent_minutes == pytest.approx(case["bad"])
    assert figures.allowed_minutes - figures.spent_minutes == pytest.approx(case["remaining"])
    assert figures.burn[case["window"]] == pytest.approx(case["burn"])


def test_a_total_that_comes_late_does_not_drop_the_figures() -> None:
    case = FILE["late"]
    held = buckets([(case["good"], case["total"])], step=HOUR)
    figures = evaluate(held, wanted(99, 1), held.end)
    assert (figures.sli, figures.clamped) == (case["ours"]["sli"], case["ours"]["clamped"])
