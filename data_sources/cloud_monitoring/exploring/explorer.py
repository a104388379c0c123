"""Answers the questions of those who explore a project. Keeps `data_sources.exploring.Explores`.

Refusals: ``too_many_series``, ``too_many_points`` (``series``, ``points``, ``most``), besides Google's own, which has
the fact ``position`` where its words tell of which part of the filter it speaks.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from data_sources.base import Interval, QueryText
from data_sources.cloud_monitoring.explain import call_text, console_url
from data_sources.cloud_monitoring.exploring.answers import MOST_NUMBERS, Answers
from data_sources.cloud_monitoring.exploring.calls import Written, calls_of, read_written, usual_metric
from data_sources.cloud_monitoring.exploring.catalogue import described
from data_sources.cloud_monitoring.exploring.catalogue import metrics as listed
from data_sources.cloud_monitoring.exploring.sizes import Sized
from data_sources.cloud_monitoring.exploring.spelling import RESOURCE_TYPE, filter_of, labels_of, place_of
from data_sources.cloud_monitoring.exploring.watched import Stopped, Watched
from data_sources.cloud_monitoring.fetch import FetchContext
from data_sources.cloud_monitoring.filters import parse_filter
from data_sources.cloud_monitoring.query import Metric, Refusal
from data_sources.errors import NotFound, QueryRefused
from data_sources.exploring import (
    REASONS,
    Aggregation,
    Ask,
    Cancelled,
    Cost,
    Heat,
    LabelValue,
    Limits,
    Line,
    Lines,
    Matcher,
    MetricQuestion,
    WrittenQuestion,
)
from data_sources.exploring import Metric as Listed
from tomoni.slo.model import FloatArray

if TYPE_CHECKING:
    from data_sources.cloud_monitoring.client import Connection

MOST_VALUES = 1_000
# So many series for each one that may be in an answer may be added up by Google.
_READ_FOR_EACH = 10
_MOST_HEADERS = Limits().series * _READ_FOR_EACH + 1
_REMEMBERED, _REMEMBERED_SERIES, _REMEMBERED_SECONDS = 32, 5_000, 60
_PROJECT = "resource.labels.project_id"
_OLDEST_SECONDS = 41 * 86_400  # older series may be refused as a whole

Headers = Sequence[Mapping[str, str]]


class Explorer:
    """Explores one project. Safe to use from several threads."""

    def __init__(self, context: FetchContext, project: str) -> None:
        self._context, self._project = context, project
        self._lock = threading.Lock()  # guards `_headers`
        self._headers: dict[tuple[str, Interval], tuple[float, Headers]] = {}

    def metrics(self, cancelled: Cancelled) -> Iterator[Sequence[Listed]]:
        """All metrics, those with points of the last day first."""
        return listed(self._context.connect(), cancelled, self._context.metrics.remember)

    def described(self, name: str, interval: Interval) -> Sequence[Listed]:
        """One metric by its descriptor."""
        return described(self._context.connect(), name, self._context.metrics.remember)

    def label_names(self, metric: str, matchers: Sequence[Matcher], interval: Interval) -> Sequence[str]:
        """The labels of a metric's series, then those of their resources that tell them apart."""
        series = self._series(filter_of(metric, matchers), interval)
        names = dict.fromkeys(label for labels in series for label in labels)
        plain = {_PROJECT, RESOURCE_TYPE}
        told = [name for name in names if name not in plain or len({each.get(name) for each in series}) > 1]
        return sorted(told, key=lambda name: (name.startswith("resource."), name))

    def label_values(
        self, metric: str, label: str, matchers: Sequence[Matcher], interval: Interval
    ) -> Sequence[LabelValue]:
        """The values of a label with the number of series, the most frequent first."""
        counts = Counter(each.get(label, "") for each in self._series(filter_of(metric, matchers), interval))
        ordered = sorted((value for value in counts if value), key=lambda value: (-counts[value], value))
        return [LabelValue(value, counts[value]) for value in ordered[:MOST_VALUES]]

    def cost(self, ask: Ask, interval: Interval, limits: Limits) -> Cost:
        """What a question will read: the series that there are over the interval."""
        return self._cost(ask, interval, limits)[0]

    def lines(self, ask: Ask, interval: Interval, limits: Limits, cancelled: Cancelled) -> Lines:
        """The lines of a question; refused where `cost` says so."""
        cost, series = self._cost(ask, interval, limits)
        if cost.refused:
            facts = {"reason": REASONS[cost.refused], "series": len(series), "points": len(interval), **cost.facts}
            raise QueryRefused(self._context.source, "", facts)
        closed = self._closed(interval)
        watched = Watched(self._context.source, self._context.connect, limits.seconds, cancelled)
        context = replace(self._context, connect=lambda: cast("Connection", watched), reading=Sized)
        metric = self._metric(ask)
        try:
            found = self._answered(ask, Answers(context, closed, metric, limits.lines), series)
        except Stopped:
            found = Lines(closed, ())
        return replace(_placed_on(found, interval), texts=tuple(self.texts(ask, interval)), series=len(series))

    def one_line(self, ask: MetricQuestion, interval: Interval, limits: Limits) -> FloatArray | None:
        """A metric as one line, by one call."""
        closed = self._closed(interval)
        if not len(closed):
            return None
        answers = Answers(replace(self._context, reading=Sized), closed, self._metric(ask), 1)
        try:
            values = answers.one(ask)
        except Refusal as refusal:
            raise self._context.refused(refusal) from refusal
        return None if values is None else np.pad(values, (0, len(interval) - len(closed)), constant_values=np.nan)

    def texts(self, ask: Ask, interval: Interval) -> Sequence[QueryText]:
        """The calls that a question becomes: each a filter, and below it how it is aligned and reduced."""
        if isinstance(ask, WrittenQuestion):
            return (QueryText("value", ask.text.strip(), self._written_url(ask, interval)),)
        metric = self._context.metrics.known(ask.metric) or usual_metric(ask)
        try:
            calls = calls_of(ask, metric, interval)
        except Refusal:
            return ()
        return tuple(QueryText(role, call_text(call), console_url(self._project, call)) for role, call in calls.items())

    def _written_url(self, ask: WrittenQuestion, interval: Interval) -> str:
        """Where the project's console shows a written question; empty of one that cannot be read."""
        try:
            written = read_written(ask.text)
        except Refusal:
            return ""
        named = parse_filter(written.filter).metric
        metric = (self._context.metrics.known(named) if named else None) or _usual(named)
        return console_url(self._project, written.call(interval, metric))

    def _answered(self, ask: Ask, answers: Answers, series: Headers) -> Lines:
        try:
            if isinstance(ask, WrittenQuestion):
                return answers.written(read_written(ask.text))
            groups = len({tuple(each.get(label, "") for label in ask.by) for each in series})
            heat = ask.aggregation is Aggregation.HEAT
            return answers.asked(ask, 1 if heat else groups)
        except Refusal as refusal:
            raise self._context.refused(refusal) from refusal
        except (QueryRefused, NotFound) as error:
            raise _placed(error, _text_of(ask)) from None

    def _cost(self, ask: Ask, interval: Interval, limits: Limits) -> tuple[Cost, Headers]:
        try:
            text = self._written(ask).filter if isinstance(ask, WrittenQuestion) else _text_of(ask)
            series = self._series(text, interval)
        except (QueryRefused, NotFound) as error:
            raise _placed(error, _text_of(ask)) from None
        written, points = isinstance(ask, WrittenQuestion), len(interval)
        most = limits.series if written else limits.series * _READ_FOR_EACH
        too_long = points > limits.points or (written and points * len(series) > MOST_NUMBERS)
        refused = "series" if len(series) > most else "points" if too_long else ""
        return Cost(len(series), points, refused, {"most": most, "most_points": limits.points}), series

    def _written(self, ask: WrittenQuestion) -> Written:
        try:
            return read_written(ask.text)
        except Refusal as refusal:
            raise self._context.refused(refusal) from refusal

    def _metric(self, ask: Ask) -> Metric:
        """What the metric of a question is, by its descriptor; the usual where there is none."""
        named = parse_filter(self._written(ask).filter).metric if isinstance(ask, WrittenQuestion) else ask.metric
        known = self._context.metrics.ask(named, self._context.connect().metric_descriptor) if named else None
        if known is not None:
            return known
        return _usual(named) if isinstance(ask, WrittenQuestion) else usual_metric(ask)

    def _series(self, text: str, interval: Interval) -> Headers:
        """The labels of the series of a filter, of at most one more than may be read. Raises `SourceError`."""
        closed, now = self._closed(interval), self._context.clock()
        start = max(
            closed.start, min(int(now - _OLDEST_SECONDS) // closed.step_seconds * closed.step_seconds, closed.end)
        )
        if start >= closed.end:
            start = closed.start
        if not len(closed):
            return ()
        key = (text, Interval(start, closed.end, closed.step_seconds))
        with self._lock:
            until, known = self._headers.get(key, (0.0, ()))
        if now < until:
            return known
        pages = self._context.connect().headers(text, key[1], _MOST_HEADERS)
        found = tuple(labels_of(series) for page in pages for series in page)
        if len(found) <= _REMEMBERED_SERIES:
            self._remember(key, now + _REMEMBERED_SECONDS, found)
        return found

    def _remember(self, key: tuple[str, Interval], until: float, found: Headers) -> None:
        with self._lock:
            self._headers[key] = (until, found)
            while len(self._headers) > _REMEMBERED:
                del self._headers[next(iter(self._headers))]

    def _closed(self, interval: Interval) -> Interval:
        """The interval without the buckets that have not ended."""
        step = interval.step_seconds
        now = int(self._context.clock()) // step * step
        return Interval(interval.start, max(interval.start, min(interval.end, now)), step)


def _text_of(ask: Ask) -> str:
    return ask.text if isinstance(ask, WrittenQuestion) else filter_of(ask.metric, ask.matchers)


def _placed(error: Any, text: str) -> Any:  # noqa: ANN401 - one of two classes, the same again
    """A refusal with the fact ``position`` where its words tell it."""
    fact = {"metric": "name", "slo": "name", "aligner": "aligner"}.get(str(error.facts.get("reason")), "")
    named = text.find(str(error.facts.get(fact) or "\0"))
    place = named if named >= 0 else place_of(error.detail, text)
    return error if place is None else type(error)(error.source, error.detail, {**error.facts, "position": place})


def _placed_on(lines: Lines, interval: Interval) -> Lines:
    """An answer on an interval that ends later: what was not asked for was not observed."""
    missing = len(interval) - len(lines.interval)

    def longer(values: FloatArray | None) -> Any:  # noqa: ANN401 - None of None
        return None if values is None else np.pad(values, (0, missing), constant_values=np.nan)

    def whole(line: Line) -> Line:
        return replace(line, values=longer(line.values), low=longer(line.low), high=longer(line.high))

    heat = lines.heat and Heat(lines.heat.edges, np.array([longer(row) for row in lines.heat.counts]))
    return replace(lines, interval=interval, lines=tuple(map(whole, lines.lines)), heat=heat)


def _usual(named: str) -> Metric:
    """What the metric of a written question without a descriptor is taken for."""
    return Metric(named, "DELTA", "DOUBLE", known=False)
