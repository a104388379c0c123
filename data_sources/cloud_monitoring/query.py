"""From a query to the calls that answer it; pure.

Counts are always ``ALIGN_DELTA`` with ``REDUCE_SUM``: of all aligners it alone takes DELTA and
CUMULATIVE metrics of every value type that counts. A total and its good or bad part that differ by
conditions on labels share one call, grouped by these labels, and so do all SLIs on the same total.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

from data_sources.base import Interval
from data_sources.cloud_monitoring.config import CloudSignal, Distribution, NativeSlo
from data_sources.cloud_monitoring.distributions import Range
from data_sources.cloud_monitoring.filters import Condition, Filter, FilterError, parse_filter, quoted, separating
from data_sources.cloud_monitoring.parse import RAW, Call
from data_sources.durations import parse_duration
from data_sources.queries import Gauge, Query, Ratio

# Unaligned points of yes/no metrics are read up to this long, in one call; above, they are aligned in two.
RAW_SECONDS = 6 * 3600
COUNTED_TYPES = ("INT64", "DOUBLE", "DISTRIBUTION")
NUMBERS = ("INT64", "DOUBLE")
PERCENTILES = tuple(f"PERCENTILE_{percent}" for percent in ("99", "95", "50", "05"))
_SHARED = ("NONE", "MEAN", "MIN", "MAX", "SUM", "STDDEV", "COUNT", "COUNT_TRUE", "COUNT_FALSE", "FRACTION_TRUE")
_ALIGNING = ("DELTA", "RATE", "INTERPOLATE", "NEXT_OLDER", "PERCENT_CHANGE")
ALIGNERS = frozenset(f"ALIGN_{name}" for name in (*_SHARED, *_ALIGNING, *PERCENTILES))
REDUCERS = frozenset(f"REDUCE_{name}" for name in (*_SHARED, *PERCENTILES))
_UNIT_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "min": 60.0, "h": 3600.0, "d": 86_400.0}
EVENT_TYPE = "metric.labels.event_type"


class Refusal(ValueError):
    """A query that makes no sense for its metric; ``reason`` and ``facts`` give the cause."""

    def __init__(self, reason: str, **facts: str | int | float) -> None:
        super().__init__(reason)
        self.facts = {"reason": reason, **facts}


@dataclass(frozen=True, slots=True)
class Metric:
    """What is known of a metric. Kind and value type are the API's names, ``known`` is False where
    its descriptor cannot be had and the usual is assumed. Seconds are None where nothing is stated."""

    type: str
    kind: str
    value_type: str
    unit: str = ""
    labels: tuple[str, ...] = ()
    sample_seconds: int | None = None
    delay_seconds: int | None = None
    known: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """One line that a query needs: the groups of a call's answer that meet the conditions."""

    role: str
    call: Call
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts that answer a query. ``within`` is the range in which a distribution is cut."""

    query: Query
    parts: tuple[Part, ...]
    within: Range | None = None
    unit: str = ""

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls, each once."""
        return tuple(dict.fromkeys(part.call for part in self.parts))


MetricOf = Callable[[str], Metric]


@dataclass(frozen=True, slots=True)
class QueryInputs:
    """A query, its interval, and the known metrics."""

    query: Query
    interval: Interval
    metric_of: MetricOf


def filters_of(query: Query) -> Mapping[str, Filter]:
    """The filters of a query by role. Raises Refusal where a text is no filter of one metric."""
    return {role: _filter(role, text) for role, text in texts_of(query).items()}


def plan(inputs: QueryInputs) -> Plan:
    """The calls that answer a query. Raises Refusal."""
    match inputs.query:
        case Ratio() as query:
            return _plan_ratio(query, inputs)
        case Distribution() as query:
            return _plan_distribution(query, inputs)
        case Gauge() as query:
            return _plan_gauge(query, inputs)
        case NativeSlo() as query:
            return _plan_native(query, inputs)
        case CloudSignal() as query:
            return _plan_signal(query, inputs)
        case _:
            raise Refusal("form", form=type(inputs.query).__name__)


def assumed(metric: str, query: Query) -> Metric:
    """The usual kind of a metric without a descriptor: a gauge for values, else an increasing count."""
    if isinstance(query, Gauge | CloudSignal):
        return Metric(metric, "GAUGE", "DOUBLE", known=False)
    return Metric(metric, "DELTA", "DISTRIBUTION" if isinstance(query, Distribution) else "INT64", known=False)


def _filter(role: str, text: object) -> Filter:
    if not isinstance(text, str):
        raise Refusal("expression", role=role)
    try:
        found = parse_filter(text)
    except FilterError as error:
        raise Refusal("filter_unreadable", role=role, filter=text, detail=str(error)) from error
    if not found.metric and not found.selects_slo:
        raise Refusal("no_metric", role=role, filter=text)
    return found


def texts_of(query: Query) -> Mapping[str, object]:
    """What is written for each role, filters or not. Raises Refusal for the forms of other sources."""
    match query:
        case Ratio(parts=parts):
            return dict(parts)
        case Distribution(distribution=text):
            return {"distribution": text}
        case Gauge(gauge=text):
            return {"gauge": text}
        case NativeSlo(slo=name):
            return {"slo": f"select_slo_counts({quoted(name)})"}
        case CloudSignal(filter=text):
            return {"value": text}
        case _:
            raise Refusal("form", form=type(query).__name__)


