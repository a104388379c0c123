"""How many observations of a histogram fell between two edges."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from data_sources.exploring import Heat
from data_sources.prometheus.exploring.shaped import Found
from tomoni.slo.model import FloatArray

_EDGES = 24


def heat_of(found: Found) -> Heat | None:
    """The heat of cumulative counts by their label ``le``; None of none."""
    edges = sorted(
        ((edge, values) for labels, values in found if (edge := _edge(labels.get("le", ""))) is not None),
        key=lambda each: each[0],
    )
    if not edges:
        return None
    merged: dict[float, list[FloatArray]] = {}
    for edge, values in edges:  # one edge may be spelt in two ways, each by some of the targets
        merged.setdefault(edge, []).append(values)
    cumulative = np.array([_added(each) for each in merged.values()])
    highest = np.fmax.accumulate(cumulative, axis=0)
    counts = np.diff(highest, axis=0, prepend=0.0)
    return Heat(tuple(merged), np.where(np.isnan(cumulative), np.nan, np.maximum(counts, 0.0)))


def _added(
    rows: Sequence[FloatArray],
) -> FloatArray:
    stacked = np.array(rows)
    seen: FloatArray = np.where(np.isnan(stacked).all(axis=0), np.nan, np.nansum(stacked, axis=0))
    return seen


def _edge(text: str) -> float | None:
    try:
        edge = float(text)
    except ValueError:
        return None
    return None if math.isnan(edge) else edge


def edges_between(low: float, high: float) -> tuple[float, ...]:
    """Edges for a native histogram whose observations lie between two values, closer where values are small."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ()
    if high <= low:
        return (high,)
    spread = np.geomspace(low, high, _EDGES) if low > 0 else np.linspace(low, high, _EDGES)
    return tuple(float(f"{edge:.3g}") for edge in spread)


def native_heat(histogram: str, edges: Sequence[float]) -> str:
    """The cumulative counts of a native histogram at some edges, labelled as a classic one's are."""
    rows = {
        f"{edge:g}": f"histogram_fraction(-Inf, {edge:g}, {histogram}) * histogram_count({histogram})" for edge in edges
    }
    rows["+Inf"] = f"histogram_count({histogram})"
    return " or ".join(f'label_replace({text}, "le", "{edge}", "", "")' for edge, text in rows.items())
