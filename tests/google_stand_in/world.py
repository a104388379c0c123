"""What the stand-in knows: metrics, monitored resources and their points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
SIX_WEEKS = 42 * 86_400
RESOURCES: dict[str, tuple[str, ...]] = {
    "https_lb_rule": ("project_id", "url_map_name", "backend_name", "zone"),
    "cloud_run_revision": ("project_id", "service_name", "location"),
    "gce_instance": ("project_id", "instance_id", "zone"),
    "uptime_url": ("project_id", "host"),
    "k8s_container": ("project_id", "cluster_name", "namespace_name", "container_name"),
    "global": ("project_id",),
    "gae_app": ("project_id", "module_id", "version_id"),
    "cloud_function": ("project_id", "function_name", "region"),
    "istio_canonical_service": ("project_id", "namespace_name", "canonical_service_name"),
    "pubsub_subscription": ("project_id", "subscription_id"),
    "cloudsql_database": ("project_id", "database_id", "region"),
    "spanner_instance": ("project_id", "instance_id", "location"),
    "cloud_tasks_queue": ("project_id", "location", "queue_id", "target_type"),
    "gcs_bucket": ("project_id", "location", "bucket_name"),
    "apigee.googleapis.com/ProxyV2": ("resource_container", "location", "org", "env", "proxy_name", "runtime_version"),
}


@dataclass(frozen=True)
class Bounds:
    """A distribution's bucket options: kind and its numbers, as google.api.Distribution has them.

    explicit: the bounds; linear: (num_finite_buckets, width, offset);
    exponential: (num_finite_buckets, growth_factor, scale).
    """

    kind: str
    numbers: tuple[float, ...]

    def edges(self) -> Floats:
        """The finite bounds, ascending."""
        if self.kind == "explicit":
            return np.array(self.numbers)
        count, step, origin = self.numbers
        steps = np.arange(int(count) + 1)
        return np.asarray(origin + step * steps if self.kind == "linear" else origin * step**steps, dtype=np.float64)


@dataclass(frozen=True)
class MetricSpec:
    """A metric descriptor. ``delay_seconds``: how long a point stays hidden after its end."""

    type: str
    kind: str  # GAUGE, DELTA, CUMULATIVE
    value_type: str  # BOOL, INT64, DOUBLE, DISTRIBUTION, STRING
    labels: Mapping[str, str] = field(default_factory=dict)  # key to STRING, INT64 or BOOL
    resources: tuple[str, ...] = ("global",)
    unit: str = "1"
    sample_seconds: int = 60
    delay_seconds: int = 0
    retention_seconds: int = SIX_WEEKS
    title: str = ""
    description: str = ""


@dataclass(frozen=True, eq=False)
class Stream:
    """One time series. ``ends`` ascend; ``values`` are numbers, or rows of bucket counts.

    ``starts`` are the start times of a CUMULATIVE series: another one is a reset. ``means`` are the
    means of a distribution's points.
    """

    metric: MetricSpec
    labels: Mapping[str, str]
    resource: str
    resource_labels: Mapping[str, str]
    ends: Ints
    values: Floats
    starts: Ints | None = None
    bounds: Bounds | None = None


@dataclass
class World:
    """Everything in one project. ``now`` is the moment at which Google is asked."""

    project: str
    now: int
    metrics: dict[str, MetricSpec] = field(default_factory=dict)
    streams: dict[str, list[Stream]] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)  # name to display name
    slos: dict[str, object] = field(default_factory=dict)  # name to NativeSlo of stand-in slos

    def add(self, *streams: Stream) -> None:
        """Adds series, and their metrics with them."""
        for stream in streams:
            self.metrics[stream.metric.type] = stream.metric
            self.streams.setdefault(stream.metric.type, []).append(stream)

    def define(self, metric: MetricSpec) -> None:
        """Adds a metric without any points."""
        self.metrics[metric.type] = metric
        self.streams.setdefault(metric.type, [])


def delta(metric: MetricSpec, labels: Mapping[str, str], counts: npt.ArrayLike, start: int) -> Stream:
    """A DELTA series with a point each sampling period; zeros are not written, as load balancers do."""
    values = np.asarray(counts, dtype=np.float64)
    ends = start + metric.sample_seconds * (1 + np.arange(len(values), dtype=np.int64))
    kept = values > 0
    return Stream(metric, labels, metric.resources[0], {}, ends[kept], values[kept])


def cumulative(
    metric: MetricSpec,
    labels: Mapping[str, str],
    counts: npt.ArrayLike,
    start: int,
    resets: Sequence[int] = (),
) -> Stream:
    """A CUMULATIVE series that begins with a 0 at ``start`` and starts anew before the named counts."""
    values = np.asarray(counts, dtype=np.float64)
    step = metric.sample_seconds
    ends = start + step * np.arange(len(values) + 1, dtype=np.int64)
    cuts = [0, *resets, len(values)]
    pieces = [np.cumsum(values[a:b]) for a, b in pairwise(cuts)]
    starts = [np.full(b - a, start + a * step) for a, b in pairwise(cuts)]
    totals = np.concatenate([[0.0], *pieces])
    began = np.concatenate([[start - step], *starts]).astype(np.int64)
    began[1 : 1 + len(pieces[0])] = start - step
    return Stream(metric, labels, metric.resources[0], {}, ends, totals, starts=began)


def gauge(metric: MetricSpec, labels: Mapping[str, str], values: npt.ArrayLike, start: int) -> Stream:
    """A GAUGE series with a point each sampling period; NaN is a point that was never written."""
    numbers = np.asarray(values, dtype=np.float64)
    ends = start + metric.sample_seconds * (1 + np.arange(len(numbers), dtype=np.int64))
    kept = ~np.isnan(numbers)
    return Stream(metric, labels, metric.resources[0], {}, ends[kept], numbers[kept])


def histogram(
    metric: MetricSpec, labels: Mapping[str, str], counts: npt.ArrayLike, start: int, bounds: Bounds
) -> Stream:
    """A DELTA distribution: a row of bucket counts each sampling period; empty rows are not written."""
    rows = np.asarray(counts, dtype=np.float64)
    ends = start + metric.sample_seconds * (1 + np.arange(len(rows), dtype=np.int64))
    kept = rows.sum(axis=1) > 0
    return Stream(metric, labels, metric.resources[0], {}, ends[kept], rows[kept], bounds=bounds)
