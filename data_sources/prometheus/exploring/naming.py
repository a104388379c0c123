"""What the metrics of a server are, by their names and by what its targets state of them.

The parts of a histogram or a summary are one metric. A recorded series (``level:metric:operations``) is a number that
was worked out: never a counter, whatever its name ends with, unless targets state that it is one. The recorded rates of
the buckets of a histogram are one still: percentiles are what they are recorded for.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from data_sources.exploring import Metric, MetricType

_STATED = {
    "counter": MetricType.COUNTER,
    "gauge": MetricType.GAUGE,
    "summary": MetricType.SUMMARY,
    "info": MetricType.GAUGE,
    "stateset": MetricType.GAUGE,
}
# What a server writes of its own accord, and states nothing of.
_OF_THE_SERVER = frozenset({"up", "ALERTS", "ALERTS_FOR_STATE", "scrape_duration_seconds", "scrape_series_added"})
_OF_THE_SERVER |= {"scrape_samples_scraped", "scrape_samples_post_metric_relabeling"}
_BUCKET, _COUNT, _SUM = "_bucket", "_count", "_sum"
_PARTS = (_BUCKET, _COUNT, _SUM, "_created")
# Of a distribution of what there is now, as of the lengths of queues: its parts rise and fall.
_OF_NOW, _PARTS_OF_NOW = "gaugehistogram", (_BUCKET, "_gcount", "_gsum")
_PARTED = ("", "summary", "histogram")
# The part of a name before _total that says what is measured; the codes are those of signals.
_UNITS = {
    "seconds": "seconds",
    "bytes": "bytes",
    "ratio": "ratio",
    "percent": "percent",
    "percentage": "percent",
    "milliseconds": "milliseconds",
    "ms": "milliseconds",
    "secs": "seconds",
    "sec": "seconds",
    "millis": "milliseconds",
    "msec": "milliseconds",
    "msecs": "milliseconds",
    "micros": "microseconds",
    "usec": "microseconds",
    "nanos": "nanoseconds",
    "nsec": "nanoseconds",
    "microseconds": "microseconds",
    "nanoseconds": "nanoseconds",
    "minutes": "minutes",
    "hours": "hours",
    "days": "days",
    "bits": "bits",
    "kilobytes": "kilobytes",
    "kibibytes": "kibibytes",
    "kib": "kibibytes",
    "megabytes": "megabytes",
    "mebibytes": "mebibytes",
    "mib": "mebibytes",
    "celsius": "celsius",
    "volts": "volts",
    "amperes": "amperes",
    "joules": "joules",
    "meters": "meters",
    "grams": "grams",
    "hertz": "hertz",
}
# What is as short means other things too: `_us` a country, `_ns` a namespace.
_SHORT = {"us": "microseconds", "ns": "nanoseconds"}
# Micrometer and others write what a process measured at most behind the unit: `_seconds_max`.
_OF_ALL = re.compile(r"_(?:max|min|avg|mean|last|sum)$")
# Well-known software that times in milliseconds and does not say so.
_IN_MILLISECONDS = re.compile(r"envoy_\w+_(?:rq_time|cx_length_ms|cx_connect_ms)|kong_(?:\w+_)?latency")
_TIMED = re.compile(r"duration|latenc|time|delay|wait|elapsed|age_|lag", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the targets of a server state of a metric."""

    type: str = ""
    unit: str = ""
    help: str = ""


def metrics_of(
    names: Iterable[str], stated: Mapping[str, Stated], worked_out: Container[str] = frozenset()
) -> list[Metric]:
    """The metrics behind the names of series, by name; of those that are ``worked_out`` rules say that they are rates,
    whatever they are called."""
    known = set(names)
    found, parts = _folded(known, stated)
    for name in known - parts:
        kind = MetricType.GAUGE if name in worked_out and not is_recorded(name) else _type_of(name, stated)
        found.setdefault(name, _metric(name, kind, _stated_of(name, stated)))
    return [found[name] for name in sorted(found)]


def _folded(known: set[str], stated: Mapping[str, Stated]) -> tuple[dict[str, Metric], set[str]]:
    """Histograms and summaries by their base name, and the names of their parts."""
    found: dict[str, Metric] = {}
    parts: set[str] = set()
    for base, kind in _families(known, stated):
        found[base] = replace(
            _metric(base, kind, stated.get(base, Stated())), quantiles=kind is not MetricType.SUMMARY or base in known
        )
        parts |= {base + suffix for suffix in _PARTS}
    return found, parts


