"""Caddy: requests by code. Each handler that a request passes counts it, so that one kind of handler is taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tomoni.exploring.detectors.shapes import Requests, by_code, fast, present
from tomoni.exploring.likely import LikelySli
from tomoni.exploring.stock import Stock

_HOW = Requests(("host", "server", "job"), ("code",))
# The outermost first: a site is a route of its own, which holds all others.
_HANDLERS = ("subroute", "reverse_proxy", "php", "file_server", "static_response")


def find(stock: Stock) -> Iterator[LikelySli]:
    """The durations of requests, whose count by code tells which failed."""
    for metric in present(stock, "caddy_http_request_duration_seconds"):
        there = stock.values(metric, "handler")
        outermost = next((each for each in _HANDLERS if each in there), "")
        how = replace(_HOW, kept=f'handler="{outermost}"' if outermost else "")
        yield from by_code(stock, metric, how)
        yield from fast(stock, metric, how)
