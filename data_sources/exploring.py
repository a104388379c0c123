"""Looking at any metric of a source: which it has, and the lines that a question brings.

Nothing here is stored in the ledger: what is explored is read for the reader, within limits, and shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import Protocol, runtime_checkable

import numpy as np

from data_sources.base import Interval, Notice, QueryText
from tomoni.slo.model import FloatArray

Cancelled = Callable[[], bool]  # asked between two calls; True ends the work


class MetricType(StrEnum):
    """What the values of a metric mean. A distribution is a histogram that the source keeps as one value."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    NATIVE_HISTOGRAM = "native_histogram"
    SUMMARY = "summary"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of a source. ``name`` is what queries use; ``unit``, ``help`` and ``labels`` are empty where the
    source does not say. A classic histogram is one metric, by its name without ``_bucket``. ``seen``: nobody states
    its type, its samples show it. ``quantiles``: of a summary, whether it has percentiles of its own."""

    name: str
    type: MetricType = MetricType.UNKNOWN
    unit: str = ""
    help: str = ""
    labels: tuple[str, ...] = ()
    seen: bool = False
    quantiles: bool = True


class Operator(StrEnum):
    """How a label is compared."""

    EQUAL = "="
    NOT_EQUAL = "!="
    MATCHES = "=~"
    NOT_MATCHES = "!~"


@dataclass(frozen=True, slots=True, order=True)
class Matcher:
    """Which series: those whose label compares so with a value."""

    label: str
    operator: Operator
    value: str

    def accepts(self, value: str) -> bool:
        """Whether a label with this value (empty: without the label) matches; a pattern that cannot be read here
        accepts everything."""
        try:
            equal = bool(re.fullmatch(self.value, value)) if self.operator.endswith("~") else self.value == value
        except re.error:  # what RE2 knows and Python does not
            return True
        return equal != self.operator.startswith("!")


def accepted(matchers: Sequence[Matcher], labels: Mapping[str, str]) -> bool:
    """Whether a series with these labels is one of those that all matchers select."""
    return all(each.accepts(labels.get(each.label, "")) for each in matchers)


class Aggregation(StrEnum):
    """How a metric becomes lines. Each type has its own (`AGGREGATIONS`), the first one is its default."""

    RATE = "rate"  # per second
    INCREASE = "increase"  # per bucket
    MEAN = "mean"  # with the smallest and largest value as a band
    SUM = "sum"
    MIN = "min"
    MAX = "max"
    COUNT = "count"  # of series
    PERCENTILES = "percentiles"  # 50, 90, 99
    HEAT = "heat"  # how many observations fell into each bucket of the histogram


AGGREGATIONS: Mapping[MetricType, tuple[Aggregation, ...]] = {
    MetricType.COUNTER: (Aggregation.RATE, Aggregation.INCREASE),
    MetricType.GAUGE: (Aggregation.MEAN, Aggregation.SUM, Aggregation.MIN, Aggregation.MAX, Aggregation.COUNT),
    MetricType.HISTOGRAM: (Aggregation.PERCENTILES, Aggregation.HEAT, Aggregation.RATE),
    MetricType.NATIVE_HISTOGRAM: (Aggregation.PERCENTILES, Aggregation.HEAT, Aggregation.RATE),
    MetricType.SUMMARY: (Aggregation.MEAN, Aggregation.PERCENTILES, Aggregation.RATE),
    MetricType.UNKNOWN: (Aggregation.MEAN, Aggregation.RATE, Aggregation.SUM, Aggregation.MIN, Aggregation.MAX),
}


def aggregations_of(metric: Metric) -> tuple[Aggregation, ...]:
    """What is offered for a metric, the usual one first. Where its samples alone show of what type it is, everything
    that may fit it."""
    usual = AGGREGATIONS[metric.type]
    if metric.seen:
        return tuple(dict.fromkeys((*usual, *AGGREGATIONS[MetricType.UNKNOWN])))
    return usual if metric.quantiles else tuple(each for each in usual if each is not Aggregation.PERCENTILES)


@dataclass(frozen=True, slots=True)
class Within:
    """Which observations of a histogram are counted: from ``low`` to ``high`` in the metric's unit. As text ``high`` is
    a length of time (300ms), whatever the unit is."""

    high: float | str
    low: float = -inf


@dataclass(frozen=True, slots=True)
class MetricQuestion:
    """A metric, aggregated, split by labels; ``type`` is what the metric is taken for. ``within`` is of histograms that
    are counted (`Aggregation.RATE`, `Aggregation.INCREASE`): None counts every observation."""

    metric: str
    type: MetricType
    aggregation: Aggregation
    matchers: tuple[Matcher, ...] = ()
    by: tuple[str, ...] = ()
    within: Within | None = None


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A query in the source's own language: PromQL, or a filter of Cloud Monitoring."""

    text: str


Ask = MetricQuestion | WrittenQuestion


@dataclass(frozen=True, slots=True)
class Limits:
    """What protects a source: series in one answer (the largest are shown, the others summed as one line), points
    of one line, bytes of an answer, and seconds."""

    lines: int = 20
    series: int = 5_000
    points: int = 11_000
    megabytes: int = 64
    seconds: float = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line: its labels and ``values``, value i for the bucket that begins at ``start + i*step``, NaN where
    nothing was observed. ``low`` and ``high`` are a band around it. ``role`` says what it is where labels do not:
    ``p50``, ``p90``, ``p99``; ``other`` is the sum (or mean) of ``summed`` series that are not shown alone."""

    labels: Mapping[str, str]
    values: FloatArray
    low: FloatArray | None = None
    high: FloatArray | None = None
    role: str = ""
    summed: int = 0


def mean_of(values: FloatArray) -> float | None:
    """The mean of the numbers among some values, also of such whose sum is beyond all numbers; None without any."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        mean = float(known.mean())
        return mean if np.isfinite(mean) else float(np.clip((known / len(known)).sum(), known.min(), known.max()))


