"""What is looked at as YAML for an app's file: a signal, or the draft of an SLI; both pass our own check."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from data_sources.base import QueryText
from data_sources.cloud_monitoring.exploring.calls import read_written
from data_sources.cloud_monitoring.exploring.spelling import filter_of
from data_sources.cloud_monitoring.query import Refusal
from data_sources.config import Kind
from data_sources.exploring import Aggregation, Ask, Matcher, MetricQuestion, MetricType, Operator
from data_sources.prometheus.exploring.naming import is_worked_out
from data_sources.prometheus.exploring.promql import selector
from tomoni.catalog.schema import Unit
from tomoni.exploring.detectors.outcomes import OUTCOMES
from tomoni.exploring.detectors.shapes import CODES
from tomoni.exploring.stock import underscored

_PERCENTILE = "REDUCE_PERCENTILE_99"
_FAILED = "failure|failed|error"
_UNDER = "1s"  # a threshold to begin with; the workshop tries others


@dataclass(frozen=True, slots=True)
class Comments:
    """What stands above the YAML, in the reader's language: what it is, and what is left to decide."""

    signal: str
    sli: str
    several: str = ""


def signal_yaml(
    kind: Kind, source: str, ask: Ask, texts: Sequence[QueryText], comments: Comments, unit: str = ""
) -> str:
    """A signal for each query of a question, in the form that the kind of source answers, told apart by the roles of
    several (``p99``, ``low``); ``unit`` is what its values are measured in."""
    name = ask.metric if isinstance(ask, MetricQuestion) else "query"
    lines = _comment(comments.signal) + (_comment(comments.several) if comments.several else "") + "infra:\n"
    queries = _queries(kind, ask, [each.text for each in texts])
    for place, query in enumerate(queries):
        role = texts[place].role if len(queries) > 1 else ""
        id_, title = "-".join(filter(None, (_id(name), role))), " ".join(filter(None, (name, role)))
        lines += f"  - id: {id_}\n    title: {_quoted(title)}\n    source: {source}\n    query: {query}\n"
        lines += f"    unit: {unit if unit in set(Unit) else Unit.COUNT.value}\n"
    return lines


def _queries(kind: Kind, ask: Ask, texts: Sequence[str]) -> Sequence[str]:
    """The queries of signals as YAML on one line; only expressions are several."""
    several = {form.KEY for form in kind.signal_forms}.isdisjoint({"file", "filter"})
    return [signal_query(kind, ask, text) for text in (texts if several else [*texts[:1], ""][:1])]


def signal_query(kind: Kind, ask: Ask, text: str) -> str:
    """A query of a question as YAML on one line: a plain text, a column of a file, or a filter with how it is
    aligned."""
    forms = {form.KEY for form in kind.signal_forms}
    if "file" in forms:
        named = ask.metric if isinstance(ask, MetricQuestion) else ask.text
        file, _, column = (part.strip() for part in named.partition(":"))
        return f"{{file: {_quoted(file)}, value: {_quoted(column or 'total')}}}"
    return _filtered(ask, text) if "filter" in forms else _quoted(text)


def _filtered(ask: Ask, text: str) -> str:
    """A filter, with how its calls align and reduce it; of a distribution the 99th percentile, which is one number."""
    plain = filter_of(ask.metric, ask.matchers) if isinstance(ask, MetricQuestion) else ask.text
    try:
        found = read_written(text or plain)
    except Refusal:
        return f"{{filter: {_quoted(plain)}}}"
    if not found.aligner:
        return f"{{filter: {_quoted(found.filter)}}}"
    percentiles = isinstance(ask, MetricQuestion) and ask.aggregation is Aggregation.PERCENTILES
    reducer = _PERCENTILE if percentiles else found.reducer
    return f"{{filter: {_quoted(found.filter)}, aligner: {found.aligner}, reducer: {reducer}}}"


def sli_yaml(kind: Kind, source: str, ask: Ask, comments: Comments, labels: Sequence[str] = ()) -> str | None:
    """The draft of a journey with an SLI of a counter; None of what is none. What the matchers leave is bad, what
    there is without them is all; without any, what one of the metric's ``labels`` says by its name."""
    sli = drafted_sli(kind, source, ask, labels)
    if sli is None or not isinstance(ask, MetricQuestion):
        return None
    return (
        f"{_comment(comments.sli)}journeys:\n  - id: {_id(ask.metric)}\n    slos:\n      - id: availability\n"
        f"        objective: 99\n        window: 28d\n        sli: {sli}\n"
    )


def drafted_sli(kind: Kind, source: str, ask: Ask, labels: Sequence[str] = ()) -> str | None:
    """The SLI of a counter, or of a histogram with a threshold to begin with, in a form that the kind answers; None
    where it answers none of them."""
    if not isinstance(ask, MetricQuestion) or (kind.expressions and is_worked_out(ask.metric, ask.type)):
        return None
    forms = {form.KEY for form in kind.sli_forms}
    if ask.type in (MetricType.HISTOGRAM, MetricType.NATIVE_HISTOGRAM):
        return _of_latency(forms, source, ask)
    if ask.type is not MetricType.COUNTER:
        return None
    return _of_counter(kind, forms, source, ask, labels)


def _of_counter(kind: Kind, forms: set[str], source: str, ask: MetricQuestion, labels: Sequence[str]) -> str | None:
    if "counts" in forms:
        return f"{{source: {source}, counts: {_quoted(ask.metric)}}}"
    if kind.expressions:
        bad_ones = ask.matchers or (_failing(labels),)
        bad, total = selector(ask.metric, bad_ones), selector(ask.metric)
        return f"{{source: {source}, bad: {_quoted(bad)}, total: {_quoted(total)}}}"
    if "total" in forms:
        bad_ones = ask.matchers or (Matcher("response_code_class", Operator.EQUAL, "500"),)
        bad, total = filter_of(ask.metric, bad_ones), filter_of(ask.metric, ())
        return f"{{source: {source}, bad: {_quoted(bad)}, total: {_quoted(total)}}}"
    return None


def _failing(labels: Sequence[str]) -> Matcher:
    """Which events failed, by the names of the labels that there are; codes say more than words."""
    for known, failed in ((CODES, "5.."), (OUTCOMES, _FAILED)):
        found = next((label for name in known for label in labels if underscored(label) == name), "")
        if found:
            return Matcher(found, Operator.MATCHES, failed)
    return Matcher("code", Operator.MATCHES, "5..")


def _of_latency(forms: set[str], source: str, ask: MetricQuestion) -> str | None:
    if "histogram" in forms:
        return f"{{source: {source}, histogram: {_quoted(selector(ask.metric, ask.matchers))}, under: {_UNDER}}}"
    if "distribution" in forms:
        return f"{{source: {source}, distribution: {_quoted(filter_of(ask.metric, ask.matchers))}, under: {_UNDER}}}"
    return None


def spelt(kind: Kind, metric: str) -> str:
    """A metric as a query of a kind of source has it: in PromQL some names stand in quotes and braces."""
    return selector(metric) if kind.expressions else metric


def _comment(sentences: str) -> str:
    return "".join(f"# {line}\n" for line in sentences.splitlines())


def _id(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "query"


def _quoted(text: str) -> str:
    """A text as YAML reads it, on one line."""
    return json.dumps(text, ensure_ascii=False)
