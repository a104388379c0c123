"""Google's load balancers: requests by class of code, and latencies: in all, else those of the backends."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.filters import Served, of_served
from tomoni.exploring.likely import LikelySli
from tomoni.exploring.stock import Stock

_BALANCERS = (
    ("https", "https_lb_rule"),
    ("https/external/regional", "http_external_regional_lb_rule"),
    ("https/internal", "internal_http_lb_rule"),
)
_DURATIONS = ("total_latencies", "backend_latencies")


def find(stock: Stock) -> Iterator[LikelySli]:
    """What each URL map answered, as its clients saw it."""
    for path, resource in _BALANCERS:
        base = f"loadbalancing.googleapis.com/{path}"
        durations = [f"{base}/{name}" for name in _DURATIONS]
        failed = 'response_code_class="500"'
        yield from of_served(
            stock, Served(f"{base}/request_count", durations, resource, failed, "resource.labels.url_map_name")
        )
