"""The draft of an SLI on a metric that is looked at, in a form that the kind of source answers, and what it measures.

A counter becomes the share that succeeds where a label (or the reader's filter) says what is bad, else the time in
which anything is counted, or in which no failure is; durations become the share within a threshold, ages what is fresh,
shares of a resource the time below its limit. All of them are beginnings: the comment says what both teams have to
agree on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import isfinite

import yaml

from data_sources.cloud_monitoring.exploring.spelling import filter_of
from data_sources.config import Kind
from data_sources.durations import format_duration
from data_sources.exploring import Ask, Matcher, MetricQuestion, MetricType, Operator
from data_sources.prometheus.exploring.naming import is_worked_out, unit_of
from data_sources.prometheus.exploring.promql import selector
from data_sources.prometheus.selectors import le_matcher, read_selector, usual_spellings
from tomoni.catalog.schema import Unit
from tomoni.exploring.failing import Parted, parted
from tomoni.exploring.likely import Quality
from tomoni.exploring.measures import measure_of, seconds_in, unit_told
from tomoni.exploring.written import Comments, comment, id_of, quoted

_UNDER = "1s"  # a threshold to begin with; the workshop tries others
_UNDER_SECONDS, _FRESH_SECONDS, _MOST_USED = 1, 300, 0.8
_HISTOGRAMS = (MetricType.HISTOGRAM, MetricType.NATIVE_HISTOGRAM)
_AGES = re.compile(r"(?:^|[^a-z])(?:age|lag|delay|staleness|freshness|behind|since_last\w*)(?![a-z])", re.IGNORECASE)
_USES = re.compile(r"(?:^|[^a-z])(?:util[iz]*\w*|usage|used|saturation|full|fullness|busy)(?![a-z])", re.IGNORECASE)
# Counters of what went wrong. Misses and evictions of a cache are what it is for.
_FAULTS = re.compile(
    r"fail|error|exception|(?:^|[^a-z])(?:errs?|drop(?:s|ped)?|reject(?:s|ed|ions?)?|timeouts?|timed_out|lost|oom|kill(?:s|ed)?"
    r"|discard(?:s|ed)?|panics?|abort(?:s|ed)?|denied|refused|deadlocks?|crash(?:es|ed)?|restarts?|throttled|corrupt\w*)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_NO_FAULT = re.compile(r"\s*(?:==|<=)\s*0(?:\.0*)?\s*")
# Histograms whose unit nobody says: of those that time something, Prometheus's own unit is the second.
_TIMED = re.compile(
    r"durations?|latenc|elapsed|rtt|(?:^|[^a-z])(?:\w*time[rd]?|delay|wait|age|lag|staleness|handling|runtime)(?![a-z])",
    re.IGNORECASE,
)
_MOST_SECONDS, _LEAST_SECONDS = 120, 0.1  # between edges of what is surely in seconds
_SPEEDS = re.compile(r"latency|duration|slow|fast|speed", re.IGNORECASE)
_BY_EDGE = re.compile(r"\ble\s*=|histogram_fraction")
_ABOVE, _BELOW = re.compile(r"\s*>=?"), re.compile(r"\s*<=?")


@dataclass(frozen=True, slots=True)
class DraftedSli:
    """An SLI as YAML on one line, what it measures, and its threshold as readers know it (empty: it has none)."""

    written: str
    quality: Quality
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the metric of a question: its labels, its unit and what its source says of it, and the values of
    the labels that were looked at (``le``: the edges of a histogram)."""

    labels: Sequence[str] = ()
    unit: str = ""
    help: str = ""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)


def sli_yaml(metric: str, draft: DraftedSli, title: str, comments: Comments) -> str:
    """The draft of a journey with an SLI of a metric, by what it measures."""
    return (
        f"{comment(comments.sli)}journeys:\n  - id: {id_of(metric)}\n    slos:\n      - id: {draft.quality}\n"
        f"        title: {quoted(title)}\n        objective: 99\n        window: 28d\n        sli: {draft.written}\n"
    )


def drafted_sli(kind: Kind, source: str, ask: Ask, known: Known = Known()) -> DraftedSli | None:
    """The SLI of a question about a metric; None where it answers none."""
    if not isinstance(ask, MetricQuestion) or (kind.expressions and is_worked_out(ask.metric, ask.type)):
        return None
    forms = {form.KEY for form in kind.sli_forms}
    unit = (unit_of(ask.metric) if kind.expressions else "") or known.unit or unit_told(known.help)
    if ask.type in _HISTOGRAMS:
        return _of_durations(forms, source, ask, _seconds_of(ask, unit, known))
    if ask.type is MetricType.GAUGE and "gauge" in forms:
        return _of_gauge(kind, source, ask, unit)
    return _of_counter(kind, forms, source, ask, known) if ask.type is MetricType.COUNTER else None


def quality_of(keys: Mapping[str, object]) -> Quality:
    """What an SLI measures, by its keys as a file has them."""
    words = " ".join(str(value) for value in keys.values())
    if "histogram" in keys or "distribution" in keys or _BY_EDGE.search(words):
        return Quality.FRESHNESS if _AGES.search(words) else Quality.LATENCY
    if "gauge" not in keys:  # what is counted already is called by its name
        return Quality.LATENCY if "counts" in keys and _SPEEDS.search(words) else Quality.AVAILABILITY
    condition = str(keys.get("good_when", ""))
    if _NO_FAULT.fullmatch(condition) and ("rate(" in words or "increase(" in words):
        return Quality.FAULTLESS
    if _ABOVE.match(condition) or condition.strip().startswith(("==", "!=")):
        return Quality.THROUGHPUT if "rate(" in words or "increase(" in words else Quality.UPTIME
    if _AGES.search(words):
        return Quality.FRESHNESS
    return (
        Quality.SATURATION
        if _USES.search(words) or (_BELOW.match(condition) and _is_share(condition))
        else Quality.BACKLOG
    )


