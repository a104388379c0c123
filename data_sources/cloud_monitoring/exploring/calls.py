"""The calls that a question becomes, by what its metric is.

A distribution is always read whole (``ALIGN_DELTA``, of gauges ``ALIGN_SUM``; ``REDUCE_SUM``): Google's own aligners
know no 90th percentile and refuse cumulative distributions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data_sources.base import Interval
from data_sources.cloud_monitoring.exploring.spelling import field_of, filter_of
from data_sources.cloud_monitoring.filters import FilterError, parse_filter
from data_sources.cloud_monitoring.parse import Call
from data_sources.cloud_monitoring.query import ALIGNERS, REDUCERS, Metric, Refusal
from data_sources.exploring import Aggregation, MetricQuestion, MetricType

VALUE, MEAN, LOW, HIGH = "value", "mean", "low", "high"
# The aligner and the reducer of each way to put numbers together, by the role of the line.
_NUMBERS: Mapping[Aggregation, Mapping[str, tuple[str, str]]] = {
    Aggregation.RATE: {VALUE: ("RATE", "SUM")},
    Aggregation.INCREASE: {VALUE: ("DELTA", "SUM")},
    Aggregation.MEAN: {MEAN: ("MEAN", "MEAN"), LOW: ("MIN", "MIN"), HIGH: ("MAX", "MAX")},
    Aggregation.SUM: {VALUE: ("MEAN", "SUM")},
    Aggregation.MIN: {VALUE: ("MIN", "MIN")},
    Aggregation.MAX: {VALUE: ("MAX", "MAX")},
    Aggregation.COUNT: {VALUE: ("MEAN", "COUNT")},
}
_KINDS = {MetricType.COUNTER: ("DELTA", "INT64"), MetricType.HISTOGRAM: ("DELTA", "DISTRIBUTION")}
_HOW = re.compile(r"(ALIGN_\w+)(?:\s+\d+\w*)?(?:\s+(REDUCE_\w+))?(?:\s+BY\s+(.+))?\s*")


@dataclass(frozen=True, slots=True)
class Written:
    """A filter as it was written; where how it is aligned and reduced stands below it, that as well."""

    filter: str
    aligner: str = ""
    reducer: str = "REDUCE_NONE"
    group_by: tuple[str, ...] = ()

    def call(self, interval: Interval, metric: Metric) -> Call:
        """Its call; each series by itself unless something else is written."""
        if self.aligner:
            return Call(self.filter, interval, self.aligner, self.reducer, self.group_by)
        if metric.value_type == "DISTRIBUTION":
            return Call(self.filter, interval, _whole(metric), "REDUCE_SUM")
        usual = "ALIGN_RATE" if metric.kind in ("DELTA", "CUMULATIVE") else _of_values("MEAN", metric)
        return Call(self.filter, interval, usual, "REDUCE_NONE")


def read_written(text: str) -> Written:
    """A written question. Raises Refusal where it is no filter of one metric, or names what does not exist."""
    lines = text.strip().splitlines()
    how = _HOW.fullmatch(lines[-1].strip()) if len(lines) > 1 else None
    body = "\n".join(lines[:-1]) if how else text
    try:
        found = parse_filter(body.strip())
    except FilterError as error:
        raise Refusal("filter_unreadable", role=VALUE, filter=body, detail=str(error)) from error
    if not found.metric and not found.selects_slo:
        raise Refusal("no_metric", role=VALUE, filter=body)
    if how is None:
        return Written(body.strip())
    aligner, reducer, fields = how.groups()
    _require("unknown_aligner", aligner, ALIGNERS)
    _require("unknown_reducer", reducer or "REDUCE_NONE", REDUCERS)
    group_by = tuple(each.strip() for each in (fields or "").split(",") if each.strip())
    return Written(body.strip(), aligner, reducer or "REDUCE_NONE", group_by)


def _require(reason: str, name: str, known: frozenset[str]) -> None:
    if name not in known:
        raise Refusal(reason, **{reason.removeprefix("unknown_"): name})


def usual_metric(question: MetricQuestion) -> Metric:
    """What a metric without a descriptor is taken for."""
    kind, value_type = _KINDS.get(question.type, ("GAUGE", "DOUBLE"))
    return Metric(question.metric, kind, value_type, known=False)


def calls_of(question: MetricQuestion, metric: Metric, interval: Interval, text: str = "") -> Mapping[str, Call]:
    """The calls of a question by role; ``text`` is another filter than its own. Raises Refusal of a metric without
    numbers."""
    if metric.value_type in ("STRING", "MONEY"):
        raise Refusal("not_a_gauge", metric=metric.type, metric_kind=metric.kind, value_type=metric.value_type)
    text = text or filter_of(question.metric, question.matchers)
    by = tuple(map(field_of, question.by))
    if metric.value_type == "DISTRIBUTION" or question.aggregation not in _NUMBERS:
        fields = () if question.aggregation is Aggregation.HEAT else by
        return {VALUE: Call(text, interval, _whole(metric), "REDUCE_SUM", fields)}
    return {
        role: Call(text, interval, _of_values(aligner, metric), f"REDUCE_{reducer}", by)
        for role, (aligner, reducer) in _NUMBERS[question.aggregation].items()
    }


def _whole(metric: Metric) -> str:
    return "ALIGN_SUM" if metric.kind == "GAUGE" else "ALIGN_DELTA"


def _of_values(aligner: str, metric: Metric) -> str:
    """An aligner for numbers; of yes and no the share of yes."""
    return "ALIGN_FRACTION_TRUE" if metric.value_type == "BOOL" else f"ALIGN_{aligner}"


def coarse(interval: Interval, most: int = 24) -> Interval:
    """The interval in few long buckets, to see which groups are the largest."""
    step = interval.step_seconds * max(1, -(-len(interval) // most))
    start, end = -(-interval.start // step) * step, interval.end // step * step
    return Interval(start, end, step) if end > start else interval


def groups_named(by: Sequence[str], key: Sequence[str]) -> dict[str, str]:
    """The labels of a group by its key, whose first part is the type of its resource."""
    return dict(zip(by, key[1:], strict=True))
