"""HAProxy, by its own endpoint or the older exporter: answers by class of code."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.shapes import Requests, by_code, present
from tomoni.exploring.likely import Confidence, LikelySli
from tomoni.exploring.stock import Stock

_BACKENDS = Requests(("proxy", "backend"), ("code",))
_FRONTENDS = Requests(("proxy", "frontend"), ("code",), confidence=Confidence.LIKELY)


def find(stock: Stock) -> Iterator[LikelySli]:
    """What each backend answered; then what each frontend did."""
    for how, kind in ((_BACKENDS, "backend"), (_FRONTENDS, "frontend")):
        for metric in present(stock, f"haproxy_{kind}_http_responses_total"):
            yield from by_code(stock, metric, how)
