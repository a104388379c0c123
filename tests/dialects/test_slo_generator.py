"""slo-generator's SLOs and policies as app files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from data_sources.cloud_monitoring.config import Distribution
from data_sources.prometheus.config import Histogram
from data_sources.queries import Expression, Ratio, RecordedRate, RecordedRatio, SliForm
from tests.dialects.importing import brought
from tomoni.slo.model import DAY, RollingWindow

POLICIES = """\
backends: {prometheus: {url: http://x}}
error_budget_policies:
  default:
    steps:
      - {name: 1 hour, burn_rate_threshold: 9, alert: true, window: 3600, message_alert: Page, message_ok: Fine}
      - {name: 28 days, burn_rate_threshold: 1, alert: false, window: 2419200}
"""
PROJECT = 'project="p" metric.type="m" AND resource.type="r"'
LB = 'metric.type="loadbalancing.googleapis.com/https/total_latencies"'


def slo(backend: str, method: str, indicator: dict[str, Any], **spec: Any) -> str:
    labels = {"service_name": "shop", "feature_name": "orders", "slo_name": "availability", "team": "a"}
    whole = {
        "apiVersion": "sre.google.com/v2",
        "kind": "ServiceLevelObjective",
        "metadata": {"name": "shop-orders-availability", "labels": labels},
        "spec": {
            "description": "Orders work.",
            "backend": backend,
            "method": method,
            "service_level_indicator": indicator,
            "goal": 0.999,
            **spec,
        },
    }
    return yaml.safe_dump(whole, sort_keys=False)


def share(text: str) -> RecordedRatio:
    return RecordedRatio.model_validate({"ratio": {"success": text}})


@pytest.mark.parametrize(
    ("method", "indicator", "sli", "told"),
    [
        (
            "good_bad_ratio",
            {"filter_good": 'r{code="200"}', "filter_valid": "r[window]"},
            Ratio(total="r", good='r{code="200"}'),
            [],
        ),
        (
            "good_bad_ratio",
            {"filter_good": "g", "filter_bad": "b", "filter_valid": "r"},
            Ratio(good="g", bad="b"),
            ["bad_before_valid"],
        ),
        (
            "good_bad_ratio",
            {"filter_good": "g", "filter_valid": "r", "operators": ["rate", "max"]},
            RecordedRate.model_validate({"rate": {"good": "max(rate(g[$window]))", "total": "max(rate(r[$window]))"}}),
            [],
        ),
        (
            "query_sli",
            {"expression": 'sum(rate(r{code="200"}[window])) / sum(rate(r[window]))'},
            Ratio(total="r", good='r{code="200"}'),
            [],
        ),
        (
            "query_sli",
            {"expression": "1 - (sum(rate(b[window])) / sum(rate(r[window])))"},
            Ratio(total="r", bad="b"),
            [],
        ),
        (
            "query_sli",
            {"expression": 'increase(x_bucket{le="1"}[window]) / ignoring (le) increase(x_count[window])'},
            Ratio(total="x_count", good='x_bucket{le="1"}'),
            ["first_series"],
        ),
        (
            "query_sli",
            {"expression": "sum by (x) (rate(g[window])) / sum by (x) (rate(r[window]))"},
            Ratio(
                total=Expression(expr="sum(sum by (x) (increase(r[$window])))"),
                good=Expression(expr="sum(sum by (x) (increase(g[$window])))"),
            ),
            ["first_series"],
        ),
        (
            "query_sli",
            {"expression": "avg_over_time(probe_success[window])"},
            share("avg_over_time(probe_success[$window])"),
            ["averaged"],
        ),
        (
            "query_sli",
            {"expression": "(sum(rate(a[window])) + sum(rate(b[window]))) / sum(rate(r[window]))"},
            Ratio(total="r", good=Expression(expr="sum(increase(a[$window])) + sum(increase(b[$window]))")),
            [],
        ),
        (
            "distribution_cut",
            {"expression": 'x_seconds_bucket{handler="a"}', "threshold_bucket": 0.25},
            Histogram.model_validate({"histogram": 'x_seconds{handler="a"}', "under": "250ms"}),
            [],
        ),
    ],
)
def test_each_method_of_prometheus_counts_what_the_tool_counts(
    tmp_path: Path, method: str, indicator: dict[str, Any], sli: SliForm, told: list[str]
) -> None:
    found = brought("slo-generator", tmp_path, slo("prometheus", method, indicator), POLICIES)
    assert found.slos["availability"].sli == sli
    usual = ("words_of_policy", "connection", "only_reported")
    assert [line.split()[-1] for line in found.told() if not line.endswith(usual)] == told


@pytest.mark.parametrize(
    ("backend", "method", "indicator", "sli", "told"),
    [
        (
            "cloud_monitoring",
            "good_bad_ratio",
            {"filter_good": PROJECT, "filter_bad": PROJECT},
            Ratio(good='metric.type="m" AND resource.type="r"', bad='metric.type="m" AND resource.type="r"'),
            ["project_of_source", "project_of_source"],
        ),
        (
            "cloud_monitoring/other",
            "distribution_cut",
            {"filter_valid": LB, "threshold_bucket": 19, "good_below_threshold": True},
            Distribution(distribution=LB, range=(0, 724.0773)),
            ["bounds_assumed"],
        ),
        (
            "cloud_service_monitoring",
            "distribution_cut",
            {"filter_valid": LB, "range_min": 0, "range_max": 300},
            Distribution(distribution=LB, range=(0, 300)),
            [],
        ),
        (
            "cloud_monitoring",
            "distribution_cut",
            {"filter_valid": 'metric.type="x"', "threshold_bucket": 3},
            None,
            [],
        ),
        ("cloud_monitoring_mql", "query_sli", {"query": "fetch x"}, None, []),
        ("cloud_service_monitoring", "basic", {"latency": {"threshold": 1}}, None, []),
        ("datadog", "query_sli", {"query": "x"}, None, []),
    ],
)
def test_each_method_of_google_counts_what_the_tool_counts(
    tmp_path: Path, backend: str, method: str, indicator: dict[str, Any], sli: SliForm | None, told: list[str]
) -> None:
    found = brought("slo-generator", tmp_path, slo(backend, method, indicator))
    assert [each.sli for each in found.slos.values()] == ([sli] if sli else [])
    if sli is None:
        assert [line for line in found.told() if "left_out" in line]
    else:
        assert [line.split()[-1] for line in found.told()] == ["no_policy", *told]


def test_windows_and_alerts_are_those_of_the_policy(tmp_path: Path) -> None:
    spec = slo("prometheus", "good_bad_ratio", {"filter_good": "g", "filter_valid": "r"}, exporters=["pubsub"])
    found = brought("slo-generator", tmp_path, spec, POLICIES, "service_name: old\nslo_name: a\nslo_target: 0.9\n")
    app = found.apps["shop"]
    assert [journey.id for journey in app.journeys] == ["orders"]
    definition = found.slos["availability"].definition
    assert definition.window == RollingWindow(28 * DAY)
    assert [(rule.given_factor, rule.long_seconds) for rule in definition.rules] == [(9, 3600)]
    assert found.slos["availability"].kept.marks.labels["team"] == "a"
    assert [line.split(" ", 1)[1] for line in found.told()] == [
        "spec.exporters ignored results_of_tool",
        "backends ignored connection",
        "error_budget_policies.default.steps[0].message_alert not_expressible words_of_policy",
        "error_budget_policies.default.steps[0].message_ok not_expressible words_of_policy",
        "error_budget_policies.default.steps[1].burn_rate_threshold ignored only_reported",
        "ignored other_version",
    ]
