"""The forms of Cloud Monitoring: filters by metric, resource and labels, of what has points alone.

A project lists the metrics of all services of Google, used or not: only series tell what it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data_sources.cloud_monitoring.exploring.spelling import field_of
from data_sources.exploring import Metric
from tomoni.exploring.detectors.shapes import MOST_SUBJECTS
from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock

_FAST_MILLISECONDS = "300ms"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Served:
    """What a service of Google counts on a kind of resource: requests, of which some failed (a condition on a label of
    the metric), and durations (the first metric of several that has points). ``subject`` is the label that says whose
    they are, as a question has it."""

    requests: str
    durations: Sequence[str]
    resource: str
    failed: str
    subject: str


def of_served(stock: Stock, served: Served) -> Iterator[LikelySli]:
    """Requests that succeed, and those that are fast, of each resource."""
    label = found[0] if (found := _WORD.match(served.failed)) else ""
    for counts, name, text in filters(stock, served.requests, served.resource, served.subject):
        keys = {"total": text, "bad": f"{text} metric.labels.{served.failed}"}
        yield LikelySli(Quality.AVAILABILITY, keys, counts.name, name, Confidence.SURE, label)
    yield from fast_enough(stock, served.durations, served.resource, served.subject)


def fast_enough(stock: Stock, names: Sequence[str], resource: str, subject: str) -> Iterator[LikelySli]:
    """Events that are fast, by the first of some metrics that has points."""
    found = next((each for name in names if (each := filters(stock, name, resource, subject))), [])
    for durations, name, text in found:
        keys = {"distribution": text, "under": _FAST_MILLISECONDS}
        yield LikelySli(Quality.LATENCY, keys, durations.name, name, Confidence.SURE)


def filters(stock: Stock, name: str, resource: str, subject: str) -> list[tuple[Metric, str, str]]:
    """A metric with a filter for each value of a label; with one for all where no series has the label, and nothing
    where the metric has no series of this kind of resource."""
    metric = stock.get(name)
    if metric is None or resource not in stock.resources(metric):
        return []
    text = f'metric.type="{name}" resource.type="{resource}"'
    values = sorted(value for value in stock.values(metric, subject) if '"' not in value and "\\" not in value)
    found = [(metric, value, f'{text} {field_of(subject)}="{value}"') for value in values[:MOST_SUBJECTS]]
    return found or [(metric, "", text)]
