# ruff: noqa: E501 - a table of specs
"""Specs of the shapes that people have: for each dialect a few whole ones, and many that differ from these in places.

A variant is written as edits: ``path = value`` in YAML, or ``path -`` for a key that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import yaml

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")

SLOTH = """\
version: prometheus/v1
service: shop
labels: {owner: a}
slos:
  - name: availability
    objective: 99.9
    description: Orders work.
    sli:
      events:
        error_query: sum(rate(http_requests_total{job="shop",code=~"(5..|429)"}[{{.window}}]))
        total_query: sum(rate(http_requests_total{job="shop"}[{{.window}}]))
    alerting:
      name: ShopErrors
      labels: {category: availability}
      annotations: {summary: Orders fail, runbook: 'https://x/{{ $labels.service }}'}
      page_alert: {labels: {severity: page}}
      ticket_alert: {labels: {severity: ticket}}
"""
SLOTH_KUBERNETES = """\
apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: {name: shop, namespace: monitoring, labels: {release: prometheus}}
spec:
  service: shop
  labels: {owner: a}
  slos:
    - name: availability
      objective: 99.9
      sli:
        events:
          errorQuery: sum(rate(http_requests_total{code=~"5.."}[{{.window}}]))
          totalQuery: sum(rate(http_requests_total[{{.window}}]))
      alerting: {name: ShopErrors, pageAlert: {labels: {severity: page}}, ticketAlert: {disable: true}}
"""
PYRRA = """\
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata:
  name: api-errors
  namespace: monitoring
  labels: {prometheus: k8s, role: alert-rules, pyrra.dev/team: a}
spec:
  target: '99'
  window: 2w
  description: The API answers.
  indicator:
    ratio:
      errors: {metric: 'http_requests_total{job="api",code=~"5.."}'}
      total: {metric: 'http_requests_total{job="api"}'}
"""
OPENSLO = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: orders, displayName: Orders work, labels: {team: a}, annotations: {openslo.com/k: v}}
spec:
  description: They do.
  service: shop
  indicator:
    metadata: {name: orders-ratio}
    spec:
      ratioMetric:
        counter: true
        good: {metricSource: {type: Prometheus, spec: {query: 'http_requests_total{code!~"5.."}'}}}
        total: {metricSource: {type: Prometheus, spec: {query: http_requests_total}}}
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{displayName: Good, target: 0.99}]
"""
SLO_GENERATOR = """\
apiVersion: sre.google.com/v2
kind: ServiceLevelObjective
metadata:
  name: shop-orders-availability
  labels: {service_name: shop, feature_name: orders, slo_name: availability}
spec:
  description: Orders work.
  backend: prometheus
  method: good_bad_ratio
  exporters: [prometheus]
  service_level_indicator:
    filter_good: http_requests_total{code=~"2.."}
    filter_valid: http_requests_total
  goal: 0.999
"""
GRAFANA = """\
name: Orders work
description: They do.
uuid: abc
query:
  type: ratio
  ratio:
    successMetric: {prometheusMetric: 'http_requests_total{code!~"5.."}'}
    totalMetric: {prometheusMetric: http_requests_total}
objectives: [{value: 0.995, window: 28d}]
labels: [{key: service_name, value: shop}]
destinationDatasource: {uid: grafanacloud-prom}
alerting:
  fastBurn: {annotations: [{key: name, value: Burns}], labels: [{key: severity, value: critical}]}
  slowBurn: {annotations: [{key: name, value: Burns slowly}]}
"""
GCP = """\
name: projects/p/services/shop/serviceLevelObjectives/orders
displayName: Orders work
goal: 0.999
rollingPeriod: 2419200s
serviceLevelIndicator:
  requestBased: {goodTotalRatio: {goodServiceFilter: g, totalServiceFilter: t}}
"""
_E = "slos[0].sli.events"
_SLO = "spec.objectives[0]"
_METRIC = "spec.indicator.spec.ratioMetric"
_I = "spec.service_level_indicator"

