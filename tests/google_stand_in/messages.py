"""The stand-in's values as Google's own protobuf messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from google.api import label_pb2, metric_pb2, monitored_resource_pb2
from google.cloud import monitoring_v3
from google.type import calendar_period_pb2

from tests.google_stand_in.aligning import Line
from tests.google_stand_in.slos import NativeSlo
from tests.google_stand_in.world import Bounds, MetricSpec


def raw(name: str) -> Any:
    """The protobuf class behind one of the library's wrappers."""
    return getattr(monitoring_v3, name).pb()


ListTimeSeriesResponse = raw("ListTimeSeriesResponse")
ListMetricDescriptorsResponse = raw("ListMetricDescriptorsResponse")
ListServicesResponse = raw("ListServicesResponse")
ListSlosResponse = raw("ListServiceLevelObjectivesResponse")
_Slo = raw("ServiceLevelObjective")
EXPLICIT = monitoring_v3.ServiceLevelObjective.View.EXPLICIT
HEADERS = monitoring_v3.ListTimeSeriesRequest.TimeSeriesView.HEADERS
KINDS = metric_pb2.MetricDescriptor.MetricKind
TYPES = metric_pb2.MetricDescriptor.ValueType
_LABEL_TYPES = label_pb2.LabelDescriptor.ValueType


def write(series: Any, line: Line, request: Any, part: slice) -> None:
    """Fills a TimeSeries with some of a line's points, newest first."""
    series.metric.labels.update(line.labels)
    series.resource.type = line.resource
    series.resource.labels.update(line.resource_labels)
    series.metric_kind, series.value_type = KINDS.Value(line.kind), TYPES.Value(line.value_type)
    series.unit = line.unit
    period = request.aggregation.alignment_period.seconds if line.kind == "DELTA" else 0
    ends, values = line.ends[::-1][part].tolist(), line.values[::-1][part]
    if line.bounds is not None:
        _write_rows(series, ends, values, line.bounds, period)
        return
    kind = {"INT64": int, "DOUBLE": float, "BOOL": bool}[line.value_type]
    name = {"INT64": "int64_value", "DOUBLE": "double_value", "BOOL": "bool_value"}[line.value_type]
    for end, value in zip(ends, values.tolist(), strict=True):
        point = series.points.add()
        point.interval.end_time.seconds, point.interval.start_time.seconds = end, end - period
        setattr(point.value, name, kind(value))


def _write_rows(series: Any, ends: Sequence[int], rows: Any, bounds: Bounds, period: int) -> None:
    for end, row in zip(ends, rows, strict=True):
        point = series.points.add()
        point.interval.end_time.seconds, point.interval.start_time.seconds = end, end - period
        distribution = point.value.distribution_value
        counts = np.rint(row).astype(np.int64)
        distribution.count = int(counts.sum())
        _write_bounds(distribution.bucket_options, bounds)
        # Trailing zeros are left out on the wire.
        distribution.bucket_counts.extend(np.trim_zeros(counts, "b").tolist())


def _write_bounds(options: Any, bounds: Bounds) -> None:
    if bounds.kind == "explicit":
        options.explicit_buckets.bounds.extend(bounds.numbers)
        return
    count, step, origin = bounds.numbers
    chosen = options.linear_buckets if bounds.kind == "linear" else options.exponential_buckets
    chosen.num_finite_buckets = int(count)
    if bounds.kind == "linear":
        chosen.width, chosen.offset = step, origin
    else:
        chosen.growth_factor, chosen.scale = step, origin


def descriptor(project: str, metric: MetricSpec) -> Any:
    """A MetricDescriptor."""
    made = metric_pb2.MetricDescriptor(
        name=f"projects/{project}/metricDescriptors/{metric.type}",
        type=metric.type,
        metric_kind=KINDS.Value(metric.kind),
        value_type=TYPES.Value(metric.value_type),
        unit=metric.unit,
        display_name=metric.title,
        description=metric.description,
        monitored_resource_types=list(metric.resources),
    )
    for key, kind in metric.labels.items():
        made.labels.add(key=key, value_type=_LABEL_TYPES.Value(kind))
    made.metadata.sample_period.seconds = metric.sample_seconds
    made.metadata.ingest_delay.seconds = metric.delay_seconds
    return made


def resource(name: str, labels: Sequence[str]) -> Any:
    """A MonitoredResourceDescriptor."""
    made = monitored_resource_pb2.MonitoredResourceDescriptor(type=name)
    for key in labels:
        made.labels.add(key=key)
    return made


def slo(kept: Any, explicit: bool) -> Any:
    """A ServiceLevelObjective; a basic SLI is spelt out where the view is EXPLICIT."""
    assert isinstance(kept, NativeSlo)
    made = _Slo(name=kept.name, display_name=kept.title, goal=kept.goal)
    if kept.rolling_seconds:
        made.rolling_period.seconds = kept.rolling_seconds
    else:
        made.calendar_period = calendar_period_pb2.CalendarPeriod.Value(kept.calendar)
    indicator = made.service_level_indicator
    if kept.basic and not explicit:
        indicator.basic_sli.availability.SetInParent()
    elif kept.slice_seconds:
        windows = indicator.windows_based
        windows.window_period.seconds = kept.slice_seconds
        windows.good_total_ratio_threshold.threshold = kept.slice_target
        _write_ratio(windows.good_total_ratio_threshold.performance.good_total_ratio, kept)
    elif kept.below is not None:
        cut = indicator.request_based.distribution_cut
        cut.distribution_filter, cut.range_.max_ = kept.total, kept.below
    else:
        _write_ratio(indicator.request_based.good_total_ratio, kept)
    return made


def _write_ratio(ratio: Any, kept: NativeSlo) -> None:
    ratio.total_service_filter, ratio.good_service_filter = kept.total, kept.good
