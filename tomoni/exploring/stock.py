"""What a source has, as detectors look at it: its metrics, and the labels of those few that they ask about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from data_sources.base import Interval, NativeDefinition
from data_sources.cloud_monitoring.exploring.spelling import RESOURCE_TYPE
from data_sources.errors import BadAnswer, NotFound
from data_sources.exploring import Cancelled, Explores, Metric, MetricType
from data_sources.kinds import KINDS

_MOST_QUESTIONS = 400
_MOST_METRICS = 200_000
_PARTED = (MetricType.HISTOGRAM, MetricType.SUMMARY)


@dataclass
class Stock:
    """The metrics of a source by name. What is asked about labels is remembered; after ``_MOST_QUESTIONS`` questions
    no more are sent, so that a source with a million metrics is not worn out. Raises `SourceError` where the source
    as a whole does not answer."""

    metrics: dict[str, Metric] = field(default_factory=dict)
    source: Explores | None = None
    interval: Interval = field(default_factory=lambda: Interval(0, 0, 60))
    native: Sequence[NativeDefinition] = ()
    _known: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    _labels: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def counted(self) -> list[Metric]:
        """The metrics that an SLI takes by their names, of a source that counts so."""
        kind = KINDS.get(getattr(self.source, "kind", ""))
        if kind is None or all(form.KEY != "counts" for form in kind.sli_forms):
            return []
        return [metric for metric in self.metrics.values() if metric.type is MetricType.COUNTER]

    @property
    def has_columns(self) -> bool:
        """Whether its metrics are columns of files."""
        kind = KINDS.get(getattr(self.source, "kind", ""))
        return kind is not None and any(form.KEY == "file" for form in kind.signal_forms)

    @property
    def _in_promql(self) -> bool:
        kind = KINDS.get(getattr(self.source, "kind", ""))
        return kind is None or kind.expressions

    @cached_property
    def _dotted(self) -> dict[str, Metric]:
        """The metrics with dots, by their names with underscores."""
        if not self._in_promql:
            return {}
        return {underscored(name): metric for name, metric in self.metrics.items() if "." in name and "/" not in name}

    def get(self, *names: str) -> Metric | None:
        """The first of some metrics that there is, also where its name has dots for underscores."""
        return next((found for name in names if (found := self.metrics.get(name) or self._dotted.get(name))), None)

    def matching(self, pattern: str, *types: MetricType) -> list[Metric]:
        """The metrics whose whole name matches, of one of some types (none: of any), the shortest name first. A
        type that the source does not state fits each; names with dots, as OpenTelemetry has them, match like those
        with underscores. Of a source that is not asked in PromQL nothing matches."""
        if not self._in_promql:
            return []
        found = [metric for name, metric in self.metrics.items() if re.fullmatch(pattern, underscored(name))]
        fit = [metric for metric in found if not types or metric.type in (*types, MetricType.UNKNOWN)]
        return sorted(fit, key=lambda metric: (len(metric.name), metric.name))

    def label(self, metric: Metric, names: Iterable[str]) -> str:
        """The first of some labels that a metric has, or nothing."""
        return next((own for name in names if self.values(metric, own := self._spelt(metric, name))), "")

    def values(self, metric: Metric, label: str) -> tuple[str, ...]:
        """The values of a label of a metric, the most frequent first."""
        if label != "le" and (there := self._labels_of(metric)) and label not in there:
            return ()
        for name in _series_names(metric, label):
            if found := self._asked(name, label):
                return found
        return ()

    def resources(self, metric: Metric) -> tuple[str, ...]:
        """The kinds of monitored resources that series of a metric are on; nothing of one without any."""
        return self._asked(metric.name, RESOURCE_TYPE)

    def _spelt(self, metric: Metric, label: str) -> str:
        """A label as the metric has it: with dots or underscores."""
        return next((own for own in self._labels_of(metric) if underscored(own) == label), label)

    def _labels_of(self, metric: Metric) -> tuple[str, ...]:
        """The labels that a metric has; none where nobody says."""
        if metric.labels:
            return metric.labels
        if (
            self.source is not None
            and metric.name not in self._labels
            and len(self._known) + len(self._labels) < _MOST_QUESTIONS
        ):
            try:
                names = next(iter(_series_names(metric, "")))
                self._labels[metric.name] = tuple(self.source.label_names(names, (), self.interval))
            except (BadAnswer, NotFound):
                self._labels[metric.name] = ()
        return self._labels.get(metric.name, ())

    def _asked(self, name: str, label: str) -> tuple[str, ...]:
        if (name, label) not in self._known:
            if self.source is None or len(self._known) + len(self._labels) >= _MOST_QUESTIONS:
                return ()
            try:
                found = self.source.label_values(name, label, (), self.interval)
            except (BadAnswer, NotFound):
                found = ()
            self._known[name, label] = tuple(each.value for each in found if each.value)
        return self._known[name, label]


def underscored(name: str) -> str:
    """A name as it was before Prometheus 3, which keeps the dots of OpenTelemetry."""
    return name.replace(".", "_")


def _series_names(metric: Metric, label: str) -> Iterator[str]:
    """The names under which the series of a metric may be found; those of Google have one, with a path in it."""
    if metric.type in _PARTED and "/" not in metric.name:
        yield metric.name + ("_bucket" if label == "le" else "_count")
    yield metric.name


def stock_of(
    source: Explores,
    interval: Interval,
    native: Sequence[NativeDefinition] = (),
    most: int = _MOST_METRICS,
    cancelled: Cancelled = lambda: False,
) -> Stock:
    """What a source has. Raises `SourceError`."""
    metrics: dict[str, Metric] = {}
    for part in source.metrics(cancelled):
        metrics.update((metric.name, metric) for metric in part)
        if len(metrics) >= most:
            break
    return Stock(metrics, source, interval, native)
