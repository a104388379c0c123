"""How many values of a distribution lie in a range: exactly on bucket edges, else within bounds.

A distribution's first bucket holds what lies below the first bound and its last one what lies at or
above the last bound; a bucket holds its lower bound and not its upper one (google.api.Distribution).
Inside a bucket the values are taken as evenly spread: that is an estimate, which is reported with
the counts of the whole buckets as its bounds. Google does not say how its own DistributionCut
estimates, so the two may differ between these bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import inf
from typing import Any

import numpy as np

from tomoni.slo.model import FloatArray

_CHUNK = 8192  # points whose bucket counts are laid out at once: bounds the memory of long answers


@dataclass(frozen=True, slots=True)
class Range:
    """The good values: at or above ``low`` and below ``high``, in the metric's unit."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Counts within a range, each of shape ``(n,)``: of whole buckets, estimated, with cut buckets."""

    low: FloatArray
    estimate: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True)
class Edges:
    """A threshold that lies inside a bucket, and the bucket's edges (infinite at the ends)."""

    threshold: float
    below: float
    above: float


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """How much of each bucket lies within a range: as little as possible, evenly spread, as much.

    Arrays of shape ``(buckets,)``; ``edges`` are the thresholds that lie inside a bucket.
    """

    low: FloatArray
    estimate: FloatArray
    high: FloatArray
    edges: tuple[Edges, ...]


def bounds_of(options: Any) -> FloatArray:  # noqa: ANN401 - a protobuf message without types
    """The ascending finite bounds between the buckets of ``Distribution.BucketOptions``.

    Explicit: as listed; linear: offset + width * i; exponential: scale * growth_factor ** i, for
    i from 0 to num_finite_buckets. Without options there are none and all values share one bucket.
    """
    kind = options.WhichOneof("options")
    if kind == "explicit_buckets":
        return np.array(options.explicit_buckets.bounds, dtype=np.float64)
    if kind == "linear_buckets":
        linear = options.linear_buckets
        steps = np.arange(linear.num_finite_buckets + 1, dtype=np.float64)
        return float(linear.offset) + float(linear.width) * steps
    if kind == "exponential_buckets":
        grown = options.exponential_buckets
        steps = np.arange(grown.num_finite_buckets + 1, dtype=np.float64)
        return float(grown.scale) * np.power(float(grown.growth_factor), steps)
    return np.array([], dtype=np.float64)


def weigh(bounds: FloatArray, wanted: Range) -> Weights:
    """The share of each bucket that lies within a range. Shape ``(len(bounds) + 1,)``.

    A threshold within a billionth of an edge lies on it: exponential bounds are rounded. Where all
    bounds are above 0, the metric is taken to measure what cannot be negative, such as a latency:
    its first bucket then begins at 0.
    """
    lower = np.concatenate(([0.0 if len(bounds) and bounds[0] > 0 else -inf], bounds))
    upper = np.concatenate((bounds, [inf]))
    low, high = _snap(wanted.low, bounds), _snap(wanted.high, bounds)
    whole = (lower >= low) & (upper <= high)
    touched = (lower < high) & (upper > low)
    with np.errstate(invalid="ignore"):
        share = (np.minimum(upper, high) - np.maximum(lower, low)) / (upper - lower)
    finite = np.isfinite(lower) & np.isfinite(upper)
    estimate = np.where(whole, 1.0, np.where(touched & finite, share, 0.0))
    edges = tuple(_edges(t, lower, upper) for t in (low, high) if np.isfinite(t) and t not in lower)
    return Weights(whole.astype(np.float64), estimate, touched.astype(np.float64), edges)


def cut(points: Sequence[Any], weights: Weights) -> Cut:
    """Counts the values of distribution points within a range; the points share one bucket layout."""
    count = len(points)
    result = Cut(*(np.zeros(count) for _ in range(3)))
    for start in range(0, count, _CHUNK):
        chunk = slice(start, min(start + _CHUNK, count))
        counts = laid_out(points[chunk], len(weights.low))
        result.low[chunk] = counts @ weights.low
        result.estimate[chunk] = counts @ weights.estimate
        result.high[chunk] = counts @ weights.high
    return result


def laid_out(points: Sequence[Any], buckets: int) -> FloatArray:
    """Bucket counts as rows; trailing zeros are left out on the wire and come back here."""
    rows = [point.value.distribution_value.bucket_counts for point in points]
    lengths = np.fromiter((len(row) for row in rows), np.int64, len(rows))
    width = max(buckets, int(lengths.max(initial=0)))
    counts = np.zeros((len(rows), width))
    counts[np.arange(width) < lengths[:, None]] = np.fromiter(chain.from_iterable(rows), np.float64, int(lengths.sum()))
    return counts[:, :buckets]


def _snap(threshold: float, bounds: FloatArray) -> float:
    if not len(bounds) or not np.isfinite(threshold):
        return threshold
    nearest = float(bounds[np.argmin(np.abs(bounds - threshold))])
    return nearest if abs(nearest - threshold) <= 1e-9 * max(abs(nearest), abs(threshold)) else threshold


def _edges(threshold: float, lower: FloatArray, upper: FloatArray) -> Edges:
    at = int(np.searchsorted(upper, threshold, side="right"))
    return Edges(threshold, float(lower[at]), float(upper[at]))
