"""From what was read to the columns of a series; pure.

Notices: ``threshold_between_edges`` (threshold, unit, below, above; with the reason above_all_edges
only below, with below_all_edges only above), ``matches_nothing`` (filter), ``several_series`` (count,
combined); of the calls themselves ``partial_answer`` (detail, count), ``beyond_retention`` (until).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from data_sources.base import Notice
from data_sources.cloud_monitoring.config import CloudSignal, Distribution, NativeSlo
from data_sources.cloud_monitoring.distributions import Edges
from data_sources.cloud_monitoring.parse import POINTS, RAW, VALUE, Call, Column, Key, Reading, combined
from data_sources.cloud_monitoring.query import Part, Plan
from data_sources.excess import bad_above_total
from data_sources.gauges import gauge_columns
from data_sources.queries import Gauge
from tomoni.slo.model import DAY, FloatArray

_FOLD_OF = {"REDUCE_SUM": "sum", "REDUCE_COUNT": "sum", "REDUCE_MAX": "max", "REDUCE_MIN": "min"}

Readings = Mapping[Call, Reading]
Columns = dict[str, FloatArray]


@dataclass(frozen=True, slots=True)
class AssembledColumns:
    """The columns of a series with notices about them."""

    columns: Columns
    notices: tuple[Notice, ...] = ()


def assemble(plan: Plan, readings: Readings) -> AssembledColumns:
    """The columns that a plan's calls gave. No series at all is no error: nothing was observed."""
    match plan.query:
        case CloudSignal():
            return _signal(plan.parts[0], readings)
        case Gauge(good_when=condition):
            made = AssembledColumns(_gauge(plan.parts[0], readings, condition))
        case NativeSlo():
            made = AssembledColumns(_native(plan, readings))
        case Distribution():
            made = _distribution(plan, readings)
        case _:
            made = _ratio(plan, readings)
    return AssembledColumns(made.columns, (*made.notices, *_nothing(_counted_part(plan, readings), readings)))


def _counted_part(plan: Plan, readings: Readings) -> Part:
    """The part without which nothing is observed; of good and bad events, one that has any line."""
    with_lines = (part for part in plan.parts if readings[part.call].lines)
    return plan.parts[0] if plan.parts[0].role == "total" else next(with_lines, plan.parts[0])


def lines_of(part: Part, readings: Readings) -> dict[Key, dict[Column, FloatArray]]:
    """The groups of a call's answer that belong to a part."""
    grouped = part.call.group_by

    def belongs(key: Key) -> bool:
        return all(condition.admits(key[1 + grouped.index(condition.label)]) for condition in part.conditions)

    return {key: columns for key, columns in readings[part.call].lines.items() if belongs(key)}


def _summed(part: Part, readings: Readings, column: Column = VALUE) -> FloatArray | None:
    """The sum of a part's lines; None where the answer has no such line at all."""
    found = [columns[column] for columns in lines_of(part, readings).values() if column in columns]
    return combined(found) if found else None


def _ratio(plan: Plan, readings: Readings) -> AssembledColumns:
    if plan.parts[0].role != "total":
        return AssembledColumns(_good_and_bad(plan, readings))
    total_part, part = plan.parts
    raw = part.call.aligner == RAW
    total = _summed(total_part, readings, POINTS if raw else VALUE)
    counted = _summed(part, readings)
    if total is None:
        return AssembledColumns(_sli(_empty(part.call), _empty(part.call)))
    if raw and part.role == "bad" and counted is not None:
        counted = total - counted
    number = np.zeros(len(total)) if counted is None else np.nan_to_num(counted)
    columns = _sli(number if part.role == "good" else np.maximum(total - number, 0), total, absent=counted is None)
    return AssembledColumns(columns, bad_above_total(total, number, part.call.interval) if part.role == "bad" else ())


