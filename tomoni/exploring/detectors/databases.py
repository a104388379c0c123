"""Google's databases, where users wait for them directly: Cloud SQL that is up, calls to Spanner that succeed."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.filters import fast_enough, filters
from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock

_UP = "cloudsql.googleapis.com/database/up"
_SPANNER = "spanner.googleapis.com/api"
_INSTANCE = ("spanner_instance", "resource.labels.instance_id")
# What the service is to blame for, as with gRPC; the others say that a call was wrong, or given up by its caller.
_FAILED = ("unknown", "deadline_exceeded", "resource_exhausted", "internal", "unavailable", "data_loss")


def find(stock: Stock) -> Iterator[LikelySli]:
    """Of each database."""
    yield from _calls(stock)
    yield from fast_enough(stock, (f"{_SPANNER}/request_latencies",), *_INSTANCE)
    for metric, subject, text in filters(stock, _UP, "cloudsql_database", "resource.labels.database_id"):
        keys = {"gauge": text, "good_when": ">= 1"}
        yield LikelySli(Quality.UPTIME, keys, metric.name, subject, Confidence.POSSIBLE)


def _calls(stock: Stock) -> Iterator[LikelySli]:
    """Calls by their status, however it is spelled; nothing where none of them is known as a success."""
    for metric, subject, text in filters(stock, f"{_SPANNER}/api_request_count", *_INSTANCE):
        ok = next((value for value in stock.values(metric, "status") if value.lower() == "ok"), "")
        failed = ", ".join(f'"{name.upper() if ok.isupper() else name}"' for name in _FAILED)
        if ok:
            keys = {"total": text, "bad": f"{text} metric.labels.status=one_of({failed})"}
            yield LikelySli(Quality.AVAILABILITY, keys, metric.name, subject, Confidence.SURE, "status")