def _families(known: set[str], stated: Mapping[str, Stated]) -> Iterable[tuple[str, MetricType]]:
    for name in known:
        base = name.removesuffix(_BUCKET)
        told = not is_recorded(name) or stated.get(base, Stated()).type == "histogram"
        if base != name and told and (base + _COUNT in known or base + _SUM in known):
            yield base, MetricType.HISTOGRAM
        elif name + _BUCKET not in known and stated.get(name, Stated()).type == "histogram":
            yield name, MetricType.NATIVE_HISTOGRAM
        elif _is_counted_and_summed(base := name.removesuffix(_COUNT), known, stated):
            yield base, MetricType.SUMMARY


def _is_counted_and_summed(base: str, known: set[str], stated: Mapping[str, Stated]) -> bool:
    """Whether a name is that of events whose number and sum are counted, with percentiles of their own or without."""
    there = {suffix for suffix in (_BUCKET, _COUNT, _SUM) if base + suffix in known}
    said = {stated.get(name, Stated()).type for name in (base + _COUNT, base + _SUM)}
    return there == {_COUNT, _SUM} and said == {""} and stated.get(base, Stated()).type in _PARTED


def is_recorded(name: str) -> bool:
    """Whether a name is that of a recording rule: only these have colons."""
    return ":" in name


def is_worked_out(name: str, kind: MetricType) -> bool:
    """Whether a metric that is taken for a type is what a rule recorded. Some targets have colons in the names of their
    own counters, histograms and summaries, whose types they state."""
    if kind is MetricType.HISTOGRAM:
        return is_recorded_histogram(name)
    return is_recorded(name) and kind not in (MetricType.COUNTER, MetricType.SUMMARY)


def is_recorded_histogram(name: str) -> bool:
    """Whether a recorded series is how often something was observed at or under each edge of a classic histogram."""
    metric, _, operations = name.rpartition(":")
    return is_recorded(metric) and metric.endswith(_BUCKET) and "rate" in operations


def _type_of(name: str, stated: Mapping[str, Stated]) -> MetricType:
    if is_recorded_histogram(name):
        return MetricType.HISTOGRAM
    said = _STATED.get(_stated_of(name, stated).type)
    if name in _OF_THE_SERVER or _is_of_now(name, stated) or (is_recorded(name) and said is None):
        return MetricType.GAUGE
    if said:
        return said
    if name.endswith(("_total", ".total", _BUCKET, _COUNT)):
        return MetricType.COUNTER
    return MetricType.GAUGE if name.endswith(("_info", "_created", "_ratio")) else MetricType.UNKNOWN


def _is_of_now(name: str, stated: Mapping[str, Stated]) -> bool:
    bases = (name.removesuffix(suffix) for suffix in _PARTS_OF_NOW if name.endswith(suffix))
    return any(stated.get(base, Stated()).type == _OF_NOW for base in bases)


def _stated_of(name: str, stated: Mapping[str, Stated]) -> Stated:
    """What is stated of a name; of a counter by its family where the targets speak OpenMetrics."""
    return stated.get(name) or stated.get(name.removesuffix("_total")) or Stated()


def _metric(name: str, kind: MetricType, said: Stated) -> Metric:
    return Metric(name, kind, said.unit or unit_of(name), said.help)


def unit_of(name: str) -> str:
    """The unit that a name ends with; of a recorded series the one that its metric ends with, unless it is divided."""
    level = name.split(":")
    metric = level[-1] if len(level) == 1 else level[1]
    if len(level) > 1 and any(word in level[-1] for word in ("ratio", "percent")):
        return "percent" if "percent" in level[-1] else "ratio"
    metric = metric.removesuffix(_BUCKET)
    if _IN_MILLISECONDS.fullmatch(metric):
        return "milliseconds"
    words = _OF_ALL.sub("", metric.removesuffix("_total")).split("_")
    if "per" in words[-2:-1]:  # operations per second are no seconds
        return ""
    short = _SHORT.get(words[-1], "") if _TIMED.search(metric) else ""
    return short or _UNITS.get(words[-1], "")
