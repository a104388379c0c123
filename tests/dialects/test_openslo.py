"""OpenSLO's objects as app files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from data_sources.queries import Expression, Gauge, Ratio, RecordedRatio, SliForm
from tests.dialects.importing import Import, brought
from tomoni.dialects.found import Wanted
from tomoni.slo.model import DAY, CalendarUnit, CalendarWindow, Method, RollingWindow

PROMETHEUS = {"type": "Prometheus"}


def metric(query: str, **source: str) -> dict[str, Any]:
    return {"metricSource": {**(source or PROMETHEUS), "spec": {"query": query}}}


def slo(indicator: Mapping[str, Any], objective: Mapping[str, Any] | None = None, **spec: Any) -> str:
    body = {
        "service": "shop",
        "indicator": {"spec": indicator},
        "timeWindow": [{"duration": "4w", "isRolling": True}],
        "budgetingMethod": "Occurrences",
        "objectives": [objective or {"target": 0.995}],
        **spec,
    }
    whole = {"apiVersion": "openslo/v1", "kind": "SLO", "metadata": {"name": "orders"}, "spec": body}
    return yaml.safe_dump(whole, sort_keys=False)


RATIO = {"ratioMetric": {"counter": True, "good": metric('r{code!~"5.."}'), "total": metric("r")}}
GAUGE = {"thresholdMetric": metric("max(latency_seconds)")}
SLICED = {"target": 0.99, "timeSliceTarget": 0.9, "timeSliceWindow": "10m"}


@pytest.mark.parametrize(
    ("indicator", "objective", "sli", "told"),
    [
        (RATIO, None, Ratio(total="r", good='r{code!~"5.."}'), []),
        ({"ratioMetric": {"bad": metric("b"), "total": metric("sum(r)")}}, None, Ratio(total="r", bad="b"), []),
        (
            {"ratioMetric": {"good": metric("sum(rate(g[5m]))"), "total": metric("sum(rate(r[5m]))")}},
            None,
            Ratio(total="r", good="g"),
            [],
        ),
        (
            {"ratioMetric": {"good": metric("sum(rate(g[1h]))"), "total": metric("sum(rate(r[1h]))")}},
            None,
            Ratio(total="r", good="g"),
            ["range_is_bucket", "range_is_bucket"],
        ),
        (
            {"ratioMetric": {"counter": False, "good": metric("g"), "total": metric("r")}},
            None,
            Ratio(
                total=Expression(expr="sum(sum_over_time(r[$window]))"),
                good=Expression(expr="sum(sum_over_time(g[$window]))"),
            ),
            ["sampled", "sampled"],
        ),
        (
            {"ratioMetric": {"rawType": "failure", "raw": metric("job:errors:ratio5m")}},
            None,
            RecordedRatio.model_validate({"ratio": {"error": "job:errors:ratio5m"}}),
            [],
        ),
        (
            GAUGE,
            {"op": "lte", "value": 0.25, "target": 0.99},
            Gauge(gauge="max(latency_seconds)", good_when="<= 0.25"),
            ["buckets_not_points"],
        ),
    ],
)
def test_each_indicator_becomes_a_form(
    tmp_path: Path, indicator: Mapping[str, Any], objective: Mapping[str, Any] | None, sli: SliForm, told: list[str]
) -> None:
    found = brought("openslo", tmp_path, slo(indicator, objective))
    assert found.slos["orders"].sli == sli
    assert [line.split()[-1] for line in found.told()] == told


def test_filters_of_cloud_monitoring_stay_filters(tmp_path: Path) -> None:
    filters = {part: metric(f'metric.type="{part}"', type="Google Cloud Monitoring") for part in ("good", "total")}
    found = brought("openslo", tmp_path, slo({"ratioMetric": filters}))
    assert (found.slos["orders"].source, found.slos["orders"].sli) == (
        "cloud_monitoring",
        Ratio(total='metric.type="total"', good='metric.type="good"'),
    )


def test_time_slices_and_their_means_keep_their_lengths(tmp_path: Path) -> None:
    sliced = brought("openslo", tmp_path, slo(RATIO, SLICED, budgetingMethod="Timeslices")).slos["orders"]
    assert sliced.definition.method is Method.TIME_SLICES
    assert sliced.definition.slices is not None
    assert (sliced.definition.slices.length_seconds, sliced.bucket_seconds) == (600, 300)
    mean = {"target": 0.99, "timeSliceWindow": 1}
    averaged = brought("openslo", tmp_path, slo(RATIO, mean, budgetingMethod="RatioTimeslices")).slos["orders"]
    assert isinstance(averaged.sli, RecordedRatio)
    share = 'sum(increase(r{code!~"5.."}[$window])) / (sum(increase(r[$window])))'
    assert (averaged.sli.ratio.success, averaged.bucket_seconds) == ("(" + share.replace(" / (", ") / ("), 60)


@pytest.mark.parametrize(
    ("window", "expected", "told"),
    [
        ({"duration": "30d", "isRolling": True}, RollingWindow(30 * DAY), []),
        ({"duration": "1M", "isRolling": True}, RollingWindow(30 * DAY), ["calendar_length"]),
        (
            {"duration": "1M", "calendar": {"startTime": "2026-01-01 00:00:00", "timeZone": "Asia/Tokyo"}},
            CalendarWindow(CalendarUnit.MONTH, "Asia/Tokyo"),
            [],
        ),
        (
            {"duration": "1Q", "calendar": {"startTime": "2026-02-15 00:00:00", "timeZone": "Asia/Tokyo"}},
            CalendarWindow(CalendarUnit.QUARTER, "Asia/Tokyo", 2, 15),
            [],
        ),
        (
            {"duration": "1w", "calendar": {"startTime": "2026-11-22T06:30:00Z", "timeZone": "Asia/Tokyo"}},
            CalendarWindow(CalendarUnit.WEEK, "Asia/Tokyo", first_day=7, start_minutes=15 * 60 + 30),
            [],
        ),
        (
            {"duration": "1M", "calendar": {"startTime": "2026-01-31 00:00:30", "timeZone": "UTC"}},
            CalendarWindow(CalendarUnit.MONTH, "UTC", first_day=28),
            ["off_the_period"],
        ),
        (
            {"duration": "1Y", "calendar": {"startTime": "2026-04-01 00:00:00", "timeZone": "UTC"}},
            CalendarWindow(CalendarUnit.YEAR, "UTC", 4),
            [],
        ),
        ({"duration": "1m", "isRolling": True}, None, ["minutes_or_months"]),
        ({"duration": "2w", "calendar": {"timeZone": "UTC"}}, RollingWindow(14 * DAY), ["calendar_as_rolling"]),
        ({"duration": "2M", "calendar": {}}, RollingWindow(60 * DAY), ["calendar_length", "calendar_as_rolling"]),
        ({"duration": "1m", "calendar": {"timeZone": "UTC"}}, None, ["minutes_or_months"]),
        ({"duration": "soon", "isRolling": True}, None, ["duration"]),
    ],
)
def test_windows_are_kept_or_told(tmp_path: Path, window: object, expected: object, told: list[str]) -> None:
    found = brought("openslo", tmp_path, slo(RATIO, timeWindow=[window]))
    assert [each.definition.window for each in found.slos.values()] == ([expected] if expected else [])
    assert [line.split()[-1] for line in found.told()] == told


def test_a_quarter_says_its_first_month_since_the_settings_may_have_another(tmp_path: Path) -> None:
    quarter = {"duration": "1Q", "calendar": {"startTime": "2026-01-01 00:00:00", "timeZone": "UTC"}}
    found = brought("openslo", tmp_path, slo(RATIO, timeWindow=[quarter]))
    assert "{calendar: quarter, first_month: 1}" in found.texts["shop"]


def test_several_objectives_share_one_sli_that_is_written_and_stored_once(tmp_path: Path) -> None:
    objectives = [{"displayName": "Most", "target": 0.99}, {"displayName": "Nearly all", "target": 0.9}]
    month = {"duration": "1M", "calendar": {"startTime": "2026-01-01 00:00:00", "timeZone": "UTC"}}
    specs = [
        slo(RATIO, objectives=objectives),
        slo(RATIO, timeWindow=[month]).replace("name: orders", "name: by-month"),
        slo(GAUGE, {"op": "lte", "value": 1, "target": 0.99}).replace("name: orders", "name: fast"),
    ]
    found = brought("openslo", tmp_path, *specs)
    of_one = [found.slos[name] for name in ("orders-most", "orders-nearly-all", "by-month")]
    assert {each.sli for each in of_one} == {Ratio(total="r", good='r{code!~"5.."}')}
    assert len({each.series for each in of_one}) == 1
    assert len({(each.definition.objective, each.definition.window) for each in of_one}) == 3
    text = found.texts["shop"]
    assert (text.count("sli: &shop-orders-most\n"), text.count("sli: *shop-orders-most\n")) == (1, 2)


OBJECTS = """\
apiVersion: openslo/v1
kind: Service
metadata: {name: shop, displayName: The shop, labels: {team: [a, b]}}
spec: {description: Sells.}
---
apiVersion: openslo/v1
kind: DataSource
metadata: {name: main}
spec: {type: Thanos, connectionDetails: {url: "http://x"}}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: errors}
spec:
  ratioMetric:
    counter: true
    bad: {metricSource: {metricSourceRef: main, spec: {query: b}}}
    total: {metricSource: {metricSourceRef: main, spec: {query: r}}}
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: {name: fast}
spec:
  severity: page
  condition: {kind: burnrate, op: lte, threshold: 14, lookbackWindow: 1h, alertAfter: 5m}
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: usual}
spec:
  alertWhenBreaching: true
  conditions: [{conditionRef: fast}]
  notificationTargets: [{targetRef: mail}]
