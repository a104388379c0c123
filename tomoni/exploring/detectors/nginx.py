"""nginx: ingress controller, NGINX Plus and vts module by code; the plain exporter only knows whether it is up."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.shapes import Requests, by_code, fast, present, selector, subjects
from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock

_INGRESS = Requests(("ingress", "exported_service", "service"), ("status",))
_ZONES = Requests(("server_zone", "upstream", "host"), ("code",))
_COUNTERS = (
    "nginxplus_server_zone_responses",
    "nginxplus_location_zone_responses",
    "nginx_vts_server_requests_total",
    "nginx_vts_upstream_requests_total",
)


def find(stock: Stock) -> Iterator[LikelySli]:
    """Requests by code where they are counted so, else whether the server is up."""
    for metric in present(stock, "nginx_ingress_controller_requests"):
        yield from by_code(stock, metric, _INGRESS)
    for metric in present(stock, "nginx_ingress_controller_request_duration_seconds"):
        yield from fast(stock, metric, _INGRESS)
    for metric in present(stock, *_COUNTERS):
        yield from by_code(stock, metric, _ZONES)
    for metric in present(stock, "nginx_up", "nginxplus_up"):
        for subject, matcher in subjects(stock, metric, ("job",)):
            keys = {"gauge": f"min({selector(metric.name, matcher)})", "good_when": ">= 1"}
            yield LikelySli(Quality.UPTIME, keys, metric.name, subject, Confidence.POSSIBLE)
