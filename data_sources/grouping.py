"""Aggregates series that are all in memory as a question asks: for sources without a server that does it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from data_sources.base import Interval
from data_sources.exploring import Aggregation, Limits, Line, Lines, MetricQuestion, largest_first
from tomoni.slo.model import FloatArray

Group = tuple[tuple[str, str], ...]
_Reduce = Callable[..., Any]
_SUM: _Reduce = np.nansum
_HOW: Mapping[Aggregation, _Reduce] = {
    Aggregation.MEAN: np.nanmean,
    Aggregation.MIN: np.nanmin,
    Aggregation.MAX: np.nanmax,
}


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One series: of a counter the events of each bucket, of a gauge its mean."""

    labels: Mapping[str, str]
    values: FloatArray


def lines_of(
    question: MetricQuestion, samples: Iterable[Sample], interval: Interval, limits: Limits, unit: str
) -> Lines:
    """The lines of a question: a group each, the largest first, all others as one."""
    groups: dict[Group, list[FloatArray]] = {}
    for each in samples:
        key = tuple((label, each.labels.get(label, "")) for label in question.by)
        groups.setdefault(key, []).append(each.values)
    count = sum(len(rows) for rows in groups.values())
    lines = sorted((_line(question, key, rows, interval) for key, rows in groups.items()), key=largest_first)
    shown, others = lines[: limits.lines], lines[limits.lines :]
    more = [_as_one(question, others)] if others else []
    return Lines(interval, (*shown, *more), _unit(question, unit), series=count)


def _line(question: MetricQuestion, key: Group, rows: Sequence[FloatArray], interval: Interval) -> Line:
    stacked = np.array(rows)
    if question.aggregation is Aggregation.MEAN:
        low, high = _reduced(np.nanmin, stacked), _reduced(np.nanmax, stacked)
        return Line(dict(key), _reduced(np.nanmean, stacked), low, high)
    if question.aggregation is Aggregation.COUNT:
        seen = np.isfinite(stacked).sum(axis=0).astype(np.float64)
        return Line(dict(key), np.where(seen > 0, seen, np.nan))
    values = _reduced(_HOW.get(question.aggregation, _SUM), stacked)
    by_second = question.aggregation is Aggregation.RATE
    return Line(dict(key), values / interval.step_seconds if by_second else values)


def _as_one(question: MetricQuestion, lines: Sequence[Line]) -> Line:
    reduce = _HOW.get(question.aggregation, _SUM)
    return Line({}, _reduced(reduce, np.array([line.values for line in lines])), role="other", summed=len(lines))


def _reduced(reduce: _Reduce, stacked: FloatArray) -> FloatArray:
    """Rows as one; NaN where all are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of columns without a number
        found: FloatArray = reduce(stacked, axis=0)
    return np.where(np.isnan(stacked).all(axis=0), np.nan, found)


def _unit(question: MetricQuestion, unit: str) -> str:
    if question.aggregation is Aggregation.COUNT:
        return "count"
    if question.aggregation is Aggregation.RATE:
        return f"{unit}/s" if unit else "per_second"
    return unit or "count"
