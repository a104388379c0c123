"""Durations of requests under any name, as classic or native histograms."""

from __future__ import annotations

from collections.abc import Iterator

from data_sources.exploring import MetricType
from tomoni.exploring.detectors.http import how, ranked
from tomoni.exploring.detectors.shapes import fast
from tomoni.exploring.likely import LikelySli
from tomoni.exploring.stock import Stock, underscored

_TIMERS = r"(.*_)?(http|requests?|response|handling|handler|latency)(_\w+)?_(seconds|milliseconds|ms)"


def find(stock: Stock) -> Iterator[LikelySli]:
    """Requests that are fast enough."""
    for metric in ranked(stock.matching(_TIMERS, MetricType.HISTOGRAM, MetricType.NATIVE_HISTOGRAM)):
        yield from fast(stock, metric, how(metric), 1 if underscored(metric.name).endswith("_seconds") else 1000)
