"""Ranges of y axes: zoomed to what matters, and honest about what lies beyond."""

from __future__ import annotations

import numpy as np

from slo.model import FloatArray

_FEW = 3
_REACH = 3.0
_LOWEST_BUDGET = -2.0
_LIMIT_REACH = 3.0
_ROOM = 1.08


def success_range(values: FloatArray, objective: float) -> tuple[float, float]:
    """From a little below the worst of the success ratio to a little above 1.

    Up to three single buckets far below all others do not flatten the rest: the range then ends at
    three times the shortfall of the worst of those others, and the figure marks what lies below.
    The objective is always in range.
    """
    there = np.sort(values[np.isfinite(values)])
    if not len(there):
        return (objective - 2 * (1 - objective) if objective < 1 else 0.99, 1.0)
    worst, usual = float(there[0]), float(there[min(_FEW, len(there) - 1)])
    floor = max(worst, 1 - _REACH * (1 - usual)) if usual < 1 else worst
    floor = min(floor, objective - (1 - objective) * 0.5)
    room = (1 - floor) * 0.06 or 0.001
    return floor - room, 1 + room


def budget_range(values: FloatArray) -> tuple[float, float]:
    """From 0, or the lowest budget down to -200 %, to 100 %."""
    there = values[np.isfinite(values)]
    lowest = max(_LOWEST_BUDGET, min(0.0, float(there.min()))) if len(there) else 0.0
    return lowest - 0.05 * (1 - lowest), 1.05


def signal_range(values: FloatArray, limits: list[float]) -> tuple[float, float]:
    """From 0 (or below, where values are) to the highest value or limit; a far-off limit is left out."""
    there = values[np.isfinite(values)]
    top = float(there.max()) if len(there) else 0.0
    near = [limit for limit in limits if limit <= _LIMIT_REACH * top or top <= 0]
    high = max([top, *near]) or 1.0
    low = min(0.0, float(there.min())) if len(there) else 0.0
    return low * _ROOM, high * _ROOM
