"""The lines of one question, read from a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from data_sources.base import Interval, Notice
from data_sources.errors import SourceError
from data_sources.exploring import Aggregation, Cancelled, Heat, Limits, Line, Lines, MetricQuestion, MetricType
from data_sources.prometheus.client import Client
from data_sources.prometheus.exploring.heat import edges_between, heat_of, native_heat
from data_sources.prometheus.exploring.naming import unit_of
from data_sources.prometheus.exploring.promql import (
    Lookback,
    all_native,
    chosen,
    count_over,
    texts_of,
    top_groups,
    without,
)
from data_sources.prometheus.exploring.shaped import Found, groups_of, of_roles, ranked
from data_sources.prometheus.limits import named
from data_sources.prometheus.nature import without_doubts
from data_sources.prometheus.parse import read_matrix, read_vector, remarks
from tomoni.slo.model import FloatArray

# As many numbers as one answer may hold.
MOST_NUMBERS = 400_000
_SUMMED = (Aggregation.RATE, Aggregation.INCREASE, Aggregation.SUM, Aggregation.COUNT)
_AS_ONE = {Aggregation.MIN: "min", Aggregation.MAX: "max", Aggregation.MEAN: "avg"}
_EXTREMES = ("0.001", "0.999")


class Answers:
    """Reads the lines of one question over an interval whose buckets have all ended. Raises `SourceError`."""

    def __init__(self, client: Client, interval: Interval, limits: Limits, cancelled: Cancelled) -> None:
        self._client, self._interval, self._limits, self._cancelled = client, interval, limits, cancelled
        self._notices: dict[tuple[object, ...], Notice] = {}

    def written(self, text: str) -> Lines:
        """The largest series of a text."""
        found = self._range(text)
        made = self._lines(ranked([Line(labels, values) for labels, values in found])[: self._most(1)])
        return replace(made, notices=without_doubts(made.notices, ()))

    def asked(self, question: MetricQuestion, back: Lookback) -> Lines:
        """The lines of a metric."""
        unit = unit_in(question)
        if question.aggregation is Aggregation.HEAT:
            return replace(self._lines(()), heat=self._heat(question, back), unit=unit)
        groups = self._top(question, back)
        shown = question if groups is None else chosen(question, groups)
        found = {role: self._range(text) for role, text in texts_of(shown, back).items()}
        lines = of_roles(found, question.by, groups)
        made = self._lines((*lines, *self._others(question, back, groups)))
        counters = [question.metric] if question.type is MetricType.COUNTER else []
        return replace(made, notices=without_doubts(made.notices, counters), unit=unit)

    def one(self, text: str) -> FloatArray | None:
        """The first series of a text; None without any."""
        return next((values for _, values in self._range(text)), None)

    def _lines(self, lines: Sequence[Line]) -> Lines:
        return Lines(self._interval, tuple(lines), notices=tuple(self._notices.values()))

    def _most(self, texts: int) -> int:
        """How many groups of so many lines each are shown."""
        room = MOST_NUMBERS // max(1, len(self._interval))
        return max(1, min(self._limits.lines, room // texts))

    def _range(self, text: str) -> Found:
        """The series of a text; none once the work was cancelled."""
        interval = self._interval
        if self._cancelled() or not len(interval):
            return []
        step = interval.step_seconds
        bounds = {"start": str(interval.start + step), "end": str(interval.end), "step": str(step)}
        try:
            reply = self._client.query("/api/v1/query_range", {"query": text, **bounds}, self._limits.seconds)
        except SourceError as error:
            raise named(error) from None
        self._notices |= {notice.subject: notice for notice in remarks(reply)[0]}
        return [(dict(labels), track.values) for labels, track in read_matrix(reply, interval)]

    def _at_end(self, text: str) -> list[tuple[Mapping[str, str], float]]:
        if self._cancelled() or not len(self._interval):
            return []
        params = {"query": text, "time": str(self._interval.end)}
        return read_vector(self._client.query("/api/v1/query", params, self._limits.seconds))

    def _top(self, question: MetricQuestion, back: Lookback) -> list[Mapping[str, str]] | None:
        """The groups that are shown; None where all are."""
        if not question.by:
            return None
        most = self._most(len(texts_of(question, back)))
        found = self._at_end(top_groups(question, back, most + 1, self._length))
        if len(found) <= most:
            return None
        largest = sorted(found, key=lambda each: -each[1])[:most]
        return groups_of([labels for labels, _ in largest], question.by)

    @property
    def _length(self) -> int:
        return self._interval.end - self._interval.start

    def _others(
        self, question: MetricQuestion, back: Lookback, groups: Sequence[Mapping[str, str]] | None
    ) -> Sequence[Line]:
        """All groups that are not shown as one line; none of percentiles, nor of the means of events, which cannot be
        put together."""
        how = "sum" if question.aggregation in _SUMMED else _AS_ONE.get(question.aggregation)
        of_events = question.type is MetricType.SUMMARY and question.aggregation is Aggregation.MEAN
        if not groups or how is None or of_events:
            return ()
        left = without(question, groups, back)
        found, count = self._range(f"{how}({left})"), self._at_end(count_over(left, back, self._length))
        number = int(count[0][1]) if count else 0
        return [Line({}, values, role="other", summed=number) for _, values in found[:1]]

    def _heat(self, question: MetricQuestion, back: Lookback) -> Heat | None:
        if question.type is not MetricType.NATIVE_HISTOGRAM:
            return heat_of(self._range(texts_of(question, back)["value"]))
        everything = all_native(question, self._interval.end - self._interval.start)
        ends = [self._at_end(f"histogram_quantile({share}, {everything})") for share in _EXTREMES]
        if not all(ends):
            return None
        edges = edges_between(*(found[0][1] for found in ends))
        return heat_of(self._range(native_heat(all_native(question, back.rate), edges)))


def unit_in(question: MetricQuestion) -> str:
    """What the values of an answer are measured in: the metric's unit, or that by time."""
    unit = unit_of(question.metric)
    if question.aggregation is Aggregation.COUNT:
        return "count"
    if question.aggregation is Aggregation.RATE:
        of_events = question.type in (MetricType.HISTOGRAM, MetricType.NATIVE_HISTOGRAM, MetricType.SUMMARY)
        return "per_second" if of_events or not unit else f"{unit}/s"
    return unit
