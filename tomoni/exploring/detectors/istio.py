"""Istio's standard metrics: requests by code, and durations in milliseconds, for each destination."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from data_sources.exploring import Metric
from tomoni.exploring.detectors.shapes import Requests, by_code, fast, present
from tomoni.exploring.likely import LikelySli
from tomoni.exploring.stock import Stock

_HOW = Requests(("destination_service_name", "destination_canonical_service", "destination_workload", "job"))


def find(stock: Stock) -> Iterator[LikelySli]:
    """What the proxies of the destinations saw; both ends of a request report it."""
    for metric in present(stock, "istio_requests_total"):
        yield from by_code(stock, metric, _reported(stock, metric))
    for metric in present(stock, "istio_request_duration_milliseconds"):
        yield from fast(stock, metric, _reported(stock, metric), per_second=1000)


def _reported(stock: Stock, metric: Metric) -> Requests:
    reporters = stock.values(metric, "reporter")
    kept = next((each for each in ("destination", "source", "waypoint") if each in reporters), "")
    return replace(_HOW, kept=f'reporter="{kept}"' if kept else "")
