"""Pyrra's objectives as app files."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_sources.prometheus.config import Histogram
from data_sources.queries import Expression, Ratio, SliForm
from tests.dialects.importing import brought
from tomoni.slo.model import DAY, HOUR

WAIT = "alerts_wait"
HEAD = """\
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata:
  name: api-errors
  namespace: monitoring
  labels: {prometheus: k8s, pyrra.dev/team: api}
spec:
  target: "99.5"
  window: 4w
  description: Requests that work.
"""


def spec(indicator: str, more: str = "") -> str:
    return f"{HEAD}  indicator: {indicator}\n{more}"


@pytest.mark.parametrize(
    ("indicator", "sli"),
    [
        (
            "{ratio: {errors: {metric: 'a{code=~\"5..\"}'}, total: {metric: a}}}",
            Ratio(total="a", bad='a{code=~"5.."}'),
        ),
        (
            '{latency: {success: {metric: \'x_seconds_bucket{job="b",le="0.3"}\'}, '
            "total: {metric: 'x_seconds_count{job=\"b\"}'}}}",
            Histogram.model_validate({"histogram": 'x_seconds{job="b"}', "under": "300ms"}),
        ),
        # The parts differ in more than the edge, or the unit is another one: the counters themselves.
        (
            '{latency: {success: {metric: \'x_seconds_bucket{c="2",le="0.3"}\'}, total: {metric: x_seconds_count}}}',
            Ratio(total="x_seconds_count", good='x_seconds_bucket{c="2",le="0.3"}'),
        ),
        (
            "{latency: {success: {metric: 'x_ms_bucket{le=\"300\"}'}, total: {metric: x_ms_count}}}",
            Ratio(total="x_ms_count", good='x_ms_bucket{le="300"}'),
        ),
        (
            "{latencyNative: {total: {metric: 'x_seconds{job=\"b\"}'}, latency: 1s}}",
            Histogram.model_validate({"histogram": 'x_seconds{job="b"}', "under": "1s"}),
        ),
        (
            "{bool_gauge: {metric: 'probe_success{job=\"b\"}'}}",
            Ratio(
                total=Expression(expr='sum(count_over_time(probe_success{job="b"}[$window]))'),
                good=Expression(expr='sum(sum_over_time(probe_success{job="b"}[$window]))'),
            ),
        ),
    ],
)
def test_each_indicator_counts_what_pyrra_counts(tmp_path: Path, indicator: str, sli: SliForm) -> None:
    found = brought("pyrra", tmp_path, spec(indicator))
    assert found.slos["api-errors"].sli == sli
    assert found.told() == [f"11 spec.indicator approximated {WAIT}"]


def test_the_alerts_keep_pyras_own_factors_and_windows(tmp_path: Path) -> None:
    slo = brought("pyrra", tmp_path, spec("{ratio: {errors: {metric: e}, total: {metric: t}}}")).slos["api-errors"]
    rules = [(rule.given_factor, rule.long_seconds, rule.short_seconds) for rule in slo.definition.rules]
    assert rules == [(14, HOUR, 300), (7, 6 * HOUR, 1800), (2, DAY, 2 * HOUR), (1, 4 * DAY, 6 * HOUR)]
    week = HEAD.replace("4w", "7d") + "  indicator: {ratio: {errors: {metric: e}, total: {metric: t}}}\n"
    weekly = brought("pyrra", tmp_path, week).slos["api-errors"]
    assert (weekly.bucket_seconds, weekly.definition.rules[0].short_seconds) == (60, 60)


def test_everything_else_is_kept_or_told(tmp_path: Path) -> None:
    more = """\
  performanceOverAccuracy: true
  surprise: 1
  alerting:
    name: ApiBurns
    absent: false
    burnrates: false
    severities: {fastBurn: critical, mediumBurn: high, slowBurn: info}
"""
    found = brought(
        "pyrra", tmp_path, spec("{ratio: {errors: {metric: e}, total: {metric: t}, grouping: [job]}}", more)
    )
    slo = found.slos["api-errors"]
    assert (slo.definition.rules, slo.kept.alerting.name) == ((), "ApiBurns")
    assert slo.kept.alerting.page.labels == {"severity": "critical"}
    assert slo.kept.marks.labels == {"prometheus": "k8s", "pyrra.dev/team": "api"}
    assert found.told() == [
        "11 spec.indicator.ratio.grouping approximated grouping",
        "12 spec.performanceOverAccuracy ignored rules_of_tool",
        "13 spec.surprise not_expressible unknown_key",
        "16 spec.alerting.absent ignored absent_alert",
        "18 spec.alerting.severities.mediumBurn approximated one_severity",
    ]


def test_what_cannot_be_read_is_left_out_by_its_line(tmp_path: Path) -> None:
    found = brought("pyrra", tmp_path, spec("{ratio: {errors: {metric: sum(e)}, total: {metric: t}}}"), "kind: Pod")
    assert found.slos == {}
    assert found.told() == ["11 spec.indicator.ratio.errors.metric left_out no_selector", "1 ignored other_kind"]
