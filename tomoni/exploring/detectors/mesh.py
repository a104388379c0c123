"""Cloud Service Mesh on GKE: what the proxies of a service saw, by code, and how long it took."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.filters import Served, of_served
from tomoni.exploring.likely import LikelySli
from tomoni.exploring.stock import Stock

_SERVER = "istio.io/service/server"
_RESOURCES = ("istio_canonical_service", "k8s_container", "k8s_pod")


def find(stock: Stock) -> Iterator[LikelySli]:
    """Requests to each service, on the kind of resource that they are written on; the first one counts."""
    for resource in _RESOURCES:
        served = Served(
            f"{_SERVER}/request_count",
            (f"{_SERVER}/response_latencies",),
            resource,
            "response_code>=500",
            "destination_service_name",
        )
        if found := list(of_served(stock, served)):
            yield from found
            return