def _plan_ratio(query: Ratio, inputs: QueryInputs) -> Plan:
    filters = filters_of(query)
    if "total" not in filters:
        return _plan_good_and_bad(query, filters, inputs)
    role = "good" if "good" in filters else "bad"
    total, part = filters["total"], filters[role]
    metrics = {inputs.metric_of(found.metric) for found in filters.values()}
    if {metric.value_type for metric in metrics} == {"BOOL"}:
        return _plan_booleans(inputs, role, total, part)
    for metric in metrics:
        _require_counts(metric)
    conditions = separating(total, part)
    if conditions:
        labels = tuple(sorted({condition.label for condition in conditions}))
        call = _counts(total.text, inputs.interval, labels)
        return Plan(query, (Part("total", call), Part(role, call, conditions)))
    parts = tuple(Part(name, _counts(found.text, inputs.interval)) for name, found in filters.items())
    return Plan(query, parts)


def _plan_good_and_bad(query: Ratio, filters: Mapping[str, Filter], inputs: QueryInputs) -> Plan:
    for found in filters.values():
        _require_counts(inputs.metric_of(found.metric))
    return Plan(query, tuple(Part(role, _counts(found.text, inputs.interval)) for role, found in filters.items()))


def _plan_booleans(inputs: QueryInputs, role: str, total: Filter, part: Filter) -> Plan:
    """Each point of a yes/no metric, such as an uptime check, is an event; true ones are good."""
    span = inputs.interval.end - inputs.interval.start
    if total.text == part.text and span <= RAW_SECONDS:
        call = Call(total.text, inputs.interval, RAW, "REDUCE_NONE")
        return Plan(inputs.query, (Part("total", call), Part(role, call)))
    counted = "ALIGN_COUNT_TRUE" if role == "good" else "ALIGN_COUNT_FALSE"
    calls = (Call(total.text, inputs.interval, "ALIGN_COUNT"), Call(part.text, inputs.interval, counted))
    return Plan(inputs.query, (Part("total", calls[0]), Part(role, calls[1])))


def _plan_distribution(query: Distribution, inputs: QueryInputs) -> Plan:
    found = filters_of(query)["distribution"]
    metric = inputs.metric_of(found.metric)
    if metric.value_type != "DISTRIBUTION":
        raise Refusal("not_a_distribution", metric=metric.type, metric_kind=metric.kind, value_type=metric.value_type)
    within = _range(query, metric)
    aligner = "ALIGN_SUM" if metric.kind == "GAUGE" else "ALIGN_DELTA"
    call = Call(found.text, inputs.interval, aligner)
    return Plan(query, (Part("total", call), Part("good", call)), within, metric.unit)


def _plan_gauge(query: Gauge, inputs: QueryInputs) -> Plan:
    found = filters_of(query)["gauge"]
    metric = inputs.metric_of(found.metric)
    if metric.kind != "GAUGE" or metric.value_type not in (*NUMBERS, "BOOL"):
        raise Refusal("not_a_gauge", metric=metric.type, metric_kind=metric.kind, value_type=metric.value_type)
    aligner = "ALIGN_FRACTION_TRUE" if metric.value_type == "BOOL" else "ALIGN_MEAN"
    return Plan(query, (Part("gauge", Call(found.text, inputs.interval, aligner, "REDUCE_MEAN")),))


def _plan_native(query: NativeSlo, inputs: QueryInputs) -> Plan:
    call = _counts(f"select_slo_counts({quoted(query.slo)})", inputs.interval, (EVENT_TYPE,))
    conditions = {role: parse_filter(f"{EVENT_TYPE} = {role}").conditions for role in ("good", "bad")}
    parts = (Part("total", call), *(Part(role, call, wanted) for role, wanted in conditions.items()))
    return Plan(query, parts)


def _plan_signal(query: CloudSignal, inputs: QueryInputs) -> Plan:
    if query.aligner not in ALIGNERS:
        raise Refusal("unknown_aligner", aligner=query.aligner)
    if query.reducer not in REDUCERS:
        raise Refusal("unknown_reducer", reducer=query.reducer)
    found = filters_of(query)["value"]
    plain = (name.replace('"', "") for name in query.group_by)
    grouped = tuple(re.sub(r"^(metric|resource)\.label\.", r"\1.labels.", name) for name in plain)
    return Plan(query, (Part("value", Call(found.text, inputs.interval, query.aligner, query.reducer, grouped)),))


def _counts(text: str, interval: Interval, labels: tuple[str, ...] = ()) -> Call:
    return Call(text, interval, "ALIGN_DELTA", "REDUCE_SUM", labels)


def _require_counts(metric: Metric) -> None:
    if metric.kind == "GAUGE" or metric.value_type not in COUNTED_TYPES:
        raise Refusal("not_a_count", metric=metric.type, metric_kind=metric.kind, value_type=metric.value_type)


def _range(query: Distribution, metric: Metric) -> Range:
    if (query.under is None) == (query.range is None):
        raise Refusal("one_threshold", form="under or range")
    if query.under is not None:
        return Range(-inf, threshold_in(query.under, metric))
    return Range(*query.range) if query.range else Range(-inf, inf)


def threshold_in(under: str | float, metric: Metric) -> float:
    """A threshold in a metric's unit: numbers are in it already, lengths of time are converted.

    Raises Refusal where the unit is no length of time.
    """
    if isinstance(under, str):
        try:
            return float(under)
        except ValueError:
            pass
    else:
        return under
    per_unit = _UNIT_SECONDS.get(metric.unit)
    try:
        seconds = parse_duration(under)
    except ValueError:
        raise Refusal("threshold_unreadable", threshold=under) from None
    if per_unit is None:
        raise Refusal("threshold_unit", threshold=under, unit=metric.unit or "?", metric=metric.type)
    return round(seconds / per_unit, 9)
