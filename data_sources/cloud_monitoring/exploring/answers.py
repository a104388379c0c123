"""The lines of one question, read from a project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from data_sources.base import Interval
from data_sources.cloud_monitoring.distributions import Range
from data_sources.cloud_monitoring.exploring.calls import (
    HIGH,
    LOW,
    MEAN,
    VALUE,
    Written,
    calls_of,
    coarse,
    groups_named,
)
from data_sources.cloud_monitoring.exploring.catalogue import unit_in
from data_sources.cloud_monitoring.exploring.sizes import (
    PERCENTILES,
    Layouts,
    Sized,
    counted,
    heat_of,
    percentile,
    together,
)
from data_sources.cloud_monitoring.exploring.spelling import Group, filter_of, label_of, of_groups, without_groups
from data_sources.cloud_monitoring.fetch import FetchContext, notices_of
from data_sources.cloud_monitoring.parse import VALUE as NUMBER
from data_sources.cloud_monitoring.parse import Call, Key, combined
from data_sources.cloud_monitoring.query import Metric, threshold_in
from data_sources.exploring import Aggregation, Line, Lines, MetricQuestion, Within, largest_first
from tomoni.slo.model import FloatArray

# As many numbers as one answer may hold, and as many as are read to put together the groups that are not shown.
MOST_NUMBERS, MOST_READ = 400_000, 1_000_000
_FOLDS = {Aggregation.MIN: "min", Aggregation.MAX: "max", Aggregation.MEAN: "mean"}
_FOLD_OF = {"REDUCE_SUM": "sum", "REDUCE_COUNT": "sum", "REDUCE_MAX": "max", "REDUCE_MIN": "min", "REDUCE_NONE": "sum"}
_ROLES_OF_A_LINE = 3

Named = tuple[tuple[str, str], ...]  # the labels of a group


@dataclass
class Answers:
    """Reads over an interval whose buckets have all ended. ``most`` lines are shown. Raises `SourceError`."""

    context: FetchContext
    interval: Interval
    metric: Metric
    most: int

    def __post_init__(self) -> None:
        self._readings: list[Sized] = []

    def written(self, asked: Written) -> Lines:
        """The series of a filter, the largest first."""
        call = asked.call(self.interval, self.metric)
        reading, unit = self._read(call), unit_in(self.metric)
        by = [label_of(name) for name in call.group_by]
        named = {key: self._named(call, by, key) for key in (*reading.lines, *reading.sizes)}
        lines = [Line(named[key], columns[NUMBER]) for key, columns in reading.lines.items()]
        for key, sizes in reading.sizes.items():
            lines += [Line(named[key], self._share(sizes, share), role=role) for role, share in PERCENTILES.items()]
        shown = _ranked(lines, self._most(1), _FOLD_OF.get(call.reducer, "mean"))
        return replace(self._lines(shown), unit=_by_second(unit) if call.aligner == "ALIGN_RATE" else unit)

    def asked(self, question: MetricQuestion, groups: int) -> Lines:
        """The lines of a metric that has so many groups."""
        unit = self._unit(question)
        if question.aggregation is Aggregation.HEAT:
            heat = heat_of(together(self._sizes(question, "").values()), len(self.interval), self.interval.step_seconds)
            return replace(self._lines(()), heat=heat, unit=unit)
        if groups * len(self.interval) <= MOST_READ:
            lines = self._by_group(question, "")
            ranked = _ranked(lines, self._shown(question), _fold(question))
        else:
            ranked = self._largest(question)
        return replace(self._lines(ranked), unit=unit)

    def one(self, question: MetricQuestion) -> FloatArray | None:
        """A metric as one line, by the call of its value or its mean; None without any."""
        if self.metric.value_type == "DISTRIBUTION":
            lines = self._of_sizes(question, "")
            return lines[0].values if lines else None
        call = next(iter(calls_of(question, self.metric, self.interval).values()))
        return next(iter(self._values(call, (), MEAN).values()), None)

    def _lines(self, lines: Sequence[Line]) -> Lines:
        return Lines(self.interval, tuple(lines), notices=tuple(notices_of(self._readings)))

    def _most(self, roles: int) -> int:
        return max(1, min(self.most, MOST_NUMBERS // max(1, len(self.interval)) // roles))

    def _shown(self, question: MetricQuestion) -> int:
        """How many lines are shown; each group of percentiles has three."""
        if question.aggregation is Aggregation.PERCENTILES:
            return self._most(_ROLES_OF_A_LINE) * _ROLES_OF_A_LINE
        return self._most(1)

    def _largest(self, question: MetricQuestion) -> list[Line]:
        """The largest groups by few long buckets, all others as one line."""
        rough = replace_interval(self, coarse(self.interval))
        ranking = replace(question, aggregation=_ranked_by(question))
        best = _ranked(rough._by_group(ranking, ""), self._most(_ROLES_OF_A_LINE), "")
        groups = [line.labels for line in best]
        own = filter_of(question.metric, question.matchers)
        wanted = {_of(each, question.by) for each in groups}
        shown = self._by_group(question, of_groups(own, question.by, groups))
        kept = [line for line in shown if _of(line.labels, question.by) in wanted]
        fold = _fold(question)
        if not fold:
            return _ranked(kept, len(kept), "")
        left = replace(question, by=())
        others = self._by_group(left, without_groups(own, question.by, groups))
        number = len(rough._found) - len(groups)
        rest = [Line({}, line.values, role="other", summed=number) for line in others]
        return [*_ranked(kept, len(kept), ""), *rest]

    @property
    def _found(self) -> set[Key]:
        """The groups that were read."""
        return {key[1:] for reading in self._readings for key in (*reading.lines, *reading.sizes)}

    def _by_group(self, question: MetricQuestion, text: str) -> list[Line]:
        """The lines of each group."""
        if question.aggregation is Aggregation.PERCENTILES or self.metric.value_type == "DISTRIBUTION":
            return self._of_sizes(question, text)
        found = {
            role: self._values(call, question.by, "sum" if call.reducer in ("REDUCE_SUM", "REDUCE_COUNT") else role)
            for role, call in calls_of(question, self.metric, self.interval, text).items()
        }
        low, high = found.get(LOW, {}), found.get(HIGH, {})
        return [
            Line(dict(key), values, low.get(key), high.get(key))
            for key, values in found.get(VALUE, found.get(MEAN, {})).items()
        ]

    def _of_sizes(self, question: MetricQuestion, text: str) -> list[Line]:
        length, seconds, lines = len(self.interval), self.interval.step_seconds, []
        within = None if question.within is None else range_of(question.within, self.metric)
        for key, layouts in self._sizes(question, text).items():
            if question.aggregation is Aggregation.PERCENTILES:
                lines += [Line(dict(key), self._share(layouts, s), role=role) for role, s in PERCENTILES.items()]
            else:
                events = counted(layouts, length, within)
                by_second = question.aggregation is Aggregation.RATE
                lines.append(Line(dict(key), events / seconds if by_second else events))
        return lines

    def _share(self, layouts: Layouts, share: float) -> FloatArray:
        return percentile(layouts, share, len(self.interval))

    def _sizes(self, question: MetricQuestion, text: str) -> dict[Named, Layouts]:
        """The bucket counts of each group, whatever resources it lies on."""
        (call,) = calls_of(question, self.metric, self.interval, text).values()
        by = question.by if call.group_by else ()
        groups: dict[Named, list[Layouts]] = {}
        for key, layouts in self._read(call).sizes.items():
            groups.setdefault(tuple(groups_named(by, key).items()), []).append(layouts)
        return {key: together(each) for key, each in groups.items()}

    def _values(self, call: Call, by: Sequence[str], how: str) -> dict[Named, FloatArray]:
        """The line of each group, whatever resources it lies on."""
        fold = {LOW: "min", HIGH: "max", "sum": "sum"}.get(how, _FOLD_OF.get(call.reducer, "mean"))
        groups: dict[Named, list[FloatArray]] = {}
        for key, columns in self._read(call).lines.items():
            groups.setdefault(tuple(groups_named(by, key).items()), []).append(columns[NUMBER])
        return {key: combined(rows, fold) for key, rows in groups.items()}

    def _read(self, call: Call) -> Sized:
        reading = cast("Sized", self.context.read(call))
        self._readings.append(reading)
        return reading

    def _named(self, call: Call, by: Sequence[str], key: Key) -> dict[str, str]:
        if call.reducer != "REDUCE_NONE":
            return groups_named(by, key)
        return dict(part.split("=", 1) for part in key)

    def _unit(self, question: MetricQuestion) -> str:
        unit = unit_in(self.metric)
        if question.aggregation is Aggregation.COUNT or (
            question.aggregation is Aggregation.SUM and self.metric.value_type == "BOOL"
        ):
            return "count"
        if self.metric.value_type == "DISTRIBUTION" and question.aggregation is Aggregation.RATE:
            return "per_second"
        return _by_second(unit) if question.aggregation is Aggregation.RATE else unit


def replace_interval(answers: Answers, interval: Interval) -> Answers:
    """The same over another interval."""
    return Answers(answers.context, interval, answers.metric, answers.most)


def range_of(within: Within, metric: Metric) -> Range:
    """What is counted, in the unit of a metric. Raises Refusal where its unit is no length of time."""
    return Range(within.low, threshold_in(within.high, metric))


def _by_second(unit: str) -> str:
    return f"{unit}/s" if unit else "per_second"


def _fold(question: MetricQuestion) -> str:
    """How the groups that are not shown become one line; empty of percentiles, which cannot be put together."""
    if question.aggregation is Aggregation.PERCENTILES:
        return ""
    return _FOLDS.get(question.aggregation, "sum")


def _ranked_by(question: MetricQuestion) -> Aggregation:
    """What groups are ranked by: one number of each."""
    return Aggregation.RATE if question.aggregation is Aggregation.PERCENTILES else question.aggregation


def _of(labels: Group, by: Sequence[str]) -> tuple[str, ...]:
    return tuple(labels.get(name, "") for name in by)


def _ranked(lines: Sequence[Line], most: int, fold: str) -> list[Line]:
    """The largest lines by their mean; all others as one where there is a way to put them together."""
    ordered = sorted(lines, key=largest_first)
    shown, left = ordered[:most], ordered[most:]
    if not left or not fold:
        return shown
    values = combined((line.values for line in left), fold)
    return [*shown, Line({}, values, role="other", summed=len(left))]
