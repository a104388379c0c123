"""What of a source an app uses already: the metrics and the values of labels in the queries of its SLIs and signals."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from data_sources.exploring import Matcher, Operator
from data_sources.files.config import FileSignal
from data_sources.queries import Counts
from tomoni.catalog.schema import App
from tomoni.exploring.asked import asked_of

_NAME = re.compile(r"[A-Za-z_:][\w:./-]*")
_EQUAL = re.compile(r'([A-Za-z_][\w.]*)"?\s*=\s*"((?:[^"\\]|\\.)*)"')
# A histogram is one metric, also where a query names one of its parts.
_PARTS = ("", "_bucket", "_count", "_sum")


def used_metrics(app: App, source_id: str, known: Container[str]) -> frozenset[str]:
    """Those of the known metrics of a source that the app's queries name."""
    found = {
        name.removesuffix(part) for text in _texts(app, source_id) for name in _NAME.findall(text) for part in _PARTS
    }
    return frozenset(name for name in (*found, *_columns(app, source_id)) if name in known)


def _columns(app: App, source_id: str) -> Iterator[str]:
    """The columns of files that the app's queries read: two keys name one metric."""
    queries = [(slo.source, slo.sli) for journey in app.journeys for slo in journey.slos]
    for source, query in [*queries, *((signal.source, signal.query) for signal in app.infra)]:
        if source == source_id and isinstance(query, FileSignal | Counts):
            yield asked_of(query) or ""


def used_matchers(app: App, source_id: str) -> tuple[Matcher, ...]:
    """The values of labels that the app's queries on a source select, those of most queries first."""
    counts: dict[Matcher, int] = {}
    for text in _texts(app, source_id):
        for label, value in _EQUAL.findall(text):
            if label == "__name__":
                continue
            matcher = Matcher(label, Operator.EQUAL, re.sub(r"\\(.)", r"\1", value))
            counts[matcher] = counts.get(matcher, 0) + 1
    return tuple(sorted(counts, key=lambda each: (-counts[each], each)))


def _texts(app: App, source_id: str) -> Iterator[str]:
    """Every text of the app's queries on a source."""
    for journey in app.journeys:
        for slo in journey.slos:
            if slo.source == source_id:
                yield from _leaves(slo.sli.model_dump(exclude_none=True))
    for signal in app.infra:
        if signal.source == source_id:
            yield from _leaves(signal.query.model_dump(exclude_none=True))


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each)
