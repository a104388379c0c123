"""The exported alerts against the ledger, on a real Prometheus with five weeks of history."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

import numpy as np
import pytest
import yaml

from data_sources.base import Interval, Request
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from tests.dialects.promtool import exported, shop, slo_of
from tests.real_prometheus import RealPrometheus, program, running_prometheus
from tomoni.catalog.schema import Slo
from tomoni.slo.alerts import alert_history
from tomoni.slo.model import DAY, Buckets, Severity

pytestmark = [pytest.mark.prometheus, pytest.mark.slow]

LOOKED_AT = 2 * DAY
NAMES = {"ErrorBudgetBurnPage": Severity.PAGE, "ErrorBudgetBurnTicket": Severity.TICKET}
Expressions = dict[tuple[str, str], str]


def inlined(rules: str) -> Expressions:
    """The expressions of alerts by SLO and name, with recorded series written out: history has not recorded them."""
    return _texts_of(rules, "alert")


def recorded_texts(rules: str) -> Expressions:
    """The expressions of recorded series by SLO and name, with the series that they build on written out."""
    return _texts_of(rules, "record")


def _texts_of(rules: str, kind: str) -> Expressions:
    found: Expressions = {}
    for group in yaml.safe_load(rules)["groups"]:
        recorded: dict[str, str] = {}
        for rule in group["rules"]:
            labels = rule["labels"]
            expr = _written_out(rule["expr"], recorded)
            if "record" in rule:
                key = ",".join(f'{name}="{labels[name]}"' for name in ("app", "journey", "slo"))
                recorded[f"{rule['record']}{{{key}}}"] = f"({expr})"
            if kind in rule:
                found[labels["slo"], rule[kind]] = expr
    return found


def _written_out(expr: str, recorded: dict[str, str]) -> str:
    return re.sub(r"tomoni:[\w:]+\{[^}]*\}", lambda match: recorded[match[0]], expr)


def firing(server: RealPrometheus, expr: str, start: int, end: int) -> set[int]:
    """The minutes at which an expression gives anything."""
    body = urllib.parse.urlencode({"query": f"count({expr})", "start": start, "end": end, "step": 60}).encode()
    with urllib.request.urlopen(f"{server.url}/api/v1/query_range", body, timeout=120) as answer:
        result = json.load(answer)["data"]["result"]
    return {int(time) for series in result for time, _ in series["values"]}


def reference(source: PrometheusSource, slo: Slo, severity: Severity, start: int, end: int) -> set[int]:
    """The minutes at which an alert of the product fires, from buckets as the ledger has them."""
    interval = Interval(end - 20 * DAY, end, 300)
    (answer,) = source.fetch([Request(slo.id, slo.sli, interval)])
    assert answer.series is not None
    columns = answer.series.columns
    absent = np.zeros(len(columns["total"]), dtype=np.bool_)
    held = Buckets(interval.start, 300, columns["good"], columns["total"], absent)
    history = alert_history(held, slo.definition, start, end)
    spans = [(each.start, each.end or end + 300) for each in history if each.rule.severity is severity]
    return {t for t in range(start, end, 60) if any(a <= t // 300 * 300 < b for a, b in spans)}


def test_alerts_fire_in_the_same_minute_as_the_ledgers_says_on_a_real_prometheus(tmp_path: Path) -> None:
    app = shop(
        slo_of(
            "bad",
            {"total": 'http_requests_total{app="checkout"}', "bad": 'http_requests_total{app="checkout",code="500"}'},
        ),
        slo_of(
            "gap",
            {"total": 'http_requests_total{app="search"}', "bad": 'http_requests_total{app="search",code="500"}'},
            objective=99.9,
        ),
        slo_of("probe", {"gauge": 'min(probe_success{job="web"})', "good_when": ">= 0.9"}),
        alerts=[
            {"severity": "page", "long": "1h", "short": "5m", "share": 0.02},
            {"severity": "page", "long": "6h", "short": "30m", "factor": 3},
            {"severity": "ticket", "long": "1d", "short": "2h", "factor": 1.5},
        ],
    )
    rules = exported("rules", app).files["shop.rules.yaml"]
    (tmp_path / "rules.yaml").write_text(rules)
    subprocess.run([program("promtool"), "check", "rules", tmp_path / "rules.yaml"], check=True, capture_output=True)
    expressions, slos = inlined(rules), {slo.id: slo for slo in app.journeys[0].slos}
    with running_prometheus(tmp_path) as server:
        config = PrometheusConfig.model_validate({"kind": "prometheus", "url": server.url})
        source = PrometheusSource("it", config)
        start, end = server.world.end - LOOKED_AT, server.world.end
        ever = set()
        for (slo, name), expr in expressions.items():
            if name in NAMES:
                there = firing(server, expr, start, end - 60)
                here = reference(source, slos[slo], NAMES[name], start, end)
                assert there == here, (slo, name, sorted(there ^ here)[:5], len(there), len(here))
                ever |= {(slo, name)} if here else set()
        source.close()
    assert ("bad", "ErrorBudgetBurnPage") in ever
