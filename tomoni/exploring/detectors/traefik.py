"""Traefik: requests by code and durations, of each service, else of each entry point."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.shapes import Requests, by_code, fast, present
from tomoni.exploring.likely import Confidence, LikelySli
from tomoni.exploring.stock import Stock

_SERVICES = Requests(("service", "exported_service"), ("code",))
_ENTRIES = Requests(("entrypoint",), ("code",), confidence=Confidence.LIKELY)
_OLD = Requests(("backend",), ("code",))


def find(stock: Stock) -> Iterator[LikelySli]:
    """What went to each service; then what came in."""
    for how, kind in ((_SERVICES, "service"), (_OLD, "backend"), (_ENTRIES, "entrypoint")):
        for metric in present(stock, f"traefik_{kind}_requests_total"):
            yield from by_code(stock, metric, how)
        for metric in present(stock, f"traefik_{kind}_request_duration_seconds"):
            yield from fast(stock, metric, how)
