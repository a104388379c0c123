"""Cloud Run, and App Engine beside it: requests by class of code, and latencies."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.filters import Served, of_served
from tomoni.exploring.likely import LikelySli
from tomoni.exploring.stock import Stock

_RUN = "run.googleapis.com"
_SERVICES = Served(f"{_RUN}/request_count", f"{_RUN}/request_latencies", "cloud_run_revision", "5xx", "service_name")


def find(stock: Stock) -> Iterator[LikelySli]:
    """What each service answered."""
    yield from of_served(stock, _SERVICES)
