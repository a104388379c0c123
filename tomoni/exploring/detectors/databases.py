"""Google's databases, where users wait for them directly: Cloud SQL that is up, calls to Spanner that succeed."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.filters import by_status, fast_enough, filters
from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock

_UP = "cloudsql.googleapis.com/database/up"
_SPANNER = "spanner.googleapis.com/api"
_INSTANCE = ("spanner_instance", "resource.labels.instance_id")


def find(stock: Stock) -> Iterator[LikelySli]:
    """Of each database."""
    for calls in by_status(stock, f"{_SPANNER}/api_request_count", _INSTANCE, "status"):
        keys = {"total": calls.text, "bad": calls.failed}
        yield LikelySli(Quality.AVAILABILITY, keys, calls.metric.name, calls.subject, Confidence.SURE, "status")
    yield from fast_enough(stock, (f"{_SPANNER}/request_latencies",), *_INSTANCE)
    for metric, subject, text in filters(stock, _UP, "cloudsql_database", "resource.labels.database_id"):
        keys = {"gauge": text, "good_when": ">= 1"}
        yield LikelySli(Quality.UPTIME, keys, metric.name, subject, Confidence.POSSIBLE)
