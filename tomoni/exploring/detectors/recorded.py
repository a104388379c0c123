"""SLOs that run as recording rules of Sloth or Pyrra."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.shapes import present, selector, subjects
from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock

_SLOTH = "slo:sli_error:ratio_rate5m"
_MOST = 12


def find(stock: Stock) -> Iterator[LikelySli]:
    """Each SLO by the name that its rules give it."""
    for metric in present(stock, _SLOTH):
        for subject, matcher in subjects(stock, metric, ("sloth_id",)):
            if subject:
                yield _of_errors(metric.name, subject, matcher)
    for metric in present(stock, "pyrra_requests_total"):
        for subject, matcher in subjects(stock, metric, ("slo",)):
            if subject and "pyrra_errors_total" in stock.metrics:
                keys = {"total": selector(metric.name, matcher), "bad": selector("pyrra_errors_total", matcher)}
                yield LikelySli(Quality.AVAILABILITY, keys, metric.name, subject, Confidence.SURE, "slo")
    # What Pyrra calls a burn rate here is the share of errors, not yet divided by the budget.
    for metric in stock.matching(r"\w+:burnrate5m")[:_MOST]:
        for subject, matcher in subjects(stock, metric, ("slo",)):
            if subject:
                yield _of_errors(metric.name, subject, matcher)


def _of_errors(metric: str, subject: str, matcher: str) -> LikelySli:
    quality = Quality.LATENCY if "latency" in subject or "duration" in metric else Quality.AVAILABILITY
    keys = {"ratio": {"error": selector(metric, matcher)}}
    return LikelySli(quality, keys, metric, subject, Confidence.SURE, matcher.partition("=")[0])
