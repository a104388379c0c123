"""Which metrics a project has, by their descriptors; those with points of the last day come first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from data_sources.cloud_monitoring.metrics import metric_of
from data_sources.cloud_monitoring.query import COUNTED_TYPES
from data_sources.cloud_monitoring.query import Metric as Described
from data_sources.cloud_monitoring.unreadable import FAULTS
from data_sources.errors import BadAnswer, NotFound, QueryRefused
from data_sources.exploring import Cancelled, Metric, MetricType

if TYPE_CHECKING:
    from data_sources.cloud_monitoring.client import Connection

_LETTERS = 300  # of a description
# UCUM, as descriptors write it; the codes are those of signals.
_UNITS: Mapping[str, str] = {
    "s": "seconds",
    "ms": "milliseconds",
    "By": "bytes",
    "%": "percent",
    "10^2.%": "ratio",
    "1": "",
    "/s": "per_second",
    "1/s": "per_second",
}
_REMARK = re.compile(r"\{[^}]*\}")


def metrics(
    connection: Connection, cancelled: Cancelled, remember: Callable[[Described], None]
) -> Iterator[Sequence[Metric]]:
    """All metrics, some at a time; ``remember`` is told the descriptor of each. Raises `SourceError`."""
    seen: set[str] = set()
    for active_only in (True, False):
        try:
            for page in connection.descriptors(active_only):
                if cancelled():
                    return
                found = [m for raw in page if raw.type not in seen and (m := _read(raw, remember)) is not None]
                seen.update(metric.name for metric in found)
                yield found
        except (BadAnswer, QueryRefused):  # of those that cannot tell which are active
            if not active_only:
                raise


def described(connection: Connection, name: str, remember: Callable[[Described], None]) -> Sequence[Metric]:
    """One metric by its type; none without a descriptor. Raises `SourceError`."""
    try:
        raw = connection.metric_descriptor(name)
    except NotFound:
        return ()
    found = _read(raw, remember)
    return () if found is None else (found,)


def _read(raw: Any, remember: Callable[[Described], None]) -> Metric | None:  # noqa: ANN401 - without types
    """A descriptor; None of one that cannot be."""
    try:
        described = metric_of(raw)
        title, text = str(raw.display_name).strip(), str(raw.description).strip()
    except FAULTS:
        return None
    remember(described)
    said = text if title.lower() in text.lower() else f"{title}. {text}".strip()
    return Metric(described.type, type_of(described), unit_in(described), said[:_LETTERS])


def type_of(metric: Described) -> MetricType:
    """How the values of a metric are read: of kinds that count, counters; of distributions, histograms."""
    if metric.value_type == "DISTRIBUTION":
        return MetricType.HISTOGRAM
    if metric.kind in ("DELTA", "CUMULATIVE") and metric.value_type in COUNTED_TYPES:
        return MetricType.COUNTER
    return MetricType.GAUGE if metric.value_type in ("INT64", "DOUBLE", "BOOL") else MetricType.UNKNOWN


def unit_in(metric: Described) -> str:
    """The code of what a metric is measured in: of yes and no the share of yes; a unit that signals have no code for as
    it is written, without its remarks."""
    plain = _REMARK.sub("", metric.unit)
    return "ratio" if metric.value_type == "BOOL" else _UNITS.get(plain, plain)
