"""Aligners and reducers, by the tables of Google's documentation.

Known: which aligner takes which kind and value type, the refusal's words, buckets that end at the
interval's end and are counted backwards. Assumed: a gap of a CUMULATIVE series is filled evenly, a
DELTA point that a bucket's edge cuts is spread evenly, INT64 results of that are rounded, the first
point of a CUMULATIVE series counts nothing, and points older than six weeks are kept at ten minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.google_stand_in.world import SIX_WEEKS, Bounds, Floats, Ints, Stream

NUMERIC = ("INT64", "DOUBLE")
_GD, _CD, _G = ("GAUGE", "DELTA"), ("CUMULATIVE", "DELTA"), ("GAUGE",)
_ALL = (*NUMERIC, "DISTRIBUTION")
_OF_GAUGES: Sequence[tuple[str, tuple[str, ...], tuple[str, ...], str]] = (
    *((f"ALIGN_{name}", _GD, NUMERIC, "DOUBLE") for name in ("MEAN", "STDDEV")),
    *((f"ALIGN_{name}", _GD, NUMERIC, "") for name in ("MIN", "MAX")),
    ("ALIGN_SUM", _GD, _ALL, ""),
    ("ALIGN_COUNT", _GD, (*NUMERIC, "BOOL"), "INT64"),
    *((f"ALIGN_COUNT_{name}", _G, ("BOOL",), "INT64") for name in ("TRUE", "FALSE")),
    ("ALIGN_FRACTION_TRUE", _G, ("BOOL",), "DOUBLE"),
    ("ALIGN_NEXT_OLDER", _G, (*_ALL, "BOOL", "STRING"), ""),
    *((f"ALIGN_PERCENTILE_{p}", _GD, ("DISTRIBUTION",), "DOUBLE") for p in ("99", "95", "50", "05")),
)
# Aligner: the kinds and value types that it takes, and the value type of the result ("": the same).
RULES = {
    "ALIGN_DELTA": (_CD, _ALL, ""),
    "ALIGN_RATE": (_CD, NUMERIC, "DOUBLE"),
    **{name: (kinds, types, result) for name, kinds, types, result in _OF_GAUGES},
}


class Refused(ValueError):
    """The aggregation is refused (INVALID_ARGUMENT)."""


class NotBuilt(ValueError):
    """The stand-in does not know this part of Google (UNIMPLEMENTED)."""


@dataclass(frozen=True, eq=False)
class Line:
    """A series as it is answered; ``ends`` ascend. Rows of bucket counts where it has bounds."""

    labels: Mapping[str, str]
    resource: str
    resource_labels: Mapping[str, str]
    kind: str
    value_type: str
    ends: Ints
    values: Floats
    bounds: Bounds | None = None
    unit: str = "1"


@dataclass(frozen=True)
class Window:
    """Buckets that end at ``end`` and reach back over ``start``, and the moment of asking."""

    start: int
    end: int
    period: int
    now: int

    @property
    def edges(self) -> Ints:
        count = -((self.start - self.end) // self.period)
        return self.end - self.period * np.arange(count, -1, -1, dtype=np.int64)


def require(aligner: str, kind: str, value_type: str) -> str:
    """The value type of the result; refuses as Google does."""
    if aligner not in RULES:
        raise NotBuilt(f"the stand-in has no {aligner}")
    kinds, types, result = RULES[aligner]
    if kind not in kinds or value_type not in types:
        raise Refused(
            f'Field aggregation.perSeriesAligner had an invalid value of "{aligner}": The aligner cannot be '
            f"applied to metrics with kind {kind} and value type {value_type}."
        )
    return result or value_type


def visible(stream: Stream, now: int) -> Stream:
    """What can be seen of a series: without what is not ingested yet, and without what was forgotten."""
    spec = stream.metric
    seen = (stream.ends <= now - spec.delay_seconds) & (stream.ends > now - spec.retention_seconds)
    starts = stream.starts[seen] if stream.starts is not None else None
    return Stream(
        spec,
        stream.labels,
        stream.resource,
        stream.resource_labels,
        stream.ends[seen],
        stream.values[seen],
        starts,
        stream.bounds,
    )


def align(stream: Stream, aligner: str, window: Window) -> Line:
    """One series on the buckets of a window."""
    spec = stream.metric
    value_type = require(aligner, spec.kind, spec.value_type)
    shown = visible(stream, window.now)
    if aligner in ("ALIGN_DELTA", "ALIGN_RATE"):
        ends, values = _flow(shown, window)
        if aligner == "ALIGN_RATE":
            values = values / window.period
    else:
        ends, values = _folded(shown, aligner, window)
    kind = "DELTA" if aligner == "ALIGN_DELTA" else "GAUGE"
    if value_type == "INT64":
        values = np.rint(values)
    bounds = stream.bounds if value_type == "DISTRIBUTION" else None
    return Line(
        stream.labels, stream.resource, stream.resource_labels, kind, value_type, ends, values, bounds, spec.unit
    )


def _flow(stream: Stream, window: Window) -> tuple[Ints, Floats]:
    starts, ends, amounts = _old_ones_coarser(*_segments(stream), window.now - SIX_WEEKS)
    if not len(ends):
        return ends, amounts
    edges = window.edges
    values = _spread(starts, ends, amounts, edges)
    covered = _spread(starts, ends, (ends - starts).astype(np.float64), edges)
    present = covered > 0
    return edges[1:][present], values[present]


def _segments(stream: Stream) -> tuple[Ints, Ints, Floats]:
    """When how much happened: starts, ends and amounts."""
    if stream.metric.kind == "DELTA":
        return stream.ends - stream.metric.sample_seconds, stream.ends, stream.values
    assert stream.starts is not None
    same = stream.starts[1:] == stream.starts[:-1]
    steps = stream.values[1:] - stream.values[:-1]
    anew = stream.values[1:]
    mask = same if stream.values.ndim == 1 else same[:, None]
    return np.where(same, stream.ends[:-1], stream.starts[1:]), stream.ends[1:], np.where(mask, steps, anew)


def _old_ones_coarser(starts: Ints, ends: Ints, amounts: Floats, horizon: int) -> tuple[Ints, Ints, Floats]:
    old = ends <= horizon
    if not old.any():
        return starts, ends, amounts
    block = -(-ends[old] // 600)
    firsts = np.flatnonzero(np.concatenate([[True], block[1:] != block[:-1]]))
    lasts = np.append(firsts[1:], len(block)) - 1
    return (
        np.concatenate([starts[old][firsts], starts[~old]]),
        np.concatenate([ends[old][lasts], ends[~old]]),
        np.concatenate([np.add.reduceat(amounts[old], firsts, axis=0), amounts[~old]]),
    )


def _spread(starts: Ints, ends: Ints, amounts: Floats, edges: Ints) -> Floats:
    """How much of the amounts lies between consecutive edges, spread evenly within each segment."""
    times = np.column_stack([starts, ends]).ravel()
    totals = np.cumsum(amounts, axis=0)
    rows = np.stack([totals - amounts, totals], axis=1).reshape(len(times), *amounts.shape[1:])
    times, first = np.unique(times, return_index=True)
    columns = rows[first].reshape(len(times), -1)
    at = np.column_stack([np.interp(edges, times, column) for column in columns.T])
    return np.diff(at, axis=0).reshape(len(edges) - 1, *amounts.shape[1:])


def _folded(stream: Stream, aligner: str, window: Window) -> tuple[Ints, Floats]:
    edges = window.edges
    cuts = np.searchsorted(stream.ends, edges, side="right")
    if aligner == "ALIGN_NEXT_OLDER":
        present = cuts[1:] > 0
        return edges[1:][present], stream.values[cuts[1:][present] - 1]
    present = cuts[1:] > cuts[:-1]
    pieces = [stream.values[a:b] for a, b in zip(cuts[:-1][present], cuts[1:][present], strict=True)]
    fold = _percentile(aligner, stream.bounds) if "PERCENTILE" in aligner else _FOLDS[aligner]
    return edges[1:][present], np.array([fold(piece) for piece in pieces], dtype=np.float64)


_FOLDS: dict[str, Callable[[Floats], object]] = {
    "ALIGN_MEAN": np.mean,
    "ALIGN_STDDEV": np.std,
    "ALIGN_MIN": np.min,
    "ALIGN_MAX": np.max,
    "ALIGN_SUM": lambda piece: piece.sum(axis=0),
    "ALIGN_COUNT": len,
    "ALIGN_COUNT_TRUE": np.sum,
    "ALIGN_COUNT_FALSE": lambda piece: len(piece) - piece.sum(),
    "ALIGN_FRACTION_TRUE": np.mean,
}


def _percentile(name: str, bounds: Bounds | None) -> Callable[[Floats], float]:
    """Assumed: even inside a bucket; the last bucket counts as its lower bound."""
    assert bounds is not None
    edges, share = bounds.edges(), int(name.rsplit("_", 1)[1]) / 100

    def fold(piece: Floats) -> float:
        counts = piece.sum(axis=0) if piece.ndim == 2 else piece
        ranks = np.concatenate([[0.0], np.cumsum(counts)])
        positions = np.concatenate([[min(0.0, edges[0])], edges, edges[-1:]])
        return float(np.interp(share * ranks[-1], ranks, positions))

    return fold


def reduce(lines: Sequence[Line], reducer: str, fields: Sequence[str]) -> list[Line]:
    """One line for each group; the resource type is always part of the grouping."""
    if reducer == "REDUCE_NONE":
        return list(lines)
    groups: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.resource, *(_label(line, name) for name in fields)), []).append(line)
    return [_one(group, reducer, fields) for group in groups.values()]


def _one(group: Sequence[Line], reducer: str, fields: Sequence[str]) -> Line:
    first = group[0]
    value_type = _reduced_type(reducer, first)
    ends = np.unique(np.concatenate([line.ends for line in group]))
    stack = np.full((len(group), len(ends), *first.values.shape[1:]), np.nan)
    for row, line in enumerate(group):
        stack[row, np.searchsorted(ends, line.ends)] = line.values
    values = _reducing(reducer, first.bounds)(stack)
    kept = {name: _label(first, name) for name in fields}
    return Line(
        {name.rpartition(".")[2]: v for name, v in kept.items() if name.startswith("metric.")},
        first.resource,
        {name.rpartition(".")[2]: v for name, v in kept.items() if name.startswith("resource.")},
        first.kind if reducer == "REDUCE_SUM" else "GAUGE",
        value_type,
        ends,
        np.rint(values) if value_type == "INT64" else values,
        first.bounds if value_type == "DISTRIBUTION" else None,
        first.unit,
    )


def _reduced_type(reducer: str, line: Line) -> str:
    takes_distributions = reducer == "REDUCE_SUM" or "PERCENTILE" in reducer
    numbers = line.value_type in NUMERIC
    fits = takes_distributions if line.value_type == "DISTRIBUTION" else numbers and "TRUE" not in reducer
    if not fits or ("PERCENTILE" in reducer and line.value_type != "DISTRIBUTION"):
        raise Refused(
            f'Field aggregation.crossSeriesReducer had an invalid value of "{reducer}": The reducer cannot be '
            f"applied to values of type {line.value_type}."
        )
    return line.value_type if reducer in ("REDUCE_SUM", "REDUCE_MIN", "REDUCE_MAX") else "DOUBLE"


def _reducing(reducer: str, bounds: Bounds | None) -> Callable[[Floats], Floats]:
    if "PERCENTILE" in reducer:
        fold = _percentile(reducer, bounds)
        return lambda stack: np.array([fold(row) for row in np.nansum(stack, axis=0)])
    found: Any = {
        "REDUCE_SUM": np.nansum,
        "REDUCE_MEAN": np.nanmean,
        "REDUCE_MIN": np.nanmin,
        "REDUCE_MAX": np.nanmax,
        "REDUCE_STDDEV": np.nanstd,
        "REDUCE_COUNT": lambda stack, axis: np.isfinite(stack).sum(axis=axis),
    }.get(reducer)
    if found is None:
        raise NotBuilt(f"the stand-in has no {reducer}")
    return lambda stack: found(stack, axis=0)


def _label(line: Line, name: str) -> str:
    owner, _, key = name.rpartition(".")
    return (line.labels if owner.startswith("metric") else line.resource_labels).get(key, "")
