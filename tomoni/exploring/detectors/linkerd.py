"""Linkerd's proxies: answers by what they are classified as, and latencies in milliseconds, of what came in."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.shapes import Requests, by_code, fast, present
from tomoni.exploring.likely import LikelySli
from tomoni.exploring.stock import Stock

_HOW = Requests(
    ("deployment", "statefulset", "daemonset", "k8s_job", "job"),
    ("classification",),
    "failure",
    'direction="inbound"',
)


def find(stock: Stock) -> Iterator[LikelySli]:
    """What the proxies beside each workload let in; both ends of a call count it."""
    for metric in present(stock, "response_total"):
        if "inbound" in stock.values(metric, "direction"):
            yield from by_code(stock, metric, _HOW)
    for metric in present(stock, "response_latency_ms"):
        if "inbound" in stock.values(metric, "direction"):
            yield from fast(stock, metric, _HOW, 1000)