def largest_first(line: Line) -> tuple[float, list[tuple[str, str]]]:
    """What lines are sorted by: their mean, the largest first; those without a number last."""
    mean = mean_of(line.values)
    return (inf if mean is None else -mean, sorted(line.labels.items()))


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """How many observations (per second) fell between two edges: ``counts`` has shape (edges, len(interval)), row j
    those above ``edges[j-1]`` and at most ``edges[j]``."""

    edges: tuple[float, ...]
    counts: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The answer to a question. ``unit`` is what the values are measured in; ``texts`` are the queries as sent."""

    interval: Interval
    lines: tuple[Line, ...]
    unit: str = ""
    heat: Heat | None = None
    texts: tuple[QueryText, ...] = ()
    notices: tuple[Notice, ...] = ()
    series: int = 0


@dataclass(frozen=True, slots=True)
class LabelValue:
    """A value of a label and how many series have it (None where the source does not say)."""

    value: str
    series: int | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What a question will read, as far as the source tells: series, and points of the answer. ``refused`` is the
    limit that it would break: ``series``, ``points``; empty when it may run."""

    series: int | None
    points: int | None
    refused: str = ""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


# The reason of a question's refusal by the limit that it would break.
REASONS: Mapping[str, str] = {"series": "too_many_series", "points": "too_many_points"}


@runtime_checkable
class Explores(Protocol):
    """A source whose metrics can be found and looked at. All methods but ``texts`` query it and raise SourceError;
    a written question with a fault raises it with the fact ``position`` (characters from 0) where the server tells."""

    def metrics(self, cancelled: Cancelled) -> Iterator[Sequence[Metric]]:
        """All metrics, in parts as they come."""
        ...

    def label_names(self, metric: str, matchers: Sequence[Matcher], interval: Interval) -> Sequence[str]:
        """The labels that a metric has over an interval."""
        ...

    def label_values(
        self, metric: str, label: str, matchers: Sequence[Matcher], interval: Interval
    ) -> Sequence[LabelValue]:
        """The values of a label of a metric over an interval, the most frequent first; at most 1,000."""
        ...

    def cost(self, ask: Ask, interval: Interval, limits: Limits) -> Cost:
        """What a question will read."""
        ...

    def lines(self, ask: Ask, interval: Interval, limits: Limits, cancelled: Cancelled) -> Lines:
        """The lines of a question. Each of a metric with many series: the largest ``limits.lines``, others as one."""
        ...

    def texts(self, ask: Ask, interval: Interval) -> Sequence[QueryText]:
        """The queries that a question becomes, with addresses of the source's own page, without any I/O."""
        ...


@runtime_checkable
class Describes(Protocol):
    """A source that tells what one metric is without reading the list of all."""

    def described(self, name: str, interval: Interval) -> Sequence[Metric]:
        """The metric of a name, or the one that it is a part of; none where there is none. Where nobody states its
        type, what its samples of the last day of an interval show. Raises SourceError."""
        ...


@runtime_checkable
class ReadsOneLine(Protocol):
    """A source that reads a metric as one line by one request, so that hundreds can be compared."""

    def one_line(self, ask: MetricQuestion, interval: Interval, limits: Limits) -> FloatArray | None:
        """How fast all series of a counter grow together, else their mean; None without any. Nothing is asked before:
        the caller knows how many series there are. Raises SourceError."""
        ...


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One event that was counted or measured: when (Unix seconds), its value, the labels of its series, and the id of
    its trace (empty: none is known)."""

    at: float
    value: float
    labels: Mapping[str, str]
    trace: str = ""


@runtime_checkable
class HasExemplars(Protocol):
    """A source that keeps examples of what it counted."""

    def exemplars(self, ask: Ask, interval: Interval) -> Sequence[Exemplar]:
        """The largest examples of what a question reads; at most 50. Raises SourceError."""
        ...


class Exploring:
    """What a source inherits whose questions are answered by an object of its own."""

    explorer: Explores

    def metrics(self, cancelled: Cancelled) -> Iterator[Sequence[Metric]]:
        """See `Explores`."""
        return self.explorer.metrics(cancelled)

    def label_names(self, metric: str, matchers: Sequence[Matcher], interval: Interval) -> Sequence[str]:
        """See `Explores`."""
        return self.explorer.label_names(metric, matchers, interval)

    def label_values(
        self, metric: str, label: str, matchers: Sequence[Matcher], interval: Interval
    ) -> Sequence[LabelValue]:
        """See `Explores`."""
        return self.explorer.label_values(metric, label, matchers, interval)

    def cost(self, ask: Ask, interval: Interval, limits: Limits) -> Cost:
        """See `Explores`."""
        return self.explorer.cost(ask, interval, limits)

    def lines(self, ask: Ask, interval: Interval, limits: Limits, cancelled: Cancelled) -> Lines:
        """See `Explores`."""
        return self.explorer.lines(ask, interval, limits, cancelled)

    def texts(self, ask: Ask, interval: Interval) -> Sequence[QueryText]:
        """See `Explores`."""
        return self.explorer.texts(ask, interval)
