"""Pages of time series, read as raw protobuf into arrays on the grid of the interval.

The library's own objects cost twenty times as much: a wrapper for every point, value and time.
Aligned points come newest first; the end of a point's interval is the end of its bucket. A page
boundary cuts a series, so pieces are put together by the labels they are grouped by.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from data_sources.base import Interval
from data_sources.bounds import LARGEST_VALUE
from data_sources.cloud_monitoring.distributions import Edges, Range, bounds_of, cut, weigh
from tomoni.slo.model import FloatArray, IntArray

RAW = "ALIGN_NONE"
BOOL, INT64, DOUBLE, DISTRIBUTION = 1, 2, 3, 5  # google.api.MetricDescriptor.ValueType
_PARTS = ("low", "estimate", "high")
Column = tuple[str, Range | None]
VALUE: Column = ("value", None)  # the number; of a distribution how many values it holds
POINTS: Column = ("points", None)  # of raw points: how many there were in the bucket
Key = tuple[str, ...]  # the resource type (always part of the grouping), then the grouped labels


class UnreadablePoints(ValueError):
    """Points of a value type that cannot be counted, or a distribution without buckets."""


@dataclass(frozen=True, slots=True)
class Call:
    """One ListTimeSeries call: what is requested, and how it is aligned and reduced."""

    filter: str
    interval: Interval
    aligner: str
    reducer: str = "REDUCE_SUM"
    group_by: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """All pages of one call. Each line's columns have the shape ``(len(interval),)``, NaN where empty.

    ``partial`` holds Google's own words where it reports an incomplete answer;
    ``forgotten_until`` is the moment before which it refused to answer (0: nowhere).
    """

    call: Call
    ranges: frozenset[Range] = frozenset()
    lines: dict[Key, dict[Column, FloatArray]] = field(default_factory=dict)
    edges: dict[Range, set[Edges]] = field(default_factory=dict)
    unit: str = ""
    partial: list[str] = field(default_factory=list)
    forgotten_until: int = 0

    @property
    def places(self) -> int:
        """How many numbers there is room for."""
        return sum(map(len, self.lines.values())) * len(self.call.interval)

    def add_page(self, page: Any) -> None:  # noqa: ANN401 - a protobuf message without types
        """Adds a raw ``ListTimeSeriesResponse``. Raises UnreadablePoints."""
        self.partial += [status.message or f"code {status.code}" for status in page.execution_errors]
        for series in page.time_series:
            self.unit = self.unit or series.unit
            if series.points:
                self._add_series(series)

    def absorb(self, other: Reading) -> None:
        """Adds what was read of a part of the same interval."""
        offset = (other.call.interval.start - self.call.interval.start) // self.call.interval.step_seconds
        for key, columns in other.lines.items():
            for column, values in columns.items():
                self._column(key, column)[offset : offset + len(values)] = values
        for wanted, edges in other.edges.items():
            self.edges.setdefault(wanted, set()).update(edges)
        self.unit = self.unit or other.unit
        self.partial += other.partial

    def _add_series(self, series: Any) -> None:  # noqa: ANN401
        points, key = series.points, self._key(series)
        if self.call.aligner == RAW:
            self._count_raw(key, points, series.value_type)
            return
        at = self.positions(points)
        inside = (at >= 0) & (at < len(self.call.interval))
        where = slice(None) if inside.all() else inside
        self._put(key, VALUE, at[where], _numbers(points, series.value_type)[where])
        if series.value_type == DISTRIBUTION and self.ranges:
            self._cut(key, points, at, inside)

    def _put(self, key: Key, column: Column, at: IntArray, values: FloatArray) -> None:
        values[~(np.abs(values) <= LARGEST_VALUE)] = np.nan
        self._column(key, column)[at] = values

    def _column(self, key: Key, column: Column) -> FloatArray:
        line = self.lines.setdefault(key, {})
        if column not in line:
            line[column] = np.full(len(self.call.interval), np.nan)
        return line[column]

    def _key(self, series: Any) -> Key:  # noqa: ANN401
        """The group; without a reducer every series is one of its own."""
        grouped = (series.resource.type, *(_label(series, name) for name in self.call.group_by))
        if self.call.reducer != "REDUCE_NONE" or self.call.aligner == RAW:
            return grouped
        return (*grouped, *(f"{k}={v}" for labels in _all_labels(series) for k, v in sorted(labels.items())))

    def positions(self, points: Sequence[Any]) -> IntArray:
        """The bucket of each aligned point. A series without gaps is read at its two ends only."""
        step, count = self.call.interval.step_seconds, len(points)
        newest, oldest = points[0].interval.end_time.seconds, points[count - 1].interval.end_time.seconds
        if newest - oldest == (count - 1) * step:
            ends = np.arange(newest, oldest - step, -step, dtype=np.int64)
        else:
            ends = np.fromiter([p.interval.end_time.seconds for p in points], np.int64, count)
        return -((self.call.interval.start - ends) // step) - 1

    def _count_raw(self, key: Key, points: Sequence[Any], value_type: int) -> None:
        """Counts unaligned points and their sum by bucket; a point at a bucket's end belongs to it."""
        start, step, buckets = self.call.interval.start, self.call.interval.step_seconds, len(self.call.interval)
        ends = [p.interval.end_time for p in points]
        times = np.fromiter([end.seconds + (end.nanos > 0) for end in ends], np.int64, len(ends))
        at = -((start - times) // step) - 1
        inside = (at >= 0) & (at < buckets)
        values = _numbers(points, value_type)
        for column, weights in ((POINTS, np.ones(len(values))), (VALUE, values)):
            counted = np.bincount(at[inside], weights[inside], buckets)
            present = self._column(key, column)
            seen = np.bincount(at[inside], minlength=buckets) > 0
            present[seen] = np.nan_to_num(present[seen]) + counted[seen]

    def _cut(self, key: Key, points: Sequence[Any], at: IntArray, inside: np.ndarray[Any, Any]) -> None:
        for start, end in same_layout(points):
            piece = slice(start, end)
            options = points[start].value.distribution_value.bucket_options
            bounds = bounds_of(options)
            require_buckets(points[piece])
            for wanted in self.ranges:
                weights = weigh(bounds, wanted)
                counts = cut(points[piece], weights)
                self.edges.setdefault(wanted, set()).update(weights.edges)
                keep = inside[piece]
                for part in _PARTS:
                    self._put(key, (part, wanted), at[piece][keep], getattr(counts, part)[keep])


def combined(lines: Iterable[FloatArray], how: str = "sum") -> FloatArray:
    """One line from several by bucket: their sum, mean, max or min over those that have a value."""
    several = tuple(lines)
    if len(several) == 1:
        return several[0]
    stack = np.vstack(several)
    seen = ~np.isnan(stack)
    empty = ~seen.any(axis=0)
    fill, fold = _FOLDS[how]
    result: FloatArray = fold(np.where(seen, stack, fill), axis=0)
    if how == "mean":
        result = result / np.maximum(seen.sum(axis=0), 1)
    return np.where(empty, np.nan, result)


_FOLDS: dict[str, tuple[float, Any]] = {
    "sum": (0.0, np.sum),
    "mean": (0.0, np.sum),
    "max": (-np.inf, np.max),
    "min": (np.inf, np.min),
}


def _numbers(points: Sequence[Any], value_type: int) -> FloatArray:
    """The values by the series' own type: reading another field would silently give 0."""
    count = len(points)
    if value_type == INT64:
        return np.fromiter([p.value.int64_value for p in points], np.float64, count)
    if value_type == DOUBLE:
        return np.fromiter([p.value.double_value for p in points], np.float64, count)
    if value_type == BOOL:
        return np.fromiter([p.value.bool_value for p in points], np.float64, count)
    if value_type == DISTRIBUTION:
        return np.fromiter([p.value.distribution_value.count for p in points], np.float64, count)
    raise UnreadablePoints(f"values of type {value_type} are no numbers")


def _label(series: Any, name: str) -> str:  # noqa: ANN401
    owner, _, label = name.rpartition(".")
    labels = {
        "metric.labels": series.metric.labels,
        "metric.label": series.metric.labels,
        "resource.labels": series.resource.labels,
        "resource.label": series.resource.labels,
        "metadata.user_labels": series.metadata.user_labels,
    }.get(owner)
    if labels is not None:
        return str(labels.get(label, ""))
    return str(series.metadata.system_labels.fields[label].string_value) if owner.startswith("metadata.") else ""


def _all_labels(series: Any) -> tuple[Any, Any]:  # noqa: ANN401
    return series.metric.labels, series.resource.labels


def same_layout(points: Sequence[Any]) -> list[tuple[int, int]]:
    """Runs ``[start, end)`` of points that share their bucket bounds; a metric may change them."""
    layouts = [p.value.distribution_value.bucket_options.SerializeToString(deterministic=True) for p in points]
    starts = [0, *(i for i in range(1, len(layouts)) if layouts[i] != layouts[i - 1])]
    return list(zip(starts, [*starts[1:], len(layouts)], strict=True))


def require_buckets(points: Sequence[Any]) -> None:
    """Raises UnreadablePoints where a distribution has values and no buckets."""
    for point in points:
        value = point.value.distribution_value
        if value.count and not value.bucket_counts:
            raise UnreadablePoints("the distribution comes without bucket counts")
