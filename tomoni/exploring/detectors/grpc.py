"""gRPC by go-grpc-prometheus and its kin: calls by code, and durations."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.shapes import Requests, by_code, fast, present
from tomoni.exploring.likely import LikelySli
from tomoni.exploring.stock import Stock

# What the service is to blame for; the others say that a call was wrong, or given up by its caller.
FAILED = "Unknown|DeadlineExceeded|ResourceExhausted|Unimplemented|Internal|Unavailable|DataLoss"
_HOW = Requests(("app", "grpc_service", "job"), ("grpc_code", "code"), FAILED)


def find(stock: Stock) -> Iterator[LikelySli]:
    """Calls that servers handled."""
    for metric in present(stock, "grpc_server_handled_total"):
        yield from by_code(stock, metric, _HOW)
    for metric in present(stock, "grpc_server_handling_seconds"):
        yield from fast(stock, metric, _HOW)
