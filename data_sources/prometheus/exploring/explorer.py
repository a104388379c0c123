"""Answers the questions of those who explore a server. Keeps `data_sources.exploring.Explores`.

Refusals: ``too_many_series``, ``too_many_points`` (``series``, ``points``, ``most``), besides the server's own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeGuard, TypeVar

import numpy as np

from data_sources.base import Interval, QueryText
from data_sources.errors import AccessDenied, BadAnswer, NotFound, QueryRefused, SourceError
from data_sources.exploring import (
    AGGREGATIONS,
    REASONS,
    Aggregation,
    Ask,
    Cancelled,
    Cost,
    Exemplar,
    LabelValue,
    Limits,
    Lines,
    Matcher,
    Metric,
    MetricQuestion,
    MetricType,
    WrittenQuestion,
)
from data_sources.prometheus.client import Client
from data_sources.prometheus.edges import Edges
from data_sources.prometheus.explain import explained
from data_sources.prometheus.exploring import catalogue
from data_sources.prometheus.exploring.answers import MOST_NUMBERS, Answers
from data_sources.prometheus.exploring.described import described
from data_sources.prometheus.exploring.exemplars import exemplars
from data_sources.prometheus.exploring.faults import placed
from data_sources.prometheus.exploring.naming import is_recorded, is_worked_out
from data_sources.prometheus.exploring.promql import Lookback, as_one, counted, selector, texts_of
from data_sources.prometheus.exploring.shaped import placed_on
from data_sources.prometheus.exploring.sized import NO_FORMS, Forms
from data_sources.prometheus.limits import is_about_the_query
from data_sources.prometheus.parse import read_vector
from data_sources.prometheus.query import grouped, with_window
from data_sources.prometheus.reading import remarks_on_written
from data_sources.prometheus.selectors import Selector
from tomoni.slo.model import FloatArray

DEFAULT_SCRAPE_SECONDS = 60
# A server is asked to work out at most so many values: some ten seconds of work.
MOST_VALUES = 60_000_000
# So many series for each one that may be in an answer may be added up: that is cheaper than to send them.
_READ_FOR_EACH = 10
_MOST_REMEMBERED = 2_000
_LOOKED_AT = 900  # seconds
_MORE_MOMENTS = 48  # at which series are looked for that neither begin nor end with the interval

A = TypeVar("A", MetricQuestion, Ask)


class Explorer:
    """Explores one server. Safe to use from several threads."""

    def __init__(
        self, source_id: str, client: Client, clock: Callable[[], float], ui_url: str, histograms: Edges
    ) -> None:
        self._source, self._client, self._clock, self._ui_url = source_id, client, clock, ui_url
        self._histograms = histograms
        self._scrapes: dict[str, int] = {}
        self._natives: dict[tuple[str, tuple[Matcher, ...]], bool] = {}
        self._remembering = threading.Lock()  # guards both

    def metrics(self, cancelled: Cancelled) -> Iterator[Sequence[Metric]]:
        """All metrics, in parts as they come."""
        return catalogue.metrics(self._client, cancelled)

    def described(self, name: str, interval: Interval) -> Sequence[Metric]:
        """One metric, or the one that its name is a part of."""
        return described(self._client, name, self._closed(interval).end)

    def label_names(self, metric: str, matchers: Sequence[Matcher], interval: Interval) -> Sequence[str]:
        """The labels of a metric over an interval, without those that histograms and summaries have for themselves."""
        return catalogue.label_names(self._client, catalogue.selectors_of(metric, matchers), self._closed(interval))

    def label_values(
        self, metric: str, label: str, matchers: Sequence[Matcher], interval: Interval
    ) -> Sequence[LabelValue]:
        """The values of a label of a metric, the most frequent first."""
        for text in catalogue.selectors_of(metric, matchers):
            if found := catalogue.label_values(self._client, label, text, self._closed(interval)):
                return found
        return ()

    def cost(self, ask: Ask, interval: Interval, limits: Limits) -> Cost:
        """What a question will read: the most series at the beginning, the middle and the end of the interval."""
        points, written = len(interval), isinstance(ask, WrittenQuestion)
        forms = self._forms(ask, interval)
        ask = self._known_as(ask, forms)
        series = self._series(self._read(ask, interval), interval, limits)
        if isinstance(ask, MetricQuestion) and self._may_be_native(ask, forms):
            series = self._native_series(ask, interval, limits) or series
        most_series, most_values = (
            (limits.series, MOST_NUMBERS) if written else (limits.series * _READ_FOR_EACH, MOST_VALUES)
        )
        too_long = points > limits.points or points * series > most_values
        refused = "series" if series > most_series else "points" if too_long else ""
        return Cost(series, points, refused, {"most": most_series, "most_points": min(limits.points, most_values)})

    def lines(self, ask: Ask, interval: Interval, limits: Limits, cancelled: Cancelled) -> Lines:
        """The lines of a question; refused where `cost` says so."""
        cost = self.cost(ask, interval, limits)
        series = cost.series or 0
        if cost.refused:
            facts = {"reason": REASONS[cost.refused], "series": series, "points": len(interval), **cost.facts}
            raise QueryRefused(self._source, "", facts)
        if cancelled():
            return Lines(interval, ())
        forms = self._forms(ask, interval)
        ask = self._known_as(ask, forms)
        answers = Answers(self._client, self._closed(interval), limits, cancelled)
        if isinstance(ask, WrittenQuestion):
            text = self._read(ask, interval)
            found = answers.written(text)
            found = replace(found, notices=(*remarks_on_written(text), *found.notices))
        else:
            found = answers.asked(ask, Lookback.of(interval.step_seconds, self._scrape_seconds(ask, interval), forms))
        return replace(placed_on(found, interval), texts=tuple(self.texts(ask, interval)), series=series)

    def one_line(self, ask: MetricQuestion, interval: Interval, limits: Limits) -> FloatArray | None:
        """A metric as one line, by one query."""
        answers = Answers(self._client, self._closed(interval), limits, lambda: False)
        values = answers.one(as_one(ask, Lookback.of(interval.step_seconds, DEFAULT_SCRAPE_SECONDS)))
        return None if values is None else np.append(values, np.full(len(interval) - len(values), np.nan))

    def exemplars(self, ask: Ask, interval: Interval) -> Sequence[Exemplar]:
        """Examples of the series that a question reads."""
        return exemplars(self._client, self._read(ask, interval), self._closed(interval))

    def texts(self, ask: Ask, interval: Interval) -> Sequence[QueryText]:
        """The queries that a question becomes, each with the server's own graph."""
        parts: Mapping[str, str]
        if isinstance(ask, WrittenQuestion):
            parts = {"value": self._read(ask, interval)}
        else:
            forms = self._forms_remembered(ask)
            ask = self._known_as(ask, forms)
            scrape = self._scrapes.get(ask.metric, DEFAULT_SCRAPE_SECONDS)
            parts = texts_of(ask, Lookback.of(interval.step_seconds, scrape, forms))
        return explained(parts, interval, self._ui_url)

    def _read(self, ask: Ask, interval: Interval) -> str:
        """The text whose series are read."""
        if isinstance(ask, WrittenQuestion):
            return with_window(ask.text, interval.step_seconds)
        return counted(ask)

    def _forms(self, ask: Ask, interval: Interval) -> Forms:
        """In which forms the histogram of a question is there; of a server that does not list labels it is taken for a
        classic one. Raises NotFound (reason histogram_edge) where what is asked for is between two edges."""
        if not _may_have_forms(ask) or not len(self._closed(interval)):
            return NO_FORMS
        series = _series_of(ask)
        try:
            forms = Forms(*self._histograms.forms(series, interval, may_be_native=True))
        except (AccessDenied, BadAnswer, NotFound, QueryRefused):
            return NO_FORMS
        if ask.within is not None and forms.edges:
            self._histograms.require(series, float(ask.within.high))
        return forms

    def _forms_remembered(self, ask: MetricQuestion) -> Forms:
        """The same as far as it is known, without any I/O."""
        if not _may_have_forms(ask):
            return NO_FORMS
        return Forms(*self._histograms.forms_remembered(_series_of(ask)))

    def _known_as(self, ask: A, forms: Forms) -> A:
        """A question of what turned out to be a native histogram as one: its samples are no numbers."""
        if isinstance(ask, WrittenQuestion):
            return ask
        if not (self._natives.get((ask.metric, ask.matchers)) or forms.native_alone):
            return ask
        usual: tuple[Aggregation, ...] = AGGREGATIONS[MetricType.NATIVE_HISTOGRAM]
        how = ask.aggregation if ask.aggregation in (*usual, Aggregation.INCREASE) else usual[0]
        return replace(ask, type=MetricType.NATIVE_HISTOGRAM, aggregation=how)

    def _may_be_native(self, ask: MetricQuestion, forms: Forms) -> bool:
        """Whether a metric may be a native histogram though nobody says so: one that is written to the server, or that
        a rule records, comes without metadata."""
        unseen = (ask.metric, ask.matchers) not in self._natives
        unsaid = ask.type is MetricType.UNKNOWN or (ask.type is MetricType.GAUGE and is_recorded(ask.metric))
        return unseen and (unsaid or forms.native_alone)

    def _native_series(self, ask: MetricQuestion, interval: Interval, limits: Limits) -> int:
        """How many of the series are native histograms; remembered whether any is."""
        try:
            found = self._series(f"histogram_count({selector(ask.metric, ask.matchers)})", interval, limits)
        except QueryRefused:  # of servers that know no native histograms
            found = 0
        with self._remembering:
            if len(self._natives) >= _MOST_REMEMBERED:
                self._natives.clear()
            self._natives[ask.metric, ask.matchers] = found > 0
        return found

    def _closed(self, interval: Interval) -> Interval:
        """The interval without the buckets that have not ended."""
        step = interval.step_seconds
        now = int(self._clock()) // step * step
        return Interval(interval.start, max(interval.start, min(interval.end, now)), step)

    def _series(self, text: str, interval: Interval, limits: Limits) -> int:
        """The most series that a text has at three moments; where it has none then, at more of them. Raises
        `SourceError`."""
        closed = self._closed(interval)
        if not len(closed):
            return 0
        return self._series_at(text, closed, 2, limits) or self._series_at(text, closed, _MORE_MOMENTS, limits)

    def _series_at(self, text: str, closed: Interval, parts: int, limits: Limits) -> int:
        """The most series that a text has at the ends of so many parts of an interval."""
        step = max(1, (closed.end - closed.start - 1) // parts)
        bounds = {"start": str(closed.end - parts * step), "end": str(closed.end), "step": str(step)}
        try:
            reply = self._client.query(
                "/api/v1/query_range", {"query": f"count{grouped(text)}", **bounds}, limits.seconds
            )
        except QueryRefused as error:
            raise self._own_fault(text, error) from None
        try:
            return max((int(float(value)) for each in reply.data["result"] for _, value in each["values"]), default=0)
        except (KeyError, TypeError, ValueError):
            raise reply.malformed("no count of series") from None

    def _own_fault(self, text: str, refused: QueryRefused) -> QueryRefused:
        """What the server says of a text alone, with the place in it; of what it was counted in, only where it says
        nothing of the text."""
        if not is_about_the_query(refused):
            return refused
        try:
            self._client.query("/api/v1/query", {"query": text})
        except QueryRefused as error:
            return placed(error, text)
        except SourceError:
            return refused
        return refused

    def _scrape_seconds(self, question: MetricQuestion, interval: Interval) -> int:
        """How often a metric is scraped, by the samples at the end of the interval; remembered."""
        known = self._scrapes.get(question.metric)
        if known is not None:
            return known
        seconds = self._looked_up(counted(question), self._closed(interval).end)
        with self._remembering:
            if len(self._scrapes) >= _MOST_REMEMBERED:
                self._scrapes.clear()
            self._scrapes[question.metric] = seconds
        return seconds

    def _looked_up(self, text: str, at: int) -> int:
        query = f"max(count_over_time({text}[{_LOOKED_AT}s]))"
        try:
            found = read_vector(self._client.query("/api/v1/query", {"query": query, "time": str(at)}))
        except SourceError:
            return DEFAULT_SCRAPE_SECONDS
        count = found[0][1] if found else 0
        return max(1, min(300, round(_LOOKED_AT / count))) if count > 1 else DEFAULT_SCRAPE_SECONDS


def _may_have_forms(ask: Ask) -> TypeGuard[MetricQuestion]:
    """Whether a question is of a histogram that some targets may expose as a native one."""
    return (
        isinstance(ask, MetricQuestion) and ask.type is MetricType.HISTOGRAM and not is_worked_out(ask.metric, ask.type)
    )


def _series_of(question: MetricQuestion) -> Selector:
    return Selector(question.metric, selector("", question.matchers)[1:-1])
