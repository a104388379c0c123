"""Small pictures of many metrics: one line of each, of few points, so that a page of them costs little."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data_sources.base import Interval
from data_sources.errors import RateLimited, SourceError, Unreachable
from data_sources.exploring import (
    AGGREGATIONS,
    Aggregation,
    Cancelled,
    Describes,
    Explores,
    Limits,
    Metric,
    MetricQuestion,
    MetricType,
)
from tomoni.exploring.resolution import whole_buckets
from tomoni.slo.model import FloatArray

LIMITS = Limits(lines=1, series=500, seconds=8.0)
_MOST_BUCKETS = 120
_WIDTH, _HEIGHT, _MARGIN = 100.0, 30.0, 1.5
_ENDS_ALL = (Unreachable, RateLimited)  # others would fail as well


@dataclass(frozen=True, slots=True)
class Tile:
    """One metric. ``path`` is its line as SVG draws it in a box of 100 by 30 (empty: nothing was observed), ``newest``
    its last value in ``unit``; ``error`` is why there is none. ``type`` is what it was taken for (None: not asked)."""

    path: str = ""
    newest: float | None = None
    unit: str = ""
    error: SourceError | None = None
    type: MetricType | None = None


def tile_interval(start: int, end: int) -> Interval:
    """The buckets of small pictures over a stretch (Unix seconds)."""
    return whole_buckets(start, end, _MOST_BUCKETS)


def tile_question(metric: Metric) -> MetricQuestion:
    """What is shown of a metric: of a histogram how often it observed, of others the usual."""
    usual = AGGREGATIONS[metric.type][0]
    how = Aggregation.RATE if usual is Aggregation.PERCENTILES else usual
    return MetricQuestion(metric.name, metric.type, how)


def tile_of(source: Explores, metric: Metric, interval: Interval, cancelled: Cancelled) -> Tile:
    """The picture of a metric, of which nobody states the type as its samples show it. Raises `SourceError` where no
    metric of the source can be asked for."""
    try:
        metric = _as_seen(source, metric, interval)
        answer = source.lines(tile_question(metric), interval, LIMITS, cancelled)
    except _ENDS_ALL:
        raise
    except SourceError as error:
        return Tile(error=error.detached())
    if not answer.lines:
        return Tile(type=metric.type)
    values = answer.lines[0].values
    there = values[np.isfinite(values)]
    return Tile(path_of(values), float(there[-1]) if len(there) else None, answer.unit, type=metric.type)


def _as_seen(source: Explores, metric: Metric, interval: Interval) -> Metric:
    """A metric of an unstated type with the one that its samples show, where the source looks at them."""
    if metric.type is not MetricType.UNKNOWN or not isinstance(source, Describes):
        return metric
    return next((each for each in source.described(metric.name, interval) if each.name == metric.name), metric)


def path_of(values: FloatArray) -> str:
    """A line as SVG draws it, from its lowest to its highest value; gaps are left out."""
    seen = np.isfinite(values)
    if not seen.any():
        return ""
    values = np.where(seen, values, 0.0) / 4  # the widest range is a number as well
    low, high = float(values[seen].min()), float(values[seen].max())
    share = (values - low) / (high - low) if high > low else np.full(len(values), 0.5)
    across = np.linspace(0.0, _WIDTH, len(values)) if len(values) > 1 else np.array([_WIDTH / 2])
    down = _HEIGHT - _MARGIN - share * (_HEIGHT - 2 * _MARGIN)
    parts = []
    for place in np.flatnonzero(seen):
        begins = place == 0 or not seen[place - 1]
        alone = begins and (place + 1 == len(values) or not seen[place + 1])
        point = f"{'M' if begins else 'L'}{across[place]:.1f},{down[place]:.1f}"
        parts.append(f"{point}h0.6" if alone else point)
    return "".join(parts)


def missing(names: Sequence[str], known: Mapping[str, Tile], most: int) -> tuple[str, ...]:
    """Those of some metrics that have no picture yet, as many as are read at once."""
    return tuple(name for name in dict.fromkeys(names) if name not in known)[:most]
