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
    resource: str = ""  # of Google's: the kind of resource that there must be points on


def _cloud(
    id_: str,
    metric: str,
    resource: str,
    combined: str = "ALIGN_MEAN REDUCE_MEAN",
    unit: Unit = Unit.RATIO,
    *,
    limit: float | None = None,
) -> _Known:
    """A metric of Google's on a kind of resource."""
    aligner, _, reducer = combined.partition(" ")
    query = {"filter": f'metric.type="{metric}" resource.type="{resource}"', "aligner": aligner, "reducer": reducer}
    return _Known(id_, (metric,), query, unit, limit, resource)


_DISK = 'node_filesystem_avail_bytes{mountpoint="/"}'
_SIZE = 'node_filesystem_size_bytes{mountpoint="/"}'
_RUN, _GKE = "run.googleapis.com/container", "kubernetes.io/container"
_FULLEST = "ALIGN_PERCENTILE_99 REDUCE_MAX"
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
    _cloud("cpu", "compute.googleapis.com/instance/cpu/utilization", "gce_instance", limit=0.8),
    _cloud("run-cpu", f"{_RUN}/cpu/utilizations", "cloud_run_revision", _FULLEST, limit=0.8),
    _cloud("run-memory", f"{_RUN}/memory/utilizations", "cloud_run_revision", _FULLEST, limit=0.9),
    _cloud("gke-cpu", f"{_GKE}/cpu/limit_utilization", "k8s_container", "ALIGN_MEAN REDUCE_MAX", limit=0.8),
    _cloud("gke-memory", f"{_GKE}/memory/limit_utilization", "k8s_container", "ALIGN_MEAN REDUCE_MAX", limit=0.9),
    _cloud("gke-restarts", f"{_GKE}/restart_count", "k8s_container", "ALIGN_DELTA REDUCE_SUM", Unit.COUNT),
    _cloud("db-cpu", "cloudsql.googleapis.com/database/cpu/utilization", "cloudsql_database", limit=0.8),
    _cloud("db-memory", "cloudsql.googleapis.com/database/memory/utilization", "cloudsql_database", limit=0.9),
    _cloud(
        "spanner-cpu",
        "spanner.googleapis.com/instance/cpu/utilization",
        "spanner_instance",
        "ALIGN_MEAN REDUCE_MAX",
        limit=0.65,
    ),
    _cloud(
        "undelivered",
        "pubsub.googleapis.com/subscription/num_undelivered_messages",
        "pubsub_subscription",
        "ALIGN_MEAN REDUCE_SUM",
        Unit.COUNT,
    ),
)


def find_signals(stock: Stock) -> Iterator[LikelySignal]:
    """The signals for which a source has all metrics."""
    for known in _KNOWN:
        if all(name in stock.metrics for name in known.needs) and _has_points(stock, known):
            yield LikelySignal(known.id, known.query, known.unit, known.limit)


def _has_points(stock: Stock, known: _Known) -> bool:
    """A project lists the metrics of services that it does not use as well."""
    return not known.resource or known.resource in stock.resources(stock.metrics[known.needs[0]])
