"""OpenTelemetry's semantic conventions for HTTP servers, the stable and the older ones."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.shapes import Requests, by_code, fast, present
from tomoni.exploring.likely import LikelySli
from tomoni.exploring.stock import Stock, underscored

_HOW = Requests(("service_name", "app", "exported_job", "job"), ("http_response_status_code", "http_status_code"))
_UNITS = {
    "http_server_request_duration_seconds": 1,
    "http_server_request_duration": 1,
    "http_server_duration_seconds": 1,
    "http_server_duration_milliseconds": 1000,
    "http_server_duration": 1000,
}


def find(stock: Stock) -> Iterator[LikelySli]:
    """The durations of requests, whose count by code tells which failed."""
    for metric in present(stock, *_UNITS):
        yield from by_code(stock, metric, _HOW)
        yield from fast(stock, metric, _HOW, _UNITS[underscored(metric.name)])
