"""Policies, alerts of a whole app, fiscal years: what holds for what."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tomoni.catalog.load import load
from tomoni.catalog.schema import Catalog, Policy
from tomoni.slo.journeys import CompositeMethod
from tomoni.slo.model import CalendarWindow, Definition

SOURCES = "sources: {demo: {kind: demo}}\n"
APP = """\
app: shop
%s
journeys:
  - id: buy
    composite: worst_of
    slos:
      - {id: quarter, objective: 99, window: {calendar: quarter}, sli: {source: demo, counts: a}}
      - {id: other-quarter, objective: 99, window: {calendar: quarter, first_month: 2}, sli: {source: demo, counts: b}}
      - {id: month, objective: 99, window: {calendar: month}, sli: {source: demo, counts: b}}
      - id: own
        objective: 99
        window: 28d
        alerts: [{severity: page, long: 2h, short: 10m, factor: 7.5, min_events: 20}]
        sli: {source: demo, counts: c}
"""
POLICIES = """\
default: usual
policies:
  usual: {levels: [{below: 0.25}, {below: 0%}, {below: 50 %}]}
  strict: {title: Strict, agreed: 2026-04-01, levels: [{below: 75%, do: [Talk.]}]}
  broken: {levels: [{below: much}]}
"""


def catalog_of(folder: Path, app: str = "", settings: str = "") -> Catalog:
    (folder / "apps").mkdir()
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (folder / "settings.yaml").write_text(settings, encoding="utf-8")
    (folder / "policies.yaml").write_text(POLICIES, encoding="utf-8")
    (folder / "apps" / "shop.yaml").write_text(APP % app, encoding="utf-8")
    return load(folder, {})


def definition_of(catalog: Catalog, slo_id: str) -> Definition:
    return next(slo.definition for slo in catalog.apps[0].journeys[0].slos if slo.id == slo_id)


def policy_of(catalog: Catalog) -> Policy:
    policy = catalog.apps[0].policy
    assert policy is not None
    return policy


def test_an_app_without_a_policy_has_the_default_with_its_levels_in_order(tmp_path: Path) -> None:
    policy = policy_of(catalog_of(tmp_path))
    assert (policy.id, policy.agreed) == ("usual", None)
    assert [level.below for level in policy.levels] == [0.5, 0.25, 0]
    assert [level.id for level in policy.levels] == ["below-50", "below-25", "below-0"]


def test_an_app_picks_a_policy(tmp_path: Path) -> None:
    policy = policy_of(catalog_of(tmp_path, "policy: strict"))
    assert (policy.title("ja"), policy.agreed) == ("Strict", date(2026, 4, 1))
    assert policy.levels[0].actions[0]("en") == "Talk."


def test_a_policy_with_faults_is_known_but_not_used(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, "policy: broken")
    assert catalog.apps[0].policy is None
    assert [problem.code for problem in catalog.problems] == ["not_a_number"]


def test_quarters_begin_with_the_fiscal_year_unless_they_say_otherwise(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, settings="first_month: 4\n")
    windows = {slo_id: definition_of(catalog, slo_id).window for slo_id in ("quarter", "other-quarter", "month")}
    months = {slo_id: w.first_month for slo_id, w in windows.items() if isinstance(w, CalendarWindow)}
    assert months == {"quarter": 4, "other-quarter": 2, "month": 1}


def test_alerts_of_an_app_hold_for_its_slos_that_have_none(tmp_path: Path) -> None:
    settings = "alerts: [{severity: page, long: 6h, short: 30m, share: 0.1}]\n"
    catalog = catalog_of(tmp_path, "alerts: [{severity: ticket, long: 1d, short: 2h, share: 0.2}]", settings)
    (rule,) = definition_of(catalog, "month").rules
    assert (rule.severity.value, rule.long_seconds) == ("ticket", 86_400)
    (own,) = definition_of(catalog, "own").rules
    assert (own.given_factor, own.min_events, own.share) == (7.5, 20, None)


def test_a_journey_asks_for_one_budget(tmp_path: Path) -> None:
    assert catalog_of(tmp_path).apps[0].journeys[0].composite is CompositeMethod.WORST_OF


@pytest.mark.parametrize("written", ["0.25", "25%", "25 %", "25.0%"])
def test_a_level_is_written_as_a_percentage_or_a_ratio(tmp_path: Path, written: str) -> None:
    (tmp_path / "policies.yaml").write_text(f"default: p\npolicies: {{p: {{levels: [{{below: {written}}}]}}}}\n")
    (tmp_path / "apps").mkdir()
    (tmp_path / "sources.yaml").write_text(SOURCES)
    (tmp_path / "apps" / "shop.yaml").write_text(APP % "")
    assert policy_of(load(tmp_path, {})).levels[0].below == 0.25
