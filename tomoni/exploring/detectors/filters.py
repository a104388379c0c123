"""The forms of Cloud Monitoring: filters by metric, resource and labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data_sources.exploring import Metric
from tomoni.exploring.detectors.shapes import MOST_SUBJECTS
from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock

_FAST_MILLISECONDS = "300ms"


@dataclass(frozen=True, slots=True)
class Served:
    """What a service of Google counts: requests with a class of code, durations, on a kind of resource."""

    requests: str
    latencies: str
    resource: str
    failed: str
    subject: str


def of_served(stock: Stock, served: Served) -> Iterator[LikelySli]:
    """Requests that succeed, and those that are fast, of each resource."""
    if counts := stock.get(served.requests):
        for name, text in filters(stock, counts, served.resource, served.subject):
            keys = {"total": text, "bad": f'{text} metric.labels.response_code_class="{served.failed}"'}
            yield LikelySli(Quality.AVAILABILITY, keys, counts.name, name, Confidence.SURE, "response_code_class")
    if durations := stock.get(served.latencies):
        for name, text in filters(stock, durations, served.resource, served.subject):
            keys = {"distribution": text, "under": _FAST_MILLISECONDS}
            yield LikelySli(Quality.LATENCY, keys, durations.name, name, Confidence.SURE)


def filters(stock: Stock, metric: Metric, resource: str, subject: str) -> list[tuple[str, str]]:
    """A filter for each value of a label of the resource; one for all where the source does not say them."""
    text = f'metric.type="{metric.name}" resource.type="{resource}"'
    found = sorted(_values(stock, metric, subject))[:MOST_SUBJECTS]
    return [(value, f'{text} resource.labels.{subject}="{value}"') for value in found] or [("", text)]


def _values(stock: Stock, metric: Metric, label: str) -> Sequence[str]:
    """The values of a label of the resource, however the source spells its name."""
    spelled = (f"resource.labels.{label}", f"resource.label.{label}", f"resource.{label}", label)
    found = next((values for name in spelled if (values := stock.values(metric, name))), ())
    return [value for value in found if '"' not in value and "\\" not in value]