VARIANTS: dict[str, list[tuple[str, list[str]]]] = {
    "sloth": [
        (SLOTH, [""]),
        (SLOTH, ["labels -", "slos[0].description -", "slos[0].alerting -"]),
        (SLOTH, ["slos[0].objective = 99"]),
        (SLOTH_KUBERNETES, ["spec.slos[0].sli.events = {error_query: 'sum(a)', total_query: 'sum(b)'}"]),
        (SLOTH, ["slos[0].sli.events.total_query = 'rate(a[{{.window}}])'", "slos[0].interval = {all: 5m}"]),
        (SLOTH, ["slos[0].objective = '99.95'"]),
        (SLOTH, ["slos[0].objective = 100"]),
        (SLOTH, ["slos[0].objective = 0"]),
        (SLOTH, ["slos[0].objective = 101"]),
        (SLOTH, ["slos[0].objective = often"]),
        (SLOTH, ["slos[0].objective -"]),
        (SLOTH, ["slos[0].name = Requests / Availability"]),
        (SLOTH, ["slos[0].name -"]),
        (SLOTH, ["service -"]),
        (SLOTH, ["service = my.Service_1"]),
        (SLOTH, ["slos = []"]),
        (SLOTH, ["slos -"]),
        (SLOTH, [f"{_E}.error_query = sum(increase(e[{{{{.window}}}}])) or vector(0)"]),
        (SLOTH, [f"{_E}.error_query = sum(irate(e[{{{{.window}}}}]))"]),
        (SLOTH, [f"{_E}.error_query = sum(rate(e[5m]))", f"{_E}.total_query = sum(rate(t[5m]))"]),
        (SLOTH, [f"{_E}.error_query = sum(rate(e[{{{{.window}}}}])) by (job)"]),
        (SLOTH, [f"{_E}.error_query = sum(rate(a[{{{{.window}}}}])) - sum(rate(b[{{{{.window}}}}]))"]),
        (SLOTH, [f"{_E}.error_query = (sum(rate(t[{{{{.window}}}}])) * 0.5) or vector(0)"]),
        (SLOTH, [f"{_E}.error_query = sum(count_over_time(e[{{{{.window}}}}]))", f"{_E}.total_query = vector(1)"]),
        (SLOTH, ["slos[0].sli = {raw: {error_ratio_query: 'avg(errors_ratio)'}}"]),
        (SLOTH, ["slos[0].sli = {raw: {error_ratio_query: '1 - avg_over_time(up[{{.window}}])'}}"]),
        (SLOTH, ["slos[0].sli = {plugin: {id: sloth-common/x, options: {a: b}}}"]),
        (SLOTH, ["slos[0].sli = {}"]),
        (SLOTH, ["slos[0].sli.events.total_query -"]),
        (SLOTH, ["slos[0].plugins = {chain: [{id: sloth.dev/x}]}", "slo_plugins = {chain: []}"]),
        (SLOTH, ["slos[0].alerting = {page_alert: {disable: true}, ticket_alert: {disable: true}}"]),
        (SLOTH, ["slos[0].alerting.page_alert.annotations = {dashboard: x}", "slos[0].surprise = 1"]),
        (SLOTH_KUBERNETES, [""]),
        (SLOTH_KUBERNETES, ["spec.slos[0].sli = {raw: {errorRatioQuery: e}}"]),
        (SLOTH_KUBERNETES, ["spec.sloPlugins = {chain: []}", "status = {ok: true}"]),
        (SLOTH_KUBERNETES, ["spec -"]),
        (SLOTH_KUBERNETES, ["kind = PrometheusRule"]),
    ],
    "pyrra": [
        (PYRRA, [""]),
        (PYRRA, ["metadata.namespace -", "metadata.labels -"]),
        (PYRRA, ["metadata.labels.app = shop"]),
        (PYRRA, ["metadata.annotations = {pyrra.dev/x: y, kubectl.kubernetes.io/last-applied-configuration: '{}'}"]),
        (PYRRA, ["metadata.name -"]),
        (PYRRA, ["spec.target = '99.9'", "spec.window = 28d"]),
        (PYRRA, ["spec.target = 99.95", "spec.window = 30d"]),
        (PYRRA, ["spec.target = '0.99'"]),
        (PYRRA, ["spec.target = '100'"]),
        (PYRRA, ["spec.target = ''"]),
        (PYRRA, ["spec.window = 1h"]),
        (PYRRA, ["spec.window = 90d"]),
        (PYRRA, ["spec.window = 1y"]),
        (PYRRA, ["spec.window = fortnight"]),
        (PYRRA, ["spec.window -"]),
        (PYRRA, ["spec.indicator.ratio.grouping = [job, handler]"]),
        (PYRRA, ["spec.indicator.ratio.grouping = []"]),
        (PYRRA, ["spec.indicator.ratio.errors.metric = 'sum(rate(e[5m]))'"]),
        (PYRRA, ["spec.indicator.ratio.errors -"]),
        (PYRRA, ["spec.indicator = {}"]),
        (
            PYRRA,
            [
                "spec.indicator = {latency: {success: {metric: 'x_seconds_bucket{le=\"1\"}'}, total: {metric: x_seconds_count}}}"
            ],
        ),
        (
            PYRRA,
            [
                "spec.indicator = {latency: {success: {metric: 'x_seconds_bucket{le=\"0.0025\"}'}, total: {metric: 'x_seconds_bucket{le=\"\"}'}}}"
            ],
        ),
        (
            PYRRA,
            [
                "spec.indicator = {latency: {success: {metric: 'x_bucket{le=\"5\"}'}, total: {metric: x_count}, grouping: [a]}}"
            ],
        ),
        (PYRRA, ["spec.indicator = {latencyNative: {total: {metric: 'x_seconds{job=\"a\"}'}, latency: 500ms}}"]),
        (PYRRA, ["spec.indicator = {latencyNative: {total: {metric: x_seconds}, latency: fast}}"]),
        (PYRRA, ["spec.indicator = {bool_gauge: {metric: probe_success, grouping: [target]}}"]),
        (PYRRA, ["spec.alerting = {disabled: true}"]),
        (PYRRA, ["spec.alerting = {burnRateType: dynamic}", "spec.indicator.ratio.errors.metric = e offset 1m"]),
        (PYRRA, ['spec.indicator.ratio.total.metric = \'{__name__="t",job="api"} offset 1m\'']),
        (PYRRA, ["spec.alerting = {burnrates: false, absent: true, absentName: Gone}"]),
        (PYRRA, ["spec.alerting = {name: Burns, severities: {fastBurn: critical, slowBurn: info, absent: info}}"]),
        (PYRRA, ["spec.performanceOverAccuracy = true", "spec.partial_response_strategy = warn"]),
        (PYRRA, ["spec.ruleOutput = {shortRulesLabels: {a: b}}", "status = {type: PrometheusRule}"]),
        (PYRRA, ["spec.unknown = {deep: [1, {deeper: 2}]}"]),
        (PYRRA, ["kind = PrometheusRule"]),
        (PYRRA, ["apiVersion = pyrra.dev/v1beta1"]),
    ],
    "openslo": [
        (OPENSLO, [""]),
        (OPENSLO, ["metadata = {name: orders}", "spec.description -"]),
        (OPENSLO, ["metadata.labels = {team: [a, b], tier: '1'}"]),
        (OPENSLO, [f"{_SLO} = {{targetPercent: 99.95}}"]),
        (OPENSLO, [f"{_SLO}.target = 1.0"]),
        (OPENSLO, [f"{_SLO}.target = 0"]),
        (OPENSLO, [f"{_SLO}.target = 99"]),
        (OPENSLO, ["spec.objectives = [{target: 0.9}, {displayName: Better, target: 0.99}]"]),
        (OPENSLO, ["spec.objectives = []"]),
        (OPENSLO, ["spec.service -"]),
        (OPENSLO, ["spec.timeWindow = [{duration: 1M, isRolling: true}]"]),
        (OPENSLO, ["spec.timeWindow = [{duration: 1M, calendar: {startTime: 2026-01-01 00:00:00, timeZone: UTC}}]"]),
        (OPENSLO, ["spec.timeWindow = [{duration: 1w, calendar: {startTime: 2026-01-07, timeZone: UTC}}]"]),
        (OPENSLO, ["spec.timeWindow = [{duration: 1Y, isRolling: false, calendar: {timeZone: UTC}}]"]),
        (OPENSLO, ["spec.timeWindow = [{duration: 1m, isRolling: true}]"]),
        (OPENSLO, ["spec.timeWindow = [{duration: 2w, isRolling: false}]"]),
        (OPENSLO, ["spec.timeWindow -"]),
        (
            OPENSLO,
            [
                "spec.budgetingMethod = Timeslices",
                f"{_SLO} = {{target: 0.9, timeSliceTarget: 0.99, timeSliceWindow: 1}}",
            ],
        ),
        (OPENSLO, ["spec.budgetingMethod = Timeslices"]),
        (OPENSLO, ["spec.budgetingMethod = RatioTimeslices", f"{_SLO} = {{target: 0.9, timeSliceWindow: 2h}}"]),
        (OPENSLO, ["spec.budgetingMethod = Sometimes"]),
        (
            OPENSLO,
            [
                f"{_METRIC}.bad = {{metricSource: {{type: prom, spec: {{promql: 'sum(rate(e[5m]))'}}}}}}",
                f"{_METRIC}.good -",
            ],
        ),
        (OPENSLO, ["metadata.displayName -", "metadata.labels = {env: [prod]}"]),
        (OPENSLO, [f"{_METRIC}.total -"]),
        (OPENSLO, [f"{_METRIC}.counter = false"]),
        (
            OPENSLO,
            ["spec.indicator.spec = {ratioMetric: {rawType: success, raw: {metricSource: {spec: {query: ok}}}}}"],
        ),
        (OPENSLO, ["spec.indicator.spec = {ratioMetric: {raw: {metricSource: {spec: {query: ok}}}}}"]),
        (
            OPENSLO,
            [
                "spec.indicator.spec = {thresholdMetric: {metricSource: {spec: {query: x}}}}",
                f"{_SLO} = {{op: lt, value: 2, target: 0.9}}",
            ],
        ),
        (OPENSLO, ["spec.indicator.spec = {thresholdMetric: {metricSource: {spec: {query: x}}}}"]),
        (OPENSLO, ["spec.indicator -", "spec.indicatorRef = elsewhere"]),
        (OPENSLO, [f"{_METRIC}.total.metricSource.type = Datadog"]),
        (OPENSLO, [f"{_METRIC}.total.metricSource.spec = {{query: t, region: eu}}"]),
        (OPENSLO, ["spec.alertPolicies = [{alertPolicyRef: none}]"]),
        (
            OPENSLO,
            [
                "spec.alertPolicies = [{kind: AlertPolicy, metadata: {name: a}, spec: {alertWhenNoData: true, conditions: "
                "[{kind: AlertCondition, metadata: {name: c}, spec: {severity: sev3, condition: {kind: burnrate, op: gte, "
                "threshold: 2, lookbackWindow: 1h, alertAfter: 5m}}}], notificationTargets: [{targetRef: t}]}}]"
            ],
        ),
        (OPENSLO, ["apiVersion = openslo/v1alpha"]),
        (OPENSLO, ["kind = AlertNotificationTarget", "spec = {target: slack}"]),
    ],
    "slo-generator": [
        (SLO_GENERATOR, [""]),
        (SLO_GENERATOR, ["metadata.labels -"]),
        (SLO_GENERATOR, ["spec.goal = 1"]),
        (SLO_GENERATOR, ["spec.goal = 99.9"]),
        (SLO_GENERATOR, ["spec.goal -"]),
        (SLO_GENERATOR, ["spec.backend = prometheus/second"]),
        (SLO_GENERATOR, ["spec.backend = datadog"]),
        (SLO_GENERATOR, ["spec.backend -"]),
        (SLO_GENERATOR, ["spec.method = distribution_cut"]),
        (SLO_GENERATOR, ["spec.method = guess"]),
        (SLO_GENERATOR, [f"{_I}.filter_valid -"]),
        (SLO_GENERATOR, [f'{_I}.filter_bad = http_requests_total{{code=~"5.."}}']),
        (SLO_GENERATOR, [f"{_I}.filter_good = http_ok[window]", f"{_I}.filter_valid = http_all[window]"]),
        (SLO_GENERATOR, [f"{_I}.operators = [rate, sum]"]),
        (SLO_GENERATOR, [f"{_I}.operators = [increase, max]"]),
        (
            SLO_GENERATOR,
            [f"{_I} = {{expression: 'sum(rate(a[window])) / sum(rate(b[window]))'}}", "spec.method = query_sli"],
        ),
        (SLO_GENERATOR, [f"{_I} = {{expression: 'sum(a) / sum(b)'}}", "spec.method = query_sli"]),
        (SLO_GENERATOR, [f"{_I} = {{expression: 'avg(ok)'}}", "spec.method = query_sli"]),
        (
            SLO_GENERATOR,
            [f"{_I} = {{expression: '1 - sum(rate(b[window])) / sum(rate(t[window]))'}}", "spec.method = query_sli"],
        ),
        (
            SLO_GENERATOR,
            [f"{_I} = {{expression: x_seconds_bucket, threshold_bucket: 0.1}}", "spec.method = distribution_cut"],
        ),
        (
            SLO_GENERATOR,
            [f"{_I} = {{expression: x_bytes_bucket, threshold_bucket: 1}}", "spec.method = distribution_cut"],
        ),
        (SLO_GENERATOR, ["spec.error_budget_policy = none"]),
        (SLO_GENERATOR, ["spec.frequency = '* * * * *'", "spec.exporters = []"]),
        (SLO_GENERATOR, ["spec.backend = cloud_monitoring"]),
        (SLO_GENERATOR, ["spec.backend = cloud_monitoring", f"{_I} = {{filter_good: project=p, filter_bad: b}}"]),
        (
            SLO_GENERATOR,
            [
                "spec.backend = cloud_monitoring",
                "spec.method = distribution_cut",
                f"{_I} = {{filter_valid: m, threshold_bucket: 3}}",
            ],
        ),
        (SLO_GENERATOR, ["spec.backend = cloud_monitoring_mql"]),
        (SLO_GENERATOR, ["spec.backend = cloud_service_monitoring", "spec.method = basic"]),
        (SLO_GENERATOR, ["apiVersion = sre.google.com/v1"]),
        (SLO_GENERATOR, ["kind = Pod"]),
        (SLO_GENERATOR, ["spec.labels = {a: b}"]),
        (SLO_GENERATOR, ["metadata.annotations = {a: b}", f"{_I}.unknown = 1"]),
    ],
    "grafana": [
        (GRAFANA, [""]),
        (GRAFANA, ["labels -", "description -", "uuid -", "destinationDatasource -"]),
        (GRAFANA, ["labels = {service: shop}"]),
        (GRAFANA, ["objectives = [{value: 0.9, window: 7d}, {value: 0.99, window: 30d}]"]),
        (GRAFANA, ["objectives = [{value: 99.5, window: 28d}]"]),
        (GRAFANA, ["objectives = [{value: 0.9, window: month}]"]),
        (GRAFANA, ["objectives = []"]),
        (GRAFANA, ["objectives -"]),
        (GRAFANA, ["name -"]),
        (GRAFANA, ["query.ratio.groupByLabels = [job, instance]"]),
        (GRAFANA, ["query.ratio.successMetric = http_ok_total"]),
        (GRAFANA, ["query.ratio.successMetric = {prometheusMetric: 'sum(ok)'}"]),
        (GRAFANA, ["query.ratio.totalMetric -"]),
        (
            GRAFANA,
            [
                "query = {type: freeform, freeform: {query: 'sum(rate(a[$__rate_interval])) / sum(rate(b[$__rate_interval]))'}}"
            ],
        ),
        (GRAFANA, ["query = {type: freeform, freeform: {query: 'avg_over_time(ok[$__interval])'}}"]),
        (GRAFANA, ["query = {type: freeform, freeform: {query: '[]'}}"]),
        (GRAFANA, ["query = {type: freeform, freeform: {}}"]),
        (
            GRAFANA,
            ["query = {type: threshold, threshold: {thresholdExpression: x, threshold: {operator: '>', value: 1}}}"],
        ),
        (
            GRAFANA,
            ["query = {type: threshold, threshold: {thresholdExpression: x, threshold: {operator: '~', value: 1}}}"],
        ),
        (
            GRAFANA,
            [
                "query = {type: histogram, histogram: {metric: {prometheusMetric: x_seconds}, threshold: {value: 2}, percentile: 0.9}}"
            ],
        ),
        (
            GRAFANA,
            [
                "query = {type: histogram, histogram: {metric: {prometheusMetric: x}, threshold: {operator: '>', value: 2}}}"
            ],
        ),
        (GRAFANA, ["query = {type: failureRatio, failureRatio: {failureMetric: b, totalMetric: t}}"]),
        (GRAFANA, ["query = {type: grafanaQueries, grafanaQueries: {grafanaQueries: []}}"]),
        (GRAFANA, ["query = {}"]),
        (
            GRAFANA,
            ["query = {failureThreshold: {failureThresholdExpression: x, threshold: {operator: '>', value: 1}}}"],
        ),
        (GRAFANA, ["alerting -"]),
        (GRAFANA, ["alerting = {}"]),
        (GRAFANA, ["alerting.fastBurn -"]),
        (GRAFANA, ["alerting.advancedOptions = {minFailures: 3}", "alerting.name = Burn"]),
        (GRAFANA, ["folder = {uid: a}", "readOnly = {provenance: api}", "searchExpression = x"]),
        (GRAFANA, ["new = {feature: 1}"]),
        (GRAFANA, ["title = Another", "labels = [{key: a}, b]"]),
    ],
    "gcp": [
        (GCP, [""]),
        (GCP, ["displayName -"]),
        (GCP, ["name -"]),
        (GCP, ["name = orders"]),
        (GCP, ["goal = 1"]),
        (GCP, ["goal = 0"]),
        (GCP, ["goal = high"]),
        (GCP, ["goal -"]),
        (GCP, ["rollingPeriod = 86400s"]),
        (GCP, ["rollingPeriod = 28d"]),
        (GCP, ["rollingPeriod = 90061s"]),
        (GCP, ["rollingPeriod -"]),
        (GCP, ["rollingPeriod -", "calendarPeriod = DAY"]),
        (GCP, ["rollingPeriod -", "calendarPeriod = WEEK"]),
        (GCP, ["rollingPeriod -", "calendarPeriod = MONTH"]),
        (GCP, ["rollingPeriod -", "calendarPeriod = FORTNIGHT"]),
        (GCP, ["serviceLevelIndicator -"]),
        (GCP, ["serviceLevelIndicator = {}"]),
        (GCP, ["serviceLevelIndicator = {basicSli: {latency: {threshold: 0.3s}}}"]),
        (GCP, ["serviceLevelIndicator = {windowsBased: {windowPeriod: 300s, goodBadMetricFilter: f}}"]),
        (GCP, ["serviceLevelIndicator = {windowsBased: {windowPeriod: 60s, metricMeanInRange: {range: {max: 1}}}}"]),
        (GCP, ["serviceLevelIndicator = {windowsBased: {windowPeriod: 45s}}"]),
        (GCP, ["serviceLevelIndicator = {windowsBased: {metricSumInRange: {}}}"]),
        (GCP, ["name -", "serviceLevelIndicator = {basicSli: {}}"]),
        (GCP, ["name -", "serviceLevelIndicator = {requestBased: {goodTotalRatio: {goodServiceFilter: g}}}"]),
        (
            GCP,
            [
                "name -",
                "serviceLevelIndicator = {requestBased: {goodTotalRatio: {goodServiceFilter: g, badServiceFilter: b}}}",
            ],
        ),
        (
            GCP,
            [
                "name -",
                "serviceLevelIndicator = {requestBased: {distributionCut: {distributionFilter: d, range: {min: 1, max: 5}}}}",
            ],
        ),
        (
            GCP,
            [
                "name -",
                "serviceLevelIndicator = {requestBased: {distributionCut: {distributionFilter: d, range: {min: 1}}}}",
            ],
        ),
        (GCP, ["name -", "serviceLevelIndicator = {requestBased: {}}"]),
        (GCP, ["userLabels = {team: a}", "etag = x"]),
        (GCP, ["surprise = [1, 2]"]),
    ],
}


def corpus(dialect: str) -> Iterator[tuple[str, str]]:
    """Every variant of a dialect: what is edited, and the text of the file."""
    for base, edits in VARIANTS[dialect]:
        data = yaml.safe_load(base)
        for edit in filter(None, edits):
            _edit(data, edit)
        yield "; ".join(filter(None, edits)) or "as it is", yaml.safe_dump(data, sort_keys=False, width=1000)


def _edit(data: Any, edit: str) -> None:
    path, _, value = edit.partition(" = ") if " = " in edit else (edit.removesuffix(" -"), "", None)
    steps = [name or int(index) for name, index in _STEP.findall(path)]
    for step in steps[:-1]:
        data = data[step]
    if value is None:
        del data[steps[-1]]
    else:
        data[steps[-1]] = deepcopy(yaml.safe_load(value)) if value[:1] in "{['\"" or " " not in value else value