def _good_and_bad(plan: Plan, readings: Readings) -> Columns:
    """All events are the good and the bad ones: where one of both has no point, it has no events."""
    good, bad = (_summed(part, readings) for part in plan.parts)
    present = [line for line in (good, bad) if line is not None]
    total = combined(present) if present else _empty(plan.parts[0].call)
    number = np.zeros(len(total)) if good is None else np.nan_to_num(good)
    return _sli(number, total, absent=len(present) == 1)


def _native(plan: Plan, readings: Readings) -> Columns:
    """Google writes both kinds of events as series; one that is missing holds no events."""
    good, bad = (_summed(part, readings) for part in plan.parts[1:])
    present = [line for line in (good, bad) if line is not None]
    total = combined(present) if present else _empty(plan.parts[0].call)
    return _sli(np.zeros(len(total)) if good is None else np.nan_to_num(good), total)


def _gauge(part: Part, readings: Readings, condition: str) -> Columns:
    """Each observed bucket is one event: good when its mean meets the condition."""
    return gauge_columns(_folded(part, readings, "mean"), condition)


def _distribution(plan: Plan, readings: Readings) -> AssembledColumns:
    part, reading = plan.parts[0], readings[plan.parts[0].call]
    total = _summed(part, readings)
    total = _empty(part.call) if total is None else total
    counts = {name: _summed(part, readings, (name, plan.within)) for name in ("low", "estimate", "high")}
    low, estimate, high = (np.zeros(len(total)) if line is None else np.nan_to_num(line) for line in counts.values())
    columns = _sli(estimate, total)
    edges = reading.edges.get(plan.within, set()) if plan.within else set()
    if edges:
        columns["good_low"] = np.where(np.isnan(total), np.nan, low)
        columns["good_high"] = np.where(np.isnan(total), np.nan, high)
    unit = plan.unit or reading.unit
    return AssembledColumns(
        columns, tuple(Notice("threshold_between_edges", edge_facts(e, unit)) for e in _sorted(edges))
    )


def _signal(part: Part, readings: Readings) -> AssembledColumns:
    how = _FOLD_OF.get(part.call.reducer, "mean")
    count = len(readings[part.call].lines)
    notices = (Notice("several_series", {"count": count, "combined": how}),) if count > 1 else ()
    return AssembledColumns({"value": _folded(part, readings, how)}, (*notices, *_nothing(part, readings)))


def edge_facts(edges: Edges, unit: str) -> dict[str, str | float]:
    """A threshold between two edges, as facts; beyond the outermost edge there is only one."""
    facts: dict[str, str | float] = {"threshold": edges.threshold, "unit": unit}
    if not np.isfinite(edges.above):
        return {**facts, "reason": "above_all_edges", "below": edges.below}
    if not np.isfinite(edges.below):
        return {**facts, "reason": "below_all_edges", "above": edges.above}
    return {**facts, "below": edges.below, "above": edges.above}


def _sorted(edges: set[Edges]) -> list[Edges]:
    return sorted(edges, key=lambda e: (e.threshold, e.below, e.above))


def _folded(part: Part, readings: Readings, how: str) -> FloatArray:
    lines = readings[part.call].lines
    if not lines:
        return _empty(part.call)
    if part.call.aligner == RAW:
        values, points = (combined(line[column] for line in lines.values()) for column in (VALUE, POINTS))
        mean: FloatArray = values / points
        return mean
    return combined((line[VALUE] for line in lines.values()), how)


def _sli(good: FloatArray, total: FloatArray, absent: bool = False) -> Columns:
    """The columns of an SLI; unobserved buckets are NaN in all of them."""
    gap = np.isnan(total)
    marked = np.full(len(total), float(absent))
    return {"good": np.where(gap, np.nan, good), "total": total, "absent": np.where(gap, np.nan, marked)}


def _nothing(part: Part, readings: Readings) -> tuple[Notice, ...]:
    """Said of long answers only: a quiet app has short times without any point."""
    call = part.call
    if readings[call].lines or call.interval.end - call.interval.start < DAY:
        return ()
    return (Notice("matches_nothing", {"filter": call.filter}),)


def _empty(call: Call) -> FloatArray:
    return np.full(len(call.interval), np.nan)
