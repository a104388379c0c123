"""Requests by status code under any name: what most applications count of themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from data_sources.exploring import Metric, MetricType
from tomoni.exploring.detectors.shapes import Requests, by_code
from tomoni.exploring.likely import Confidence, LikelySli
from tomoni.exploring.stock import Stock, underscored

# What monitoring and clusters count of themselves comes last, and of that only what somebody asked for.
OWN = re.compile(
    r"(prometheus|alertmanager|grafana|loki|tempo|mimir|cortex|thanos|vm|vmagent|vmalert|pushgateway|otelcol|apiserver"
    r"|etcd|kubelet|kube|coredns|cilium|calico|argocd|certmanager|controller_runtime|rest_client|net_conntrack|go|node"
    r"|process|container|scrape|jaeger|fluentbit|fluentd|blackbox|yace|windows_(?!iis_)\w*?)_.*"
)
_SCRAPES = re.compile(r"promhttp_.*|.*_(scrapes?|metrics)_requests?_.*|.*(^|_)client_.*|caddy_http_response_.*")
_COUNTERS = r"(.*_)?(requests?|responses?|hits|calls|handled)(_\w+)?_(total|count)|(.*_)?http_requests?|.*_http_status"
_TIMERS = (
    r"(.*_)?(http|requests?|response)(_\w+)?_(duration|latency|time)(_seconds|_milliseconds|_ms)?"
    r"|(.*_)?requests?_seconds"
)
_MOST = 8


def find(stock: Stock) -> Iterator[LikelySli]:
    """Counters first; then histograms and summaries, whose count is one."""
    counters = stock.matching(_COUNTERS, MetricType.COUNTER)
    timers = stock.matching(_TIMERS, MetricType.HISTOGRAM, MetricType.SUMMARY)
    for metric in [*ranked(counters), *ranked(timers)]:
        yield from by_code(stock, metric, how(metric))


def ranked(metrics: list[Metric]) -> list[Metric]:
    """The likeliest of some metrics: by their names, what serves people before what serves machines."""
    named = [(metric, underscored(metric.name)) for metric in metrics]
    kept = [(metric, name) for metric, name in named if not _SCRAPES.fullmatch(name) and _may_be_meant(name)]
    kept.sort(key=lambda each: (bool(OWN.fullmatch(each[1])), "http" not in each[1], "request" not in each[1]))
    return [metric for metric, _ in kept[:_MOST]]


def how(metric: Metric) -> Requests:
    """How sure it is that a metric is meant so."""
    if OWN.fullmatch(underscored(metric.name)):
        return replace(Requests(), confidence=Confidence.OWN)
    return replace(Requests(), confidence=Confidence.LIKELY if "http" in metric.name else Confidence.POSSIBLE)


def _may_be_meant(name: str) -> bool:
    return not OWN.fullmatch(name) or "http_request" in name
