"""The scrape jobs of a Prometheus server, and the metrics that their targets have."""

from __future__ import annotations

from collections.abc import Sequence

from data_sources.base import Interval
from data_sources.exploring import Explores, LabelValue, Matcher, Metric, Operator

JOB = "job"
_UP = "up"  # the server itself writes it, one series for each target
_PARTS = ("", "_count", "_bucket", "_sum")  # of a metric that is a histogram or a summary


def jobs_of(source: Explores, interval: Interval) -> Sequence[LabelValue]:
    """The jobs, each with the number of its targets; none of a source that scrapes nothing. Raises `SourceError`."""
    return source.label_values(_UP, JOB, (), interval)


def names_of(source: Explores, job: str, interval: Interval) -> Sequence[str]:
    """The names of the series of a job; at most 1,000. Raises `SourceError`."""
    where = (Matcher(JOB, Operator.EQUAL, job),)
    return [each.value for each in source.label_values("", "__name__", where, interval)]


def among(metrics: Sequence[Metric], names: Sequence[str]) -> list[Metric]:
    """Those of some metrics that have series of these names, in their order."""
    known = set(names)
    return [each for each in metrics if any(each.name + part in known for part in _PARTS)]
