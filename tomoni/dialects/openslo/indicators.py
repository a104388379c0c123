"""OpenSLO's indicators: which source, which queries, and how they become the SLI of an app file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from data_sources.prometheus.division import on_one_line
from data_sources.prometheus.selectors import is_selector
from tomoni.dialects.found import Wanted
from tomoni.dialects.promql import WINDOW, bare, counted
from tomoni.dialects.reading import CannotHold, Given
from tomoni.dialects.report import Fate

PROMETHEUS, GOOGLE = "prometheus", "cloud_monitoring"
# Types of metric sources as files have them, without case, blanks and hyphens.
_TYPES = {
    **dict.fromkeys(("prometheus", "prom", "thanos", "mimir", "cortex", "victoriametrics"), PROMETHEUS),
    **dict.fromkeys(("amazonprometheus", "googlemanagedprometheus", "grafanamimir", "azureprometheus"), PROMETHEUS),
    **dict.fromkeys(("cloudmonitoring", "googlecloudmonitoring", "stackdriver", "gcm"), GOOGLE),
}
_QUERY_KEYS = ("query", "promql", "expr", "expression", "filter")
_OPERATORS = {"lte": "<=", "lt": "<", "gte": ">=", "gt": ">"}
_PLACEHOLDER = re.compile(r"\{\{-?\s*\.?window\s*-?\}\}|\$\{window\}|\$__(?:rate_)?interval|\$__range")
_RANGE = re.compile(r"\[([0-9a-z]+)\]")
_BARE_SUM = re.compile(r"sum\s*\(\s*(?P<what>[^()]*)\)\s*")
_BUCKET_RANGE = "5m"


@dataclass(frozen=True, slots=True)
class Sources:
    """The objects that metric sources refer to, and what the user said about them."""

    wanted: Wanted
    types: Mapping[str, str]

    def of(self, source: Given) -> tuple[str, str]:
        """The kind and the id of the source. Raises CannotHold where its type is none that can be asked."""
        ref, type_ = source.text("metricSourceRef"), source.text("type")
        written = type_ or self.types.get(ref or "", "")
        kind = next((found for name in (ref, written) if name and (found := self.wanted.kind_of(name))), "")
        kind = kind or _TYPES.get(re.sub(r"[\s_-]", "", written).lower(), "")
        if not kind and written:
            raise source.cannot("type" if type_ else "metricSourceRef", "source_type", name=written)
        name = ref if ref is not None else written
        return kind or PROMETHEUS, self.wanted.source_of(kind or PROMETHEUS, name)


@dataclass(frozen=True, slots=True)
class Metric:
    """One query of an indicator. ``given`` and ``key`` are where it is written."""

    kind: str
    source: str
    query: str
    given: Given
    key: str


def metric_of(given: Given, sources: Sources) -> Metric:
    """The query of a metric. Raises CannotHold."""
    source = given.needed_inside("metricSource")
    kind, id_ = sources.of(source)
    spec = source.needed_inside("spec")
    key = next((key for key in _QUERY_KEYS if spec.has(key)), _QUERY_KEYS[0])
    query = spec.needed(key)
    if kind == PROMETHEUS:
        spec.asks(key, _windowed(query))
    return Metric(kind, id_, query, spec, key)


def sli_of(spec: Given, objective: Given, sources: Sources, averaged: bool) -> dict[str, object]:
    """The SLI of an indicator for one objective; ``averaged``: the mean of the shares of its buckets. Raises
    CannotHold."""
    if threshold := spec.inside("thresholdMetric"):
        return _threshold(metric_of(threshold, sources), objective)
    ratio = spec.inside("ratioMetric")
    if ratio is None:
        raise CannotHold(spec.place, "no_sli").in_document(spec.reading.document)
    objective.lacks("threshold_only", "op", "value")
    if raw := ratio.inside("raw"):
        return _raw(ratio, metric_of(raw, sources))
    counter = ratio.flag("counter", otherwise=True)
    roles = [role for role in ("total", "good", "bad") if ratio.has(role)]
    metrics = {role: metric_of(ratio.needed_inside(role), sources) for role in roles}
    if len(metrics) != 2 or len({metric.source for metric in metrics.values()}) != 1:
        raise CannotHold(ratio.place, "two_parts").in_document(ratio.reading.document)
    first = next(iter(metrics.values()))
    if first.kind == GOOGLE:
        return {"source": first.source, **{role: on_one_line(metric.query) for role, metric in metrics.items()}}
    return {"source": first.source, **_counts(metrics, counter, averaged)}


def _threshold(metric: Metric, objective: Given) -> dict[str, object]:
    operator, value = objective.needed("op"), objective.number("value")
    if operator not in _OPERATORS:
        raise objective.cannot("op", "operator", written=operator[:20])
    query = _windowed(metric.query)
    metric.given.say(metric.key, Fate.APPROXIMATED, "buckets_not_points")
    return {"source": metric.source, "gauge": query, "good_when": f"{_OPERATORS[operator]} {_plain(value)}"}


def _raw(ratio: Given, metric: Metric) -> dict[str, object]:
    kinds = {"success": "success", "failure": "error"}
    raw_type = ratio.needed("rawType")
    if raw_type not in kinds:
        raise ratio.cannot("rawType", "operator", written=raw_type[:20])
    ratio.ignore("unused", "counter")
    return {"source": metric.source, "ratio": {kinds[raw_type]: _windowed(metric.query)}}


def _counts(metrics: Mapping[str, Metric], counter: bool, averaged: bool) -> dict[str, object]:
    queries = {role: _events(metric.query, counter) for role, metric in metrics.items()}
    for role, metric in metrics.items():
        _note_range(metric, counter)
        queries[role] = _with_range(queries[role])
    found = counted(queries)
    for role, reason, facts in found.differences:
        sampled = not counter and reason == "not_a_rate"
        metrics[role].given.say(metrics[role].key, Fate.APPROXIMATED, "sampled" if sampled else reason, **facts)
    return _averaged(queries) if averaged else found.keys


def _averaged(queries: Mapping[str, str]) -> dict[str, object]:
    """The share in each bucket, every bucket with the same weight."""
    if "bad" in queries:
        whole = queries.get("total") or f"({queries['good']}) + ({queries['bad']})"
        return {"ratio": {"error": f"({queries['bad']}) / ({whole})"}}
    return {"ratio": {"success": f"({queries['good']}) / ({queries['total']})"}}


def _events(query: str, counter: bool) -> str:
    """A query of the events of a window: the increase of a counter, or the sum of the samples of anything else."""
    text = _windowed(query)
    inner = _BARE_SUM.fullmatch(text)
    selector = inner["what"].strip() if inner and is_selector(inner["what"]) else text
    if not is_selector(selector):
        return text
    return f"sum({'increase' if counter else 'sum_over_time'}({selector}[{WINDOW}]))"


def _windowed(query: str) -> str:
    return on_one_line(_PLACEHOLDER.sub(WINDOW, query))


def _with_range(query: str) -> str:
    """The bucket for each range of a rate: OpenSLO has no word for the window."""
    return query if WINDOW in query else _RANGE.sub(f"[{WINDOW}]", query)


def _note_range(metric: Metric, counter: bool) -> None:
    text = _windowed(metric.query)
    ranges = set(_RANGE.findall(bare(text)))
    if WINDOW not in text and ranges - {_BUCKET_RANGE} and counter:
        metric.given.say(metric.key, Fate.APPROXIMATED, "range_is_bucket", length=sorted(ranges)[0])


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
