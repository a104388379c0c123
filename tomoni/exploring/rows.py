"""What is looked at as one row of the joint view: a query that brings one series, as text that a record keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import yaml

from data_sources.base import Interval, QueryText
from data_sources.config import Kind
from data_sources.errors import SourceError
from data_sources.exploring import Aggregation, Ask, MetricQuestion, MetricType
from data_sources.kinds import signal_forms
from data_sources.queries import SignalForm, TextSignal
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import Direction, Signal, Unit
from tomoni.exploring.measures import times
from tomoni.exploring.written import measured, signal_query

TextsOf = Callable[[Ask, Interval], Sequence[QueryText]]
BUCKET_SECONDS = 300
MOST_CHARACTERS = 6_000
# Of the several queries of one question the one that a row shows.
_ROLES = ("value", "mean", "p99")


def row_query(kind: Kind, texts_of: TextsOf, ask: Ask, at: int, unit: str = "") -> str:
    """The query of a row as YAML on one line; empty where a question has no answer of one series. Groups are put
    together; of percentiles the 99th is shown. ``texts_of`` is `Explores.texts`, ``at`` any moment
    (Unix seconds); of values in a ``unit`` that signals do not have, the query multiplies them."""
    one = replace(ask, by=()) if isinstance(ask, MetricQuestion) else ask
    if isinstance(one, MetricQuestion) and not _is_one(one):
        return ""
    start = at - at % BUCKET_SECONDS
    try:
        texts = texts_of(one, Interval(start, start + BUCKET_SECONDS, BUCKET_SECONDS))
    except SourceError:
        return ""
    text = _shown_of(texts)
    made = signal_query(kind, one, times(text, measured(kind, unit).factor)) if text else ""
    return made if len(made) <= MOST_CHARACTERS else ""


def _shown_of(texts: Sequence[QueryText]) -> str:
    """The text of the query that is shown where only one can be."""
    by_role = {each.role: each.text for each in texts}
    return next((by_role[role] for role in _ROLES if role in by_role), "")


def _is_one(ask: MetricQuestion) -> bool:
    """Whether an aggregation makes one series; a summary states several percentiles that cannot be put together."""
    summary = ask.type is MetricType.SUMMARY and ask.aggregation is Aggregation.PERCENTILES
    return ask.aggregation is not Aggregation.HEAT and not summary


def signal_of(id_: str, title: str, source: str, query: str, unit: str) -> Signal | None:
    """The infra signal that a row is; None where its query cannot be read."""
    form = _form(query)
    if form is None or next(iter(form.faults()), None) is not None:
        return None
    return Signal(
        id=id_,
        title=LocalText({"": title}),
        group=id_,
        journeys=(),
        source=source,
        query=form,
        unit=Unit(unit) if unit in set(Unit) else Unit.COUNT,
        limit=None,
        direction=Direction.HIGH_IS_BAD,
        bucket_seconds=BUCKET_SECONDS,
        group_title=LocalText({"": title}),
    )


def _form(query: str) -> SignalForm | None:
    try:
        written = yaml.safe_load(query)
        if isinstance(written, str) and written.strip():
            return TextSignal(query=written)
        if not isinstance(written, dict):
            return None
        form = next((form for key, form in signal_forms().items() if key in written), None)
        return form.model_validate(written) if form else None
    except (yaml.YAMLError, ValueError):
        return None
