"""An SLI by the values of labels: the calls of the whole, grouped by these labels.

Which combinations of values an answer has is found in days, where it costs few points; the buckets are then asked of
those alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from data_sources.base import Answer, Interval, Request, Series
from data_sources.bounds import within_bounds
from data_sources.cloud_monitoring.columns import assemble
from data_sources.cloud_monitoring.distributions import Range
from data_sources.cloud_monitoring.filters import quoted
from data_sources.cloud_monitoring.parse import RAW, Call, Key, Reading
from data_sources.cloud_monitoring.query import Plan
from data_sources.errors import QueryRefused
from data_sources.queries import Gauge
from data_sources.splits import SplitCounts, Values, columns_of_parts, listed
from tomoni.slo.model import DAY, FloatArray

Read = Callable[[Call, frozenset[Range]], Reading]
_SHORT_LABELS = ("metric.label.", "resource.label.")
# So many values are named in a filter; of more, all are asked for.
_MOST_NAMED = 60


@dataclass(frozen=True, slots=True)
class Splitter:
    """Answers requests for split SLIs. ``planned`` plans a request for the whole, ``read`` reads a call. Both raise
    `SourceError`."""

    source: str
    planned: Callable[[Request], Plan]
    read: Read

    def answer(self, request: Request, query: SplitCounts) -> Answer:
        """The answer to one request."""
        by = tuple(_spelled(label) for label in query.by)
        interval = request.interval
        days = Interval(interval.start // DAY * DAY, -(-interval.end // DAY) * DAY, DAY)
        found, _ = self._parts(replace(request, query=query.of, interval=days), by, ())
        sums = {values: _sums(columns) for values, columns in found.items()}
        sums |= {values: sums.get(values, (0.0, 0.0)) for values in query.followed}
        kept = listed(sums, query)
        left_out = len(sums) - len(kept)
        named = kept if left_out else []
        parts, partial = self._parts(replace(request, query=query.of), by, named)
        columns = {values: (parts[values]["good"], parts[values]["total"]) for values in kept if values in parts}
        beyond = np.full(len(interval), float(left_out))
        made, odd = within_bounds(columns_of_parts(columns, beyond, len(interval)))
        return Answer(request, Series(interval, made), notices=tuple(odd), complete=not partial)

    def _parts(
        self, request: Request, by: Sequence[str], named: Sequence[Values]
    ) -> tuple[Mapping[Values, Mapping[str, FloatArray]], bool]:
        """Good and total of each combination, and whether Google says that the answer is partial."""
        if isinstance(request.query, Gauge):
            raise QueryRefused(self.source, "", {"reason": "cannot_split", "role": "gauge"})
        plan = self.planned(request)
        if any(part.call.aligner == RAW for part in plan.parts):
            plan = self._aligned(request)
        plan = _grouped(plan, by, _filter(by, named))
        ranges = frozenset([plan.within] if plan.within else [])
        readings = {call: self.read(call, ranges) for call in plan.calls}
        values = dict.fromkeys(_values(call, key, by) for call, found in readings.items() for key in found.lines)
        parts = {each: assemble(plan, _of_values(readings, by, each)).columns for each in values}
        return parts, any(reading.partial for reading in readings.values())

    def _aligned(self, request: Request) -> Plan:
        """The plan of points that are yes or no as counts: that of an interval too long for single points."""
        interval = request.interval
        long = Interval(interval.start - DAY, interval.end, interval.step_seconds)
        plan = self.planned(replace(request, interval=long))
        parts = (replace(part, call=replace(part.call, interval=interval)) for part in plan.parts)
        return replace(plan, parts=tuple(parts))


def _spelled(label: str) -> str:
    """A label as answers are grouped by it: metric.labels.x, also where it is written in the singular."""
    for short in _SHORT_LABELS:
        if label.startswith(short):
            return label.replace(".label.", ".labels.", 1)
    return label if "." in label else f"metric.labels.{label}"


def _grouped(plan: Plan, by: Sequence[str], narrowed: str) -> Plan:
    """A plan whose calls are grouped by labels too, of some values alone."""

    def grouped(call: Call) -> Call:
        labels = tuple(dict.fromkeys([*by, *call.group_by]))
        text = f"({call.filter}) AND {narrowed}" if narrowed else call.filter
        return replace(call, filter=text, group_by=labels)

    return replace(plan, parts=tuple(replace(part, call=grouped(part.call)) for part in plan.parts))


def _filter(by: Sequence[str], named: Sequence[Values]) -> str:
    """The condition that a label has one of some values; nothing where there are too many to name."""
    if not named or len(named) > _MOST_NAMED:
        return ""
    conditions = []
    for place, label in enumerate(by):
        values = sorted({each[place] for each in named})
        one_of = ", ".join(quoted(value) for value in values)
        conditions.append(f"{label} = one_of({one_of})" if len(values) > 1 else f"{label} = {one_of}")
    return " AND ".join(conditions)


def _values(call: Call, key: Key, by: Iterable[str]) -> Values:
    return tuple(key[1 + call.group_by.index(label)] for label in by)


def _of_values(readings: Mapping[Call, Reading], by: Sequence[str], values: Values) -> dict[Call, Reading]:
    """What was read of one combination alone."""
    found = {}
    for call, reading in readings.items():
        lines = {key: columns for key, columns in reading.lines.items() if _values(call, key, by) == values}
        found[call] = replace(reading, lines=lines)
    return found


def _sums(columns: Mapping[str, FloatArray]) -> tuple[float, float]:
    good, total = np.nan_to_num(columns["good"]), np.nan_to_num(columns["total"])
    return float((total - good).sum()), float(total.sum())
