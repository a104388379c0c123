"""The series of an answer as lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from data_sources.base import Interval
from data_sources.exploring import Heat, Line, Lines, largest_first
from data_sources.prometheus.exploring.promql import HIGH, LOW, MEAN
from data_sources.prometheus.parse import Track
from tomoni.slo.model import FloatArray

Found = list[tuple[Mapping[str, str], FloatArray]]
Group = tuple[str, ...]


def groups_of(labels: Iterable[Mapping[str, str]], by: Sequence[str]) -> list[Mapping[str, str]]:
    """The labels of groups, each with every label by which they are grouped."""
    return [{name: each.get(name, "") for name in by} for each in labels]


def of_roles(
    found: Mapping[str, Found], by: Sequence[str], groups: Sequence[Mapping[str, str]] | None
) -> tuple[Line, ...]:
    """The lines of the texts of one question, those of some groups only; the largest first."""
    wanted = None if groups is None else {_group(each, by) for each in groups}
    kept = {
        role: [(labels, values) for labels, values in series if wanted is None or _group(labels, by) in wanted]
        for role, series in found.items()
    }
    if MEAN in kept:
        return ranked(_banded(kept, by))
    return ranked([_line(role, labels, values) for role, series in kept.items() for labels, values in series])


def _group(labels: Mapping[str, str], by: Sequence[str]) -> Group:
    return tuple(labels.get(name, "") for name in by)


def _line(role: str, labels: Mapping[str, str], values: FloatArray) -> Line:
    others = {name: value for name, value in labels.items() if name != "quantile"}
    if "quantile" in labels:
        return Line(others, values, role=f"p{float(labels['quantile']) * 100:g}")
    return Line(others, values, role="" if role == "value" else role)


def _banded(found: Mapping[str, Found], by: Sequence[str]) -> list[Line]:
    low, high = ({_group(labels, by): values for labels, values in found[role]} for role in (LOW, HIGH))
    return [
        Line(labels, values, low.get(_group(labels, by)), high.get(_group(labels, by)))
        for labels, values in found[MEAN]
    ]


def ranked(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines by their mean, the largest first; those without a number last."""
    return tuple(sorted(lines, key=largest_first))


def placed_on(lines: Lines, interval: Interval) -> Lines:
    """An answer on a longer interval: what was not asked for was not observed."""
    if lines.interval == interval:
        return lines

    def moved(values: FloatArray) -> FloatArray:
        return Track(values, np.isfinite(values)).realigned(lines.interval, interval).values

    heat = lines.heat and Heat(lines.heat.edges, np.array([moved(row) for row in lines.heat.counts]))
    each = tuple(
        replace(
            line,
            values=moved(line.values),
            low=None if line.low is None else moved(line.low),
            high=None if line.high is None else moved(line.high),
        )
        for line in lines.lines
    )
    return replace(lines, interval=interval, lines=each, heat=heat)
