"""Grafana's SLOs as app files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data_sources.prometheus.config import Histogram
from data_sources.queries import Expression, Gauge, Ratio, RecordedRatio, SliForm
from tests.dialects.importing import brought
from tests.dialects.promtool import exported, shop, slo_of


def slo(query: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "uuid": "u1",
        "name": "Orders work",
        "description": "They do.",
        "query": query,
        "objectives": [{"value": 0.995, "window": "28d"}],
        "labels": [{"key": "service_name", "value": "shop"}, {"key": "team", "value": "a"}],
        "destinationDatasource": {"uid": "grafanacloud-prom", "type": "prometheus"},
        **more,
    }


def ratio(success: str, total: str, **more: Any) -> dict[str, Any]:
    parts = {"successMetric": {"prometheusMetric": success}, "totalMetric": {"prometheusMetric": total}}
    return {"type": "ratio", "ratio": {**parts, **more}}


LIMIT = {"operator": "<=", "value": 0.5}


@pytest.mark.parametrize(
    ("query", "sli", "told"),
    [
        (ratio('r{code!~"5.."}', "r"), Ratio(total="r", good='r{code!~"5.."}'), []),
        (ratio("g", "r", groupByLabels=["job"]), Ratio(total="r", good="g"), ["grouping"]),
        (
            ratio('x_seconds_bucket{le="0.3"}', "x_seconds_count"),
            Histogram.model_validate({"histogram": "x_seconds", "under": "300ms"}),
            [],
        ),
        (
            {
                "type": "freeform",
                "freeform": {"query": "sum(rate(g[$__rate_interval])) / sum(rate(r[$__rate_interval]))"},
            },
            Ratio(total="r", good="g"),
            [],
        ),
        (
            {
                "type": "freeform",
                "freeform": {"query": "sum(rate(g[$__range])) by (x) / sum(rate(r[$__range])) by (x)"},
            },
            Ratio(
                total=Expression(expr="sum(sum(increase(r[$window])) by (x))"),
                good=Expression(expr="sum(sum(increase(g[$window])) by (x))"),
            ),
            ["grouped"],
        ),
        (
            {"type": "freeform", "freeform": {"query": "avg(up)"}},
            RecordedRatio.model_validate({"ratio": {"success": "avg(up)"}}),
            ["averaged"],
        ),
        (
            {
                "type": "threshold",
                "threshold": {"thresholdExpression": "max(lag)", "threshold": LIMIT, "groupByLabels": ["job"]},
            },
            Gauge(gauge="max(lag)", good_when="<= 0.5"),
            ["buckets_not_points", "grouping_many"],
        ),
        (
            {
                "type": "histogram",
                "histogram": {"metric": {"prometheusMetric": "x_seconds_bucket"}, "threshold": LIMIT},
            },
            Histogram.model_validate({"histogram": "x_seconds", "under": 0.5}),
            [],
        ),
        ({"type": "grafanaQueries", "grafanaQueries": {"queries": []}}, None, ["method"]),
        ({"type": "freeform", "freeform": {"query": '[{"refId": "A"}]'}}, None, ["other_sources"]),
    ],
)
def test_each_type_of_query_becomes_a_form(
    tmp_path: Path, query: dict[str, Any], sli: SliForm | None, told: list[str]
) -> None:
    found = brought("grafana", tmp_path, json.dumps({"slos": [slo(query)]}))
    assert [each.sli for each in found.slos.values()] == ([sli] if sli else [])
    assert [line.split()[-1] for line in found.told() if not line.endswith("bookkeeping")] == told


def test_the_rest_is_kept_or_told(tmp_path: Path) -> None:
    alerting = {
        "name": "Burns",
        "labels": [{"key": "a", "value": "b"}],
        "fastBurn": {"labels": [{"key": "severity", "value": "critical"}]},
        "slowBurn": {},
        "advancedOptions": {"minFailures": 10},
    }
    whole = slo(
        ratio("g", "r"),
        alerting=alerting,
        objectives=[{"value": 0.99, "window": "7d"}, {"value": 0.9, "window": "30d"}],
        folder={"uid": "f"},
        surprise=True,
    )
    found = brought("grafana", tmp_path, json.dumps(whole, indent=2))
    assert list(found.slos) == ["orders-work", "orders-work-2"]
    first = found.slos["orders-work"]
    assert [rule.given_factor for rule in first.definition.rules] == [14.4, 6, 3, 1]
    assert (first.kept.alerting.name, first.kept.alerting.page.labels) == ("Burns", {"severity": "critical"})
    assert first.kept.marks.labels == {"service_name": "shop", "team": "a"}
    assert [line.split(" ", 1)[1] for line in found.told()] == [
        "uuid ignored bookkeeping",
        "alerting.advancedOptions.minFailures not_expressible min_failures",
        "folder ignored bookkeeping",
        "surprise not_expressible unknown_key",
    ]


def test_the_labels_of_a_split_go_to_grafana_and_come_from_it(tmp_path: Path) -> None:
    app = shop(
        slo_of("good", {"total": "r", "good": "g"}, split_by=["route", "zone"], alerts=[]),
        slo_of("bad", {"total": "r", "bad": "b"}, split_by=["route"]),
    )
    written = exported("terraform", app)
    assert written.files["shop.grafana.tf"].count('group_by_labels = ["route", "zone"]') == 1
    said = {line.what.rpartition("/")[2]: line.reason for line in written.lines if "labels" in line.facts}
    assert said == {"good": "writes_parts", "bad": "writes_split"}
    whole = json.dumps(slo(ratio("g", "r", groupByLabels=["route", "zone"])))
    assert brought("grafana", tmp_path, whole).slos["orders-work"].split.labels == ("route", "zone")
