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
# What a service is to blame for, as with gRPC; the others say that a call was wrong, or given up by its caller.
_FAILED = ("unknown", "deadline_exceeded", "resource_exhausted", "internal", "unavailable", "data_loss")
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


@dataclass(frozen=True, slots=True)
class ByStatus:
    """Calls of one subject: a filter for all of them, for those that succeeded, and for those that failed by the
    service's own fault."""

    metric: Metric
    subject: str
    text: str
    ok: str
    failed: str


def by_status(stock: Stock, name: str, place: tuple[str, str], label: str) -> Iterator[ByStatus]:
    """Calls that are counted by a canonical status, however that is spelled; nothing where none of them is known as a
    success. ``place`` is the kind of resource and the label that says whose they are."""
    for metric, subject, text in filters(stock, name, *place):
        ok = next((value for value in stock.values(metric, label) if value.lower() == "ok"), "")
        failed = ", ".join(f'"{code.upper() if ok.isupper() else code}"' for code in _FAILED)
        if ok:
            where = f"{text} metric.labels.{label}"
            yield ByStatus(metric, subject, text, f'{where}="{ok}"', f"{where}=one_of({failed})")


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
