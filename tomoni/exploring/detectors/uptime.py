"""Checks from outside: blackbox exporter, uptime checks of Cloud Monitoring. What real users asked says more."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.filters import filters
from tomoni.exploring.detectors.shapes import present, selector, subjects
from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock

_CHECKS = "monitoring.googleapis.com/uptime_check"


def find(stock: Stock) -> Iterator[LikelySli]:
    """Whether checks pass, and whether they are fast."""
    for metric in present(stock, "probe_success"):
        for subject, matcher in subjects(stock, metric, ("job", "instance")):
            keys = {"gauge": f"min({selector(metric.name, matcher)})", "good_when": ">= 1"}
            yield LikelySli(Quality.UPTIME, keys, metric.name, subject, Confidence.LIKELY)
    for metric in present(stock, "probe_duration_seconds"):
        for subject, matcher in subjects(stock, metric, ("job", "instance")):
            keys = {"gauge": f"max({selector(metric.name, matcher)})", "good_when": "< 1"}
            yield LikelySli(Quality.LATENCY, keys, metric.name, subject, Confidence.POSSIBLE)
    yield from _checked(stock)


def _checked(stock: Stock) -> Iterator[LikelySli]:
    """Uptime checks by the host that they ask; of other resources by their own name."""
    passed = stock.get(f"{_CHECKS}/check_passed")
    for resource in stock.resources(passed) if passed else ():
        whose = "resource.labels.host" if resource == "uptime_url" else "check_id"
        for metric, subject, text in filters(stock, f"{_CHECKS}/check_passed", resource, whose):
            # The mean over the regions from which it is checked.
            keys = {"gauge": text, "good_when": ">= 0.5"}
            yield LikelySli(Quality.UPTIME, keys, metric.name, subject, Confidence.LIKELY)
        for metric, subject, text in filters(stock, f"{_CHECKS}/request_latency", resource, whose):
            keys = {"gauge": text, "good_when": "< 1000"}  # milliseconds
            yield LikelySli(Quality.LATENCY, keys, metric.name, subject, Confidence.POSSIBLE)
