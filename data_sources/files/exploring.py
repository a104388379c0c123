"""The columns of a folder's files as metrics: ``orders.csv`` what it counts, ``infra.csv:cpu`` a value of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from data_sources.base import Interval, QueryText
from data_sources.errors import NotFound, QueryRefused, SourceError
from data_sources.exploring import (
    REASONS,
    Aggregation,
    Ask,
    Cancelled,
    Cost,
    LabelValue,
    Limits,
    Lines,
    Matcher,
    Metric,
    MetricQuestion,
    MetricType,
    accepted,
)
from data_sources.files.config import FileSignal
from data_sources.files.fetch import read
from data_sources.files.parse import TIME
from data_sources.grouping import Sample, lines_of
from data_sources.queries import Counts, Query
from tomoni.slo.model import FloatArray

MOST_FILES = 500
_ENDINGS = (".csv", ".parquet")
_COUNTED = frozenset({"good", "bad", "total"})
_RESULT, _RESULTS = "result", ("good", "bad")


class Reads(Protocol):
    """The columns of a query over an interval. Raises `SourceError`."""

    def __call__(self, query: Query, interval: Interval) -> Mapping[str, FloatArray]:
        """The columns."""
        ...


class _HeaderSeen(Exception):
    """Ends the reading of a file after its header."""


@dataclass(frozen=True, slots=True)
class FilesExplorer:
    """Explores a folder. Keeps `data_sources.exploring.Explores`."""

    source: str
    folder: Path
    reads: Reads

    def metrics(self, cancelled: Cancelled) -> Iterator[Sequence[Metric]]:
        """What the files hold; one that cannot be read has nothing."""
        for path in self._files():
            if cancelled():
                return
            yield _metrics_of(path.name, self._columns(path))

    def label_names(self, metric: str, matchers: Sequence[Matcher], interval: Interval) -> Sequence[str]:
        """What a file counts has a result."""
        return () if ":" in metric else (_RESULT,)

    def label_values(
        self, metric: str, label: str, matchers: Sequence[Matcher], interval: Interval
    ) -> Sequence[LabelValue]:
        """Good and bad."""
        return [LabelValue(value, 1) for value in _RESULTS] if label == _RESULT and ":" not in metric else []

    def cost(self, ask: Ask, interval: Interval, limits: Limits) -> Cost:
        """One or two series."""
        series = 1 if ":" in _question(ask).metric else len(_RESULTS)
        facts = {"most": limits.series, "most_points": limits.points}
        return Cost(series, len(interval), "points" if len(interval) > limits.points else "", facts)

    def lines(self, ask: Ask, interval: Interval, limits: Limits, cancelled: Cancelled) -> Lines:
        """The lines of a question."""
        question, cost = _question(ask), self.cost(ask, interval, limits)
        if cost.refused:
            facts = {"reason": REASONS[cost.refused], "series": cost.series or 0, "points": len(interval), **cost.facts}
            raise QueryRefused(self.source, "", facts)
        samples = [s for s in self._samples(question.metric, interval) if accepted(question.matchers, s.labels)]
        return lines_of(question, samples, interval, limits, "")

    def texts(self, ask: Ask, interval: Interval) -> Sequence[QueryText]:
        """The file, and its column."""
        return (QueryText("value", _question(ask).metric),)

    def _samples(self, name: str, interval: Interval) -> Iterator[Sample]:
        file, _, column = name.partition(":")
        if not file.endswith(_ENDINGS):
            raise NotFound(self.source, "", {"reason": "no_file", "file": file, "position": 0})
        if column:
            yield Sample({}, self.reads(FileSignal(file=file, value=column), interval)["value"])
            return
        columns = self.reads(Counts(counts=file), interval)
        yield Sample({_RESULT: "good"}, columns["good"])
        yield Sample({_RESULT: "bad"}, columns["total"] - columns["good"])

    def _files(self) -> list[Path]:
        """The files of the folder by name. Raises NotFound."""
        try:
            found = sorted(path for path in self.folder.iterdir() if path.suffix.lower() in _ENDINGS)
        except OSError:
            raise NotFound(self.source, "", {"reason": "no_folder", "folder": str(self.folder)}) from None
        return [path for path in found if path.is_file()][:MOST_FILES]

    def _columns(self, path: Path) -> list[str]:
        names: list[str] = []

        def choose(header: Sequence[str]) -> Sequence[str]:
            names.extend(header)
            raise _HeaderSeen

        try:
            with closing(read(self.source, path, choose)) as chunks:
                next(chunks, None)
        except (_HeaderSeen, SourceError):
            pass
        return names


def _metrics_of(file: str, columns: Sequence[str]) -> list[Metric]:
    if TIME not in columns:
        return []
    counts = len(_COUNTED & set(columns)) > 1
    plain = [name for name in dict.fromkeys(columns) if name != TIME and not (counts and name in _COUNTED)]
    found = [Metric(f"{file}:{name}", MetricType.GAUGE) for name in plain]
    return [Metric(file, MetricType.COUNTER, labels=(_RESULT,)), *found] if counts else found


def _question(ask: Ask) -> MetricQuestion:
    """A question for a metric; a written one is a name alone."""
    if isinstance(ask, MetricQuestion):
        return ask
    file, _, column = (part.strip() for part in ask.text.partition(":"))  # as the page explains a query: with a blank
    name = f"{file}:{column}" if column else file
    if column:
        return MetricQuestion(name, MetricType.GAUGE, Aggregation.MEAN)
    return MetricQuestion(name, MetricType.COUNTER, Aggregation.RATE, (), (_RESULT,))
