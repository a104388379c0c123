"""Gateways and meshes whose durations have no unit in their names, or are told apart by a label: APISIX, older Kong,
Knative, Dapr. Their counters by code are found by their form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tomoni.exploring.detectors.shapes import GROUPS, Requests, by_code, fast, present
from tomoni.exploring.likely import LikelySli
from tomoni.exploring.stock import Stock


@dataclass(frozen=True, slots=True)
class _Gateway:
    """The counter of requests by code and their durations in milliseconds, of which a matcher keeps the whole ones."""

    requests: str
    durations: str
    kept: str = ""


_GATEWAYS = (
    _Gateway("apisix_http_status", "apisix_http_latency", 'type="request"'),
    _Gateway("kong_http_status", "kong_latency", 'type="request"'),
    _Gateway("revision_app_request_count", "revision_app_request_latencies"),
    _Gateway("dapr_http_server_request_count", "dapr_http_server_latency"),
)


def find(stock: Stock) -> Iterator[LikelySli]:
    """Requests by code, and those that are fast."""
    for gateway in _GATEWAYS:
        for metric in present(stock, gateway.requests):
            yield from by_code(stock, metric, Requests(GROUPS))
        for metric in present(stock, gateway.durations):
            yield from fast(stock, metric, Requests(GROUPS, kept=gateway.kept), 1000)
