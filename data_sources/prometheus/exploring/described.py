"""What one metric is, without the list of all: as it is stated, else as its name and its samples show it.

A metric of which nobody states the type is taken for a counter where its samples of a day only grow, and for a gauge
where they rise and fall. What grows as the clock does is a time or an age, and no counter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from data_sources.errors import SourceError
from data_sources.exploring import Matcher, Metric, MetricType, Operator
from data_sources.prometheus.client import Client
from data_sources.prometheus.exploring import catalogue
from data_sources.prometheus.exploring.naming import Stated, is_recorded, metrics_of
from data_sources.prometheus.exploring.promql import literal, selector
from data_sources.prometheus.nature import like_a_counter, samples_of
from data_sources.prometheus.parse import read_vector
from tomoni.slo.model import DAY, FloatArray

_ENDS = ("_bucket", "_count", "_sum", "_created", "_total")
_SERIES = 3  # the largest ones are looked at: those move most
# A counter rises often and falls where its process begins again; what falls that often is none.
_RISES, _RESTARTS, _FALLS, _SHARE_OF_FALLS = 10, 2, 3, 0.05
_AS_THE_CLOCK, _NEAR_NOW = 0.02, 2 * DAY
_UNITS_OF_TIME = (1.0, 1_000.0)  # seconds and milliseconds


def described(client: Client, name: str, at: int) -> Sequence[Metric]:
    """The metric of a name, or the one that it is a part of, by the samples of the day before a moment where nobody
    says what it is. Raises `SourceError`."""
    bases = list(dict.fromkeys((name, *(name.removesuffix(end) for end in _ENDS if name.endswith(end)))))
    names = catalogue.names_like(client, f"({'|'.join(map(literal, bases))})({'|'.join(_ENDS)})?")
    stated: dict[str, Stated] = {}
    for base in bases if names else ():
        stated.update(catalogue.stated_metadata(client, base))
    worked_out = set() if stated or not names or is_recorded(name) else catalogue.worked_out(client)
    return [_as_seen(client, metric, at) for metric in metrics_of(names, stated, worked_out)]


def _as_seen(client: Client, metric: Metric, at: int) -> Metric:
    if metric.type is not MetricType.UNKNOWN:
        return metric
    kind = _shape(client, metric.name, at)
    return metric if kind is MetricType.UNKNOWN else replace(metric, type=kind, seen=True)


def _shape(client: Client, name: str, at: int) -> MetricType:
    """What the largest series of a metric show; unknown where they say nothing, or not the same."""
    shapes: set[MetricType] = set()
    for labels in _largest(client, name, at):
        matchers = [Matcher(label, Operator.EQUAL, value) for label, value in labels.items() if label != "__name__"]
        if shape := shape_of(*samples_of(client, selector(name, matchers), at)):
            shapes.add(shape)
    return shapes.pop() if len(shapes) == 1 else MetricType.UNKNOWN


def _largest(client: Client, name: str, at: int) -> Sequence[Mapping[str, str]]:
    """The labels of some series: of those that there are, else of those that ended within a day."""
    for text in (selector(name), f"last_over_time({selector(name)}[1d])"):
        query = {"query": f"topk({_SERIES}, {text})", "time": str(at)}
        try:
            found = read_vector(client.query("/api/v1/query", query))
        except SourceError:
            return ()
        if found:
            return [labels for labels, _ in found]
    return ()


def shape_of(times: FloatArray, values: FloatArray) -> MetricType | None:
    """What the samples of one series are, at their moments (Unix seconds); None where they hardly change."""
    steps = np.diff(values)
    rises, falls = int(np.count_nonzero(steps > 0)), int(np.count_nonzero(steps < 0))
    if rises + falls < _RISES:
        return None
    if falls >= _FALLS and falls >= _SHARE_OF_FALLS * (rises + falls):
        return MetricType.GAUGE
    if falls > _RESTARTS or not like_a_counter(values):
        return MetricType.UNKNOWN
    return MetricType.UNKNOWN if _is_a_clock(times, values) else MetricType.COUNTER


def _is_a_clock(times: FloatArray, values: FloatArray) -> bool:
    """Whether the values grow as time does, or are moments of the last days."""
    rising = np.diff(values) > 0
    speeds = np.diff(values)[rising] / np.maximum(np.diff(times)[rising], 1e-3)
    for unit in _UNITS_OF_TIME:
        if np.all(np.abs(speeds / unit - 1) < _AS_THE_CLOCK) or np.all(np.abs(values / unit - times) < _NEAR_NOW):
            return True
    return False
