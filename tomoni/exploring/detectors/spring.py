"""Spring Boot by Micrometer: the timer of requests, by status; durations where histograms are switched on."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.shapes import Requests, by_code, fast, present
from tomoni.exploring.likely import LikelySli
from tomoni.exploring.stock import Stock

_HOW = Requests(("application", "app", "service", "job"), ("status",))


def find(stock: Stock) -> Iterator[LikelySli]:
    """The requests that a server handled."""
    for metric in present(stock, "http_server_requests_seconds"):
        yield from by_code(stock, metric, _HOW)
        yield from fast(stock, metric, _HOW)
