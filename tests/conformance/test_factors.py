from fractions import Fraction
from typing import Any

import pytest

from tests.conformance.reading import cases
from tests.slo.making import DAY, START, buckets, definition, steady
from tomoni.slo.model import WORKBOOK_RULES, AlertRule, Severity
from tomoni.slo.status import evaluate

TABLES = cases("factors.yaml")
PYRRA = cases("pyrra.yaml")


def rules_of(table: dict[str, Any]) -> tuple[AlertRule, ...]:
    return tuple(
        AlertRule(Severity(rule["severity"]), rule["long"], rule["short"], Fraction(str(rule["share"])))
        for rule in table["rules"]
    )


def pyrra_rules(windows: dict[str, Any]) -> tuple[AlertRule, ...]:
    rows = zip(PYRRA["severities"], windows["long"], windows["short"], PYRRA["factors"], strict=True)
    return tuple(
        AlertRule(Severity(severity), 60 * long, 60 * short, given_factor=float(factor))
        for severity, long, short, factor in rows
    )


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table["name"]))
def test_the_factors_are_the_published_ones(table: dict[str, Any]) -> None:
    figures = evaluate(steady(1), definition("99.9", table["window"], rules=rules_of(table)), START + 300)
    assert [alert.factor for alert in figures.alerts] == pytest.approx([r["factor"] for r in table["rules"]], rel=1e-12)


def test_our_own_rules_are_those_of_the_workbook() -> None:
    assert rules_of(TABLES[0]) == WORKBOOK_RULES


@pytest.mark.parametrize("windows", PYRRA["windows"], ids=lambda windows: f"{windows['days']} days")
def test_pyrras_windows_and_factors_are_kept_as_they_are(windows: dict[str, Any]) -> None:
    held = buckets([(1, 1)], step=60)
    figures = evaluate(held, definition("99.9", windows["days"] * DAY, rules=pyrra_rules(windows)), START + 60)
    assert [alert.factor for alert in figures.alerts] == PYRRA["factors"]
    assert [alert.long_seconds // 60 for alert in figures.alerts] == windows["long"]
    assert [alert.short_seconds // 60 for alert in figures.alerts] == windows["short"]
    assert all(alert.reachable for alert in figures.alerts)


@pytest.mark.parametrize("windows", PYRRA["windows"], ids=lambda windows: f"{windows['days']} days")
@pytest.mark.parametrize("place", range(4))
def test_pyrras_rules_fire_strictly_above_their_factor(windows: dict[str, Any], place: int) -> None:
    factor = PYRRA["factors"][place]
    rules = (pyrra_rules(windows)[place],)
    wanted = definition("99", windows["days"] * DAY, rules=rules)
    count = windows["long"][place]
    at_it, above = (steady(count, 1000 - bad, 1000, step=60) for bad in (10 * factor, 10 * factor + 0.001))
    assert not evaluate(at_it, wanted, at_it.end).alerts[0].firing
    assert evaluate(above, wanted, above.end).alerts[0].firing


@pytest.mark.parametrize("place", range(4))
def test_at_pyrras_factors_a_budget_lasts_as_long_as_it_says(place: int) -> None:
    days, after = PYRRA["exhausts"]["days"], PYRRA["exhausts"]["after_days"][place]
    bad = 10 * PYRRA["factors"][place]
    spent = buckets([(1000 - bad, 1000)] * (after * 24) + [(1000, 1000)] * ((days - after) * 24), step=3600)
    assert evaluate(spent, definition("99", days * DAY), spent.end).remaining == 0


def test_a_low_objective_makes_a_page_unreachable_as_reported_to_sloth() -> None:
    (first, *_rest) = evaluate(steady(1), definition("10", 30 * DAY), START + 300).alerts  # slok/sloth#341
    assert first.factor == 14.4
    assert not first.reachable
