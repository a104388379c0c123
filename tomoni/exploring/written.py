"""What is looked at as the YAML of a signal for an app's file; it passes our own check."""

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
from data_sources.exploring import Aggregation, Ask, MetricQuestion
from data_sources.prometheus.exploring.promql import selector
from tomoni.catalog.schema import Unit
from tomoni.exploring.measures import Measure, measure_of, times

_PERCENTILE = "REDUCE_PERCENTILE_99"


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
    several (``p99``, ``low``); ``unit`` is what its values are measured in. Values in a unit that signals do not have,
    such as milliseconds, are multiplied where the query can say so; else the title says what they are in."""
    name = ask.metric if isinstance(ask, MetricQuestion) else "query"
    measure = measured(kind, unit)
    lines = comment(comments.signal) + (comment(comments.several) if comments.several else "") + "infra:\n"
    queries = _queries(kind, ask, [times(each.text, measure.factor) for each in texts])
    for place, query in enumerate(queries):
        role = texts[place].role if len(queries) > 1 else ""
        id_, title = (
            "-".join(filter(None, (id_of(name), role))),
            " ".join(filter(None, (name, role, f"({measure.named})" if measure.named else ""))),
        )
        lines += f"  - id: {id_}\n    title: {quoted(title)}\n    source: {source}\n    query: {query}\n"
        lines += f"    unit: {measure.unit.value}\n"
    return lines


def measured(kind: Kind, unit: str) -> Measure:
    """What a signal of a kind of source is measured in, of values in a unit. Only expressions can be multiplied: others
    are counted, and named by their unit."""
    measure = measure_of(unit)
    return measure if measure.factor == 1 or kind.expressions else Measure(Unit.COUNT, named=unit)


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
        return f"{{file: {quoted(file)}, value: {quoted(column or 'total')}}}"
    return _filtered(ask, text) if "filter" in forms else quoted(text)


def _filtered(ask: Ask, text: str) -> str:
    """A filter, with how its calls align and reduce it; of a distribution the 99th percentile, which is one number."""
    plain = filter_of(ask.metric, ask.matchers) if isinstance(ask, MetricQuestion) else ask.text
    try:
        found = read_written(text or plain)
    except Refusal:
        return f"{{filter: {quoted(plain)}}}"
    if not found.aligner:
        return f"{{filter: {quoted(found.filter)}}}"
    percentiles = isinstance(ask, MetricQuestion) and ask.aggregation is Aggregation.PERCENTILES
    reducer = _PERCENTILE if percentiles else found.reducer
    return f"{{filter: {quoted(found.filter)}, aligner: {found.aligner}, reducer: {reducer}}}"


def spelt(kind: Kind, metric: str) -> str:
    """A metric as a query of a kind of source has it: in PromQL some names stand in quotes and braces."""
    return selector(metric) if kind.expressions else metric


def comment(sentences: str) -> str:
    """Sentences as YAML comments, a line each."""
    return "".join(f"# {line}\n" for line in sentences.splitlines())


def id_of(name: str) -> str:
    """An id of the name of a metric."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "query"


def quoted(text: str) -> str:
    """A text as YAML reads it, on one line."""
    return json.dumps(text, ensure_ascii=False)
