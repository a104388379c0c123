"""OpenTelemetry's semantic conventions for RPC servers, the present and the older ones."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.shapes import Requests, by_code, fast, present
from tomoni.exploring.likely import LikelySli
from tomoni.exploring.stock import Stock, underscored

# The codes of gRPC by number and by name.
FAILED = "2|4|8|12|13|14|15|UNKNOWN|DEADLINE_EXCEEDED|RESOURCE_EXHAUSTED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS"
_HOW = Requests(
    ("service_name", "rpc_service", "exported_job", "job"),
    ("rpc_grpc_status_code", "rpc_response_status_code"),
    FAILED,
)
_UNITS = {
    "rpc_server_call_duration_seconds": 1,
    "rpc_server_duration_seconds": 1,
    "rpc_server_duration_milliseconds": 1000,
    "rpc_server_duration": 1000,
}


def find(stock: Stock) -> Iterator[LikelySli]:
    """The durations of calls, whose count by code tells which failed."""
    for metric in present(stock, *_UNITS):
        yield from by_code(stock, metric, _HOW)
        yield from fast(stock, metric, _HOW, _UNITS[underscored(metric.name)])