def _is_share(condition: str) -> bool:
    found = re.search(r"[\d.]+", condition)
    return found is not None and float(found[0]) <= 1


def _made(source: str, keys: Mapping[str, str], limit: str = "") -> DraftedSli:
    parts = ", ".join(f"{key}: {value}" for key, value in {"source": source, **keys}.items())
    return DraftedSli(f"{{{parts}}}", quality_of({key: yaml.safe_load(each) for key, each in keys.items()}), limit)


def _of_counter(kind: Kind, forms: set[str], source: str, ask: MetricQuestion, known: Known) -> DraftedSli | None:
    if "counts" in forms:
        return _made(source, {"counts": quoted(ask.metric)})
    if kind.expressions:
        found = parted(ask.matchers, known.labels, known.values, Matcher("code", Operator.MATCHES, "5.."))
        if not found.of_part:
            faults = bool(_FAULTS.search(ask.metric))
            shown = f"sum(rate({selector(ask.metric, found.kept)}[$window]))"
            return _made(source, {"gauge": quoted(shown), "good_when": "'== 0'" if faults else "'> 0'"})
        all_of_them = selector(ask.metric, found.kept)
        return _shares(source, found, selector(ask.metric, (*found.kept, *found.of_part)), all_of_them)
    usual = Matcher("response_code_class", Operator.EQUAL, "500")
    found = parted(ask.matchers, known.labels, known.values, usual)
    if "total" not in forms or not found.of_part:
        return None
    all_of_them = filter_of(ask.metric, found.kept)
    return _shares(source, found, filter_of(ask.metric, (*found.kept, *found.of_part)), all_of_them)


def _shares(source: str, found: Parted, part: str, all_of_them: str) -> DraftedSli:
    return _made(source, {found.part: quoted(part), "total": quoted(all_of_them)})


def _seconds_of(ask: MetricQuestion, unit: str, known: Known) -> Fraction | None:
    """How many seconds one of a histogram's unit is; None where it measures no lengths of time, and where nobody says
    in what it does and its edges do not look like seconds."""
    if unit:
        return seconds_in(unit)
    if not _TIMED.search(ask.metric) and not _TIMED.search(known.help):
        return None
    edges = [edge for edge in map(_edge, known.values.get("le", ())) if edge > 0]
    looks_like_seconds = not edges or max(edges) <= _MOST_SECONDS or min(edges) < _LEAST_SECONDS
    return Fraction(1) if looks_like_seconds else None


def _edge(written: str) -> float:
    """An edge of a histogram; 0 for the last one, and for what is no number."""
    try:
        edge = float(written)
    except ValueError:
        return 0.0
    return edge if isfinite(edge) else 0.0


def _of_durations(forms: set[str], source: str, ask: MetricQuestion, seconds: Fraction | None) -> DraftedSli | None:
    """Observations within a threshold; none of what is no length of time."""
    if seconds is None:
        return None
    if "distribution" in forms:
        return _made(source, {"distribution": quoted(filter_of(ask.metric, ask.matchers)), "under": _UNDER}, _UNDER)
    if "histogram" not in forms:
        return None
    if seconds == 1:
        return _made(source, {"histogram": quoted(selector(ask.metric, ask.matchers)), "under": _UNDER}, _UNDER)
    edge = float(_UNDER_SECONDS / seconds)  # thresholds of histograms are written in seconds: others as their buckets
    if ask.type is MetricType.NATIVE_HISTOGRAM:
        share = f"histogram_fraction(0, {edge:.0f}, sum(rate({selector(ask.metric, ask.matchers)}[$window])))"
        return _made(source, {"ratio": f"{{success: {quoted(share)}}}"}, _UNDER)
    series = read_selector(selector(ask.metric, ask.matchers))
    within = series.part("_bucket", le_matcher(usual_spellings(edge)))
    return _made(source, {"good": quoted(within), "total": quoted(series.part("_count"))}, _UNDER)


def _of_gauge(kind: Kind, source: str, ask: MetricQuestion, unit: str) -> DraftedSli | None:
    """The time in which an age is low, or a resource is not full; none of other values, whose limit nobody knows."""
    seconds, measure = seconds_in(unit), measure_of(unit)
    if seconds is not None and _AGES.search(ask.metric):
        most, limit = float(_FRESH_SECONDS / seconds), format_duration(_FRESH_SECONDS)
    elif measure.unit in (Unit.RATIO, Unit.PERCENT):
        most, limit = _MOST_USED * (100 if measure.unit is Unit.PERCENT else 1), f"{_MOST_USED * 100:.0f}%"
        if not _USES.search(ask.metric):
            return None
    else:
        return None
    shown = f"max({selector(ask.metric, ask.matchers)})" if kind.expressions else filter_of(ask.metric, ask.matchers)
    return _made(source, {"gauge": quoted(shown), "good_when": f"'<= {most:g}'"}, limit)
