"""Answers with distributions: their bucket counts on the grid of the interval, percentiles and heat of them.

Inside a bucket the values are taken as evenly spread. What lies above the last bound is said to be at it, as Google's
own percentiles do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from data_sources.cloud_monitoring.distributions import Range, bounds_of, laid_out, weigh
from data_sources.cloud_monitoring.exploring.spelling import labels_of
from data_sources.cloud_monitoring.parse import DISTRIBUTION, Key, Reading, require_buckets, same_layout
from data_sources.exploring import Heat
from tomoni.slo.model import FloatArray

Bounds = tuple[float, ...]
Layouts = dict[Bounds, FloatArray]  # bucket counts of the shape (len(bounds) + 1, len(interval)), NaN: nothing
PERCENTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}


@dataclass(slots=True)
class Sized(Reading):
    """A reading that keeps the bucket counts of distributions; each series without a reducer is known by its labels."""

    sizes: dict[Key, Layouts] = field(default_factory=dict)

    @property
    def places(self) -> int:
        """How many numbers there is room for."""
        rows = sum(len(counts) for layouts in self.sizes.values() for counts in layouts.values())
        return Reading.places.fget(self) + rows * len(self.call.interval)  # type: ignore[attr-defined,no-any-return]

    def absorb(self, other: Reading) -> None:
        """Adds what was read of a part of the same interval."""
        Reading.absorb(self, other)
        if not isinstance(other, Sized):
            return
        offset = (other.call.interval.start - self.call.interval.start) // self.call.interval.step_seconds
        for key, layouts in other.sizes.items():
            for bounds, counts in layouts.items():
                self._counts(key, bounds)[:, offset : offset + counts.shape[1]] = counts

    def _add_series(self, series: Any) -> None:  # noqa: ANN401 - a protobuf message without types
        if series.value_type != DISTRIBUTION:
            Reading._add_series(self, series)
            return
        points, key, at = series.points, self._key(series), self.positions(series.points)
        for start, end in same_layout(points):
            piece = points[start:end]
            require_buckets(piece)
            bounds = tuple(bounds_of(piece[0].value.distribution_value.bucket_options).tolist())
            inside = (at[start:end] >= 0) & (at[start:end] < len(self.call.interval))
            rows = laid_out(piece, len(bounds) + 1)
            self._counts(key, bounds)[:, at[start:end][inside]] = rows[inside].T

    def _counts(self, key: Key, bounds: Bounds) -> FloatArray:
        layouts = self.sizes.setdefault(key, {})
        if bounds not in layouts:
            layouts[bounds] = np.full((len(bounds) + 1, len(self.call.interval)), np.nan)
        return layouts[bounds]

    def _key(self, series: Any) -> Key:  # noqa: ANN401
        if self.call.reducer != "REDUCE_NONE":
            return Reading._key(self, series)
        return tuple(f"{label}={value}" for label, value in labels_of(series).items())


def together(several: Iterable[Layouts]) -> Layouts:
    """The counts of several series as one, by their bounds."""
    found: dict[Bounds, list[FloatArray]] = {}
    for layouts in several:
        for bounds, counts in layouts.items():
            found.setdefault(bounds, []).append(counts)
    return {bounds: _added(each) for bounds, each in found.items()}


def _added(rows: Sequence[FloatArray]) -> FloatArray:
    stacked = np.array(rows)
    return np.where(np.isnan(stacked).all(axis=0), np.nan, np.nansum(stacked, axis=0))


def counted(layouts: Layouts, length: int, within: Range | None = None) -> FloatArray:
    """How many values there were in each bucket of time, in a range or at all; an estimate where that cuts a bucket."""
    weights = [1.0 if within is None else weigh(np.array(bounds), within).estimate[:, None] for bounds in layouts]
    rows = [np.nansum(counts * weight, axis=0) for counts, weight in zip(layouts.values(), weights, strict=True)]
    return _of_times(rows, layouts, length)


def percentile(layouts: Layouts, share: float, length: int) -> FloatArray:
    """The value below which a share of all values lies, in each bucket of time; NaN where there were none. Where the
    bounds of a metric changed within one, that of the layout with most values."""
    best, most = np.full(length, np.nan), np.zeros(length)
    for bounds, counts in layouts.items():
        total = np.nansum(counts, axis=0)
        better = total > most
        best = np.where(better, _percentile(bounds, counts, share), best)
        most = np.where(better, total, most)
    return best


def _percentile(bounds: Bounds, counts: FloatArray, share: float) -> FloatArray:
    if not bounds:
        return np.full(counts.shape[1], np.nan)
    upto = np.cumsum(np.nan_to_num(counts), axis=0)
    rank = share * upto[-1]
    at = np.minimum((upto < rank).sum(axis=0), len(bounds))
    columns = np.arange(counts.shape[1])
    lower = np.array([min(0.0, bounds[0]), *bounds])[at]
    upper = np.array([*bounds, bounds[-1]])[at]
    before = np.where(at > 0, upto[np.maximum(at - 1, 0), columns], 0.0)
    within = upto[at, columns] - before
    part = np.divide(rank - before, within, out=np.zeros(len(columns)), where=within > 0)
    return np.where(upto[-1] > 0, lower + (upper - lower) * part, np.nan)


def heat_of(layouts: Layouts, length: int, step_seconds: int) -> Heat | None:
    """How many values fell between which bounds, by second; without the outer rows in which nothing ever fell."""
    rows: dict[float, list[FloatArray]] = {}
    for bounds, counts in layouts.items():
        for edge, row in zip((*bounds, np.inf), counts, strict=True):
            rows.setdefault(edge, []).append(row)
    edges = sorted(rows)
    found = {edge: _added(rows[edge]) / step_seconds for edge in edges}
    used = [place for place, edge in enumerate(edges) if np.nansum(found[edge]) > 0]
    if not used:
        return None
    kept = edges[used[0] : used[-1] + 1]
    there = np.any([np.isfinite(row) for row in found.values()], axis=0)
    return Heat(tuple(kept), np.where(there, np.nan_to_num(np.array([found[edge] for edge in kept])), np.nan))


def _of_times(rows: Sequence[FloatArray], layouts: Layouts, length: int) -> FloatArray:
    """The sum of some rows, NaN where no layout has a value."""
    if not rows:
        return np.full(length, np.nan)
    there = np.any([np.isfinite(counts).any(axis=0) for counts in layouts.values()], axis=0)
    return np.where(there, np.sum(rows, axis=0), np.nan)
