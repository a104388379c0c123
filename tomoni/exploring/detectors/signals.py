"""Signals of the infrastructure: processor, memory, disk, connections, as well-known exporters write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tomoni.catalog.schema import Unit
from tomoni.exploring.likely import Keys, LikelySignal
from tomoni.exploring.stock import Stock


@dataclass(frozen=True, slots=True)
class _Known:
    """A signal, and the metrics that it needs."""

    id: str
    needs: tuple[str, ...]
    query: str | Keys
    unit: Unit = Unit.RATIO
    limit: float | None = None


def _filter(metric: str, resource: str, aligner: str = "ALIGN_MEAN") -> Keys:
    return {
        "filter": f'metric.type="{metric}" resource.type="{resource}"',
        "aligner": aligner,
        "reducer": "REDUCE_MEAN",
    }


_DISK = 'node_filesystem_avail_bytes{mountpoint="/"}'
_SIZE = 'node_filesystem_size_bytes{mountpoint="/"}'
_CLOUD = (
    ("cpu", "compute.googleapis.com/instance/cpu/utilization", "gce_instance", 0.8),
    ("db-cpu", "cloudsql.googleapis.com/database/cpu/utilization", "cloudsql_database", 0.8),
    ("db-memory", "cloudsql.googleapis.com/database/memory/utilization", "cloudsql_database", 0.9),
)
_KNOWN = (
    _Known(
        "cpu", ("node_cpu_seconds_total",), '1 - avg(rate(node_cpu_seconds_total{mode="idle"}[$window]))', limit=0.8
    ),
    _Known(
        "memory",
        ("node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes"),
        "1 - min(node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)",
        limit=0.9,
    ),
    _Known(
        "disk",
        ("node_filesystem_avail_bytes", "node_filesystem_size_bytes"),
        f"1 - min({_DISK} / {_SIZE})",
        limit=0.85,
    ),
    _Known(
        "network",
        ("node_network_receive_bytes_total",),
        'sum(rate(node_network_receive_bytes_total{device!="lo"}[$window]))',
        Unit.BYTES,
    ),
    _Known(
        "container-cpu",
        ("container_cpu_usage_seconds_total",),
        'sum(rate(container_cpu_usage_seconds_total{container!=""}[$window]))',
        Unit.COUNT,
    ),
    _Known(
        "container-memory",
        ("container_memory_working_set_bytes",),
        'sum(container_memory_working_set_bytes{container!=""})',
        Unit.BYTES,
    ),
    _Known(
        "restarts",
        ("kube_pod_container_status_restarts_total",),
        "sum(increase(kube_pod_container_status_restarts_total[$window]))",
        Unit.COUNT,
    ),
    _Known("db-connections", ("pg_stat_activity_count",), "sum(pg_stat_activity_count)", Unit.COUNT),
    _Known(
        "db-threads",
        ("mysql_global_status_threads_connected",),
        "sum(mysql_global_status_threads_connected)",
        Unit.COUNT,
    ),
    _Known("cache-memory", ("redis_memory_used_bytes",), "sum(redis_memory_used_bytes)", Unit.BYTES),
    *(_Known(id_, (metric,), _filter(metric, resource), limit=limit) for id_, metric, resource, limit in _CLOUD),
)


def find_signals(stock: Stock) -> Iterator[LikelySignal]:
    """The signals for which a source has all metrics."""
    for known in _KNOWN:
        if all(name in stock.metrics for name in known.needs):
            yield LikelySignal(known.id, known.query, known.unit, known.limit)
