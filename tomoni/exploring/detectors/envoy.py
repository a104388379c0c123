"""Envoy's clusters and listeners: answers by class of code, and times in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.shapes import Requests, by_code, fast, present
from tomoni.exploring.likely import Confidence, LikelySli
from tomoni.exploring.stock import Stock

_CLASS = ("envoy_response_code_class",)
_CLUSTERS = Requests(("envoy_cluster_name", "cluster_name"), _CLASS)
_LISTENERS = Requests(("envoy_http_conn_manager_prefix",), _CLASS, confidence=Confidence.LIKELY)


def find(stock: Stock) -> Iterator[LikelySli]:
    """What went to each cluster; then what came in by each listener."""
    for how, kind in ((_CLUSTERS, "cluster_upstream"), (_LISTENERS, "http_downstream")):
        for metric in present(stock, f"envoy_{kind}_rq_xx"):
            yield from by_code(stock, metric, how)
        for metric in present(stock, f"envoy_{kind}_rq_time"):
            yield from fast(stock, metric, how, per_second=1000)
