"""Tomcat by Micrometer: all requests of a connector, and those that ended with an error."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.shapes import GROUPS, counted, selector, subjects
from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock

_ALL, _FAILED = "tomcat_global_request_seconds", "tomcat_global_error_total"


def find(stock: Stock) -> Iterator[LikelySli]:
    """The requests of each application. Spring Boot's own, which knows codes, comes before."""
    metric, failed = stock.get(_ALL), stock.get(_FAILED)
    for subject, matcher in subjects(stock, metric, GROUPS) if metric and failed else ():
        if metric and failed:
            keys = {"total": selector(counted(metric), matcher), "bad": selector(failed.name, matcher)}
            yield LikelySli(Quality.AVAILABILITY, keys, metric.name, subject, Confidence.LIKELY)
