"""What runs code for Google's customers: Cloud Run, App Engine, Cloud Functions: calls that succeed, and latencies."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.filters import Served, of_served
from tomoni.exploring.likely import LikelySli
from tomoni.exploring.stock import Stock

_RUN, _ENGINE = "run.googleapis.com", "appengine.googleapis.com/http/server"
_FUNCTION = "cloudfunctions.googleapis.com/function"
_SERVED = (
    Served(
        f"{_RUN}/request_count",
        (f"{_RUN}/request_latencies",),
        "cloud_run_revision",
        'response_code_class="5xx"',
        "resource.labels.service_name",
    ),
    Served(
        f"{_ENGINE}/response_count",
        (f"{_ENGINE}/response_latencies",),
        "gae_app",
        "response_code>=500",
        "resource.labels.module_id",
    ),
    Served(
        f"{_FUNCTION}/execution_count",
        (f"{_FUNCTION}/execution_times",),
        "cloud_function",
        'status!="ok"',
        "resource.labels.function_name",
    ),
)


def find(stock: Stock) -> Iterator[LikelySli]:
    """What each service, module or function answered."""
    for served in _SERVED:
        yield from of_served(stock, served)
