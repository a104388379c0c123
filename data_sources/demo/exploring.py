"""The demo's series as metrics with labels, so that whoever tries `/explore` finds something to look at.

A signal is a gauge; of processors and memory each of three pods has its own. What an SLI counts is a counter with the
labels ``result`` (good, bad), ``zone``, ``version`` and ``route``: since the deploy of five days ago it is mostly one
version in one zone that fails where more fails than usual; before, and the rest of the time, all fail alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol

import numpy as np

from data_sources.base import Interval, QueryText
from data_sources.demo.world import COUNTS, SIGNALS
from data_sources.errors import NotFound, QueryRefused
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
    WrittenQuestion,
    accepted,
)
from data_sources.grouping import Sample, lines_of
from data_sources.queries import Counts, Query, TextSignal
from data_sources.splits import GOOD, TOTAL, Values
from tomoni.slo.model import FloatArray

_ZONES = {"a": 0.35, "b": 0.4, "c": 0.25}
_ROUTES = {"/": 0.45, "/confirm": 0.35, "/status": 0.2}
_VERSIONS = {"2.8": 0.4, "2.9": 0.6}
_CULPRIT = {"zone": "b", "version": "2.9"}
_CULPRITS_SHARE = 0.9  # of what fails more than usual, as long as so many of its own are left
_MOST_OF_ITS_OWN = 0.95
_BY_CHANCE = 3.0  # events of a bucket that may fail beyond the usual share without anything behind them
_PODS = {"a": 0.94, "b": 1.0, "c": 1.06}
_UNITS = {"cpu": "ratio", "memory": "ratio", "disk": "ratio", "hits": "ratio", "p95": "seconds", "age": "seconds"}
_LATENCY = "latency"
_HELP = {
    "cpu": "Share of the processors in use.",
    "memory": "Share of the memory in use.",
    "connections": "Open connections to the database.",
    "p95": "Latency at the load balancer, 95th percentile.",
    "requests": "Requests each second at the load balancer.",
    "depth": "Messages that wait in the queue.",
    "age": "Age of the oldest message.",
    "disk": "Share of the disk in use.",
    "hits": "Share of lookups that the cache answers.",
    "latency": "Time that a write to the disk takes.",
}
_SPLIT_BY_POD = ("cpu", "memory")


class Reads(Protocol):
    """What the demo answers of one of its series: its columns by name. Raises `SourceError`."""

    def __call__(self, query: Query, interval: Interval) -> Mapping[str, FloatArray]:
        """The columns over an interval."""
        ...


@dataclass(frozen=True, slots=True)
class DemoExplorer:
    """Explores the demo. Keeps `data_sources.exploring.Explores`. ``deployed_at`` (Unix seconds) is since when there
    is a culprit."""

    source: str
    reads: Reads
    deployed_at: int = 0

    def metrics(self, cancelled: Cancelled) -> Iterator[Sequence[Metric]]:
        """Its signals and what its SLIs count."""
        yield [_gauge(name) for name in SIGNALS] + [_counter(name) for name in COUNTS]

    def label_names(self, metric: str, matchers: Sequence[Matcher], interval: Interval) -> Sequence[str]:
        """The labels of a metric."""
        return sorted({label for labels in self._labels(metric, matchers) for label in labels})

    def label_values(
        self, metric: str, label: str, matchers: Sequence[Matcher], interval: Interval
    ) -> Sequence[LabelValue]:
        """The values of a label, with the number of its series."""
        found = [labels[label] for labels in self._labels(metric, matchers) if label in labels]
        return sorted(
            (LabelValue(value, found.count(value)) for value in set(found)),
            key=lambda each: (-(each.series or 0), each.value),
        )

    def cost(self, ask: Ask, interval: Interval, limits: Limits) -> Cost:
        """What a question will read."""
        question = self._question(ask)
        series = len(self._labels(question.metric, question.matchers))
        facts = {"most": limits.series, "most_points": limits.points}
        return Cost(series, len(interval), "points" if len(interval) > limits.points else "", facts)

    def lines(self, ask: Ask, interval: Interval, limits: Limits, cancelled: Cancelled) -> Lines:
        """The lines of a question."""
        question, cost = self._question(ask), self.cost(ask, interval, limits)
        if cost.refused:
            facts = {"reason": REASONS[cost.refused], "series": cost.series or 0, "points": len(interval), **cost.facts}
            raise QueryRefused(self.source, "", facts)
        samples = [s for s in self._samples(question.metric, interval) if accepted(question.matchers, s.labels)]
        return lines_of(question, samples, interval, limits, _unit_of(question.metric))

    def split(self, name: str, by: Sequence[str], interval: Interval) -> dict[Values, dict[str, FloatArray]]:
        """Good and total of what an SLI counts by the values of labels; without a label its value is empty."""
        found: dict[Values, dict[str, FloatArray]] = {}
        for sample in self._samples(name, interval):
            values = tuple(sample.labels.get(label, "") for label in by)
            part = found.setdefault(values, {GOOD: sample.values * 0.0, TOTAL: sample.values * 0.0})
            part[TOTAL] = part[TOTAL] + sample.values
            if sample.labels["result"] == GOOD:
                part[GOOD] = part[GOOD] + sample.values
        return found

    def texts(self, ask: Ask, interval: Interval) -> Sequence[QueryText]:
        """The name of the series."""
        return (QueryText("value", ask.text if isinstance(ask, WrittenQuestion) else ask.metric),)

    def _question(self, ask: Ask) -> MetricQuestion:
        """A question for a metric; a written one is a name alone. Raises NotFound."""
        if isinstance(ask, MetricQuestion):
            self._labels(ask.metric, ())
            return ask
        name = ask.text.strip()
        self._labels(name, ())
        if name in COUNTS:
            return MetricQuestion(name, MetricType.COUNTER, Aggregation.RATE, (), ("result",))
        return MetricQuestion(name, MetricType.GAUGE, Aggregation.MEAN)

    def _labels(self, name: str, matchers: Sequence[Matcher]) -> list[dict[str, str]]:
        """The series of a metric. Raises NotFound."""
        if name in SIGNALS:
            found = [{"app": _app(name), **each} for each in ([{"pod": p} for p in _PODS] if _by_pod(name) else [{}])]
        elif name in COUNTS:
            found = [{"app": _app(name), **each} for each in _parts()]
        else:
            known = ", ".join([*SIGNALS, *COUNTS])
            raise NotFound(self.source, "", {"reason": "no_series", "name": name, "known": known, "position": 0})
        return [labels for labels in found if accepted(matchers, labels)]

    def _samples(self, name: str, interval: Interval) -> Iterator[Sample]:
        if name in SIGNALS:
            values = self.reads(TextSignal(query=name), interval)["value"]
            for labels in self._labels(name, ()):
                yield Sample(labels, values * _PODS.get(labels.get("pod", ""), 1.0))
            return
        columns = self.reads(Counts(counts=name), interval)
        allowed = columns["total"] * _usual_share(name) + _BY_CHANCE
        before = np.arange(len(interval)) * interval.step_seconds + interval.start < self.deployed_at
        usual = np.minimum(columns["total"] - columns["good"], np.where(before, np.inf, allowed))
        more = columns["total"] - columns["good"] - usual
        for labels in self._labels(name, ()):
            yield Sample(labels, _part_of(labels, columns["total"], usual, more))


def _usual_share(name: str) -> float:
    return 4 * COUNTS[name].bad_share


def _part_of(labels: Mapping[str, str], total: FloatArray, usual: FloatArray, more: FloatArray) -> FloatArray:
    """The events of one series: of those that fail more than usual the culprit has most."""
    share = _ZONES[labels["zone"]] * _VERSIONS[labels["version"]] * _ROUTES[labels["route"]]
    theirs = _ZONES[_CULPRIT["zone"]] * _VERSIONS[_CULPRIT["version"]]
    is_culprit = all(labels[label] == value for label, value in _CULPRIT.items())
    left = np.maximum(_MOST_OF_ITS_OWN * total - usual, 0.0) * theirs
    of_culprit = np.minimum(_CULPRITS_SHARE * more, left)
    bad = usual * share + (of_culprit / theirs if is_culprit else (more - of_culprit) / (1 - theirs)) * share
    return bad if labels["result"] == "bad" else np.maximum(total * share - bad, 0.0)


def _parts() -> list[dict[str, str]]:
    return [
        {"result": result, "zone": zone, "version": version, "route": route}
        for result, zone, version, route in product(("good", "bad"), _ZONES, _VERSIONS, _ROUTES)
    ]


def _app(name: str) -> str:
    return name.partition("-")[0]


def _by_pod(name: str) -> bool:
    return name.rpartition("-")[2] in _SPLIT_BY_POD


def _unit_of(name: str) -> str:
    if name.endswith(_LATENCY) and name in SIGNALS:
        return "seconds"
    return _UNITS.get(name.rpartition("-")[2], "per_second" if name.endswith("requests") else "")


def _gauge(name: str) -> Metric:
    labels = ("app", "pod") if _by_pod(name) else ("app",)
    return Metric(name, MetricType.GAUGE, _unit_of(name), _HELP.get(name.rpartition("-")[2], ""), labels)


def _counter(name: str) -> Metric:
    labels = ("app", "result", "route", "version", "zone")
    return Metric(name, MetricType.COUNTER, "", "What the SLI of this name counts, by its result.", labels)