---
apiVersion: openslo/v1alpha
kind: SLO
metadata: {name: old}
"""


def with_objects(folder: Path, **spec: Any) -> Import:
    text = slo({}, **{"indicatorRef": "errors", "alertPolicies": [{"alertPolicyRef": "usual"}], **spec})
    whole = yaml.safe_load(text)
    del whole["spec"]["indicator"]
    return brought("openslo", folder, OBJECTS, yaml.safe_dump(whole, sort_keys=False))


def test_objects_of_other_documents_are_found(tmp_path: Path) -> None:
    objectives = [{"displayName": "good", "target": 0.99}, {"displayName": "great", "targetPercent": 99.9}]
    found = with_objects(tmp_path, objectives=objectives)
    assert list(found.slos) == ["orders-good", "orders-great"]
    app = found.apps["shop"]
    assert (app.title("en"), app.kept.marks.labels) == ("The shop", {"team": "a, b"})
    first = found.slos["orders-good"]
    assert (first.source, first.sli) == ("prometheus", Ratio(total="r", bad="b"))
    assert [(rule.given_factor, rule.long_seconds) for rule in first.definition.rules] == [(14, 3600)]
    assert [line.split(" ", 1)[1] for line in found.told()] == [
        "metadata.labels.team approximated label_list",
        "metadata ignored words_of_objects",
        "spec ignored connection",
        "metadata ignored words_of_objects",
        "metadata ignored words_of_alerts",
        "spec.condition.op approximated upside_down",
        "spec.condition.alertAfter approximated alert_waits",
        "metadata ignored words_of_alerts",
        "spec.notificationTargets not_expressible notifications",
        "ignored other_version",
    ]


def test_a_composite_becomes_a_journey_judged_by_its_worst_slo(tmp_path: Path) -> None:
    parts = [
        {"target": 0.99, "indicatorRef": "errors"},
        {"target": 0.9, "indicatorRef": "errors", "compositeWeight": 2},
    ]
    found = with_objects(tmp_path, objectives=parts)
    journey = found.apps["shop"].journeys[0]
    assert (journey.id, str(journey.composite), len(journey.slos)) == ("orders", "worst_of", 2)
    assert [line for line in found.told() if "weight" in line]


def test_what_nobody_here_can_ask_is_left_out_unless_the_user_says_who_can(tmp_path: Path) -> None:
    datadog = {part: metric("sum:hits", type="Datadog") for part in ("good", "total")}
    found = brought("openslo", tmp_path, slo({"ratioMetric": datadog}))
    assert found.slos == {}
    assert [line.split()[-2:] for line in found.told()] == [["left_out", "source_type"]]
    wanted = Wanted(lambda kind, name: kind, lambda name: "prometheus" if name == "Datadog" else "")
    mapped = slo({"ratioMetric": {part: metric(part, type="Datadog") for part in ("good", "total")}})
    assert "orders" in brought("openslo", tmp_path, mapped, wanted=wanted).slos
