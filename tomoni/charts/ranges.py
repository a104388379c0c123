"""Ranges of y axes: zoomed to what matters, and honest about what lies beyond."""

from __future__ import annotations

import math

import numpy as np

from tomoni.slo.model import BoolArray, FloatArray

_BUSY_SHARE = 0.05
_LOWEST_BUDGET = -2.0
_LIMIT_REACH = 3.0
_ROOM = 1.08
_ROOM_BELOW = 0.12
# Room around them, and ticks between them, are still numbers.
SMALLEST, LARGEST = 1e-290, 1e300


def success_range(values: FloatArray, traffic: FloatArray, objective: float) -> tuple[float, float]:
    """From a little below the worst of the success ratio to a little above 1.

    Buckets with far fewer events than usual do not widen the range, since a single bad event makes
    them dive: the figure marks what lies below. The objective is always in range. Shapes: ``(n,)``.
    """
    counted = busy(values, traffic)
    if not counted.any():
        return (objective - 2 * (1 - objective) if objective < 1 else 0.99, 1.0)
    floor = min(float(values[counted].min()), objective - (1 - objective) * 0.5)
    room = (1 - floor) * 0.06 or 0.001
    return floor - room, 1 + room


def busy(values: FloatArray, traffic: FloatArray) -> BoolArray:
    """Which buckets have a value and not far fewer events than usual. Shapes: ``(n,)``."""
    there = np.isfinite(values)
    usual = float(np.median(traffic[there])) if there.any() else 0.0
    counted: BoolArray = there & (traffic >= _BUSY_SHARE * usual)
    return counted


def budget_range(values: FloatArray) -> tuple[float, float]:
    """From 0, or the lowest budget down to -200 %, to 100 %."""
    there = values[np.isfinite(values)]
    lowest = max(_LOWEST_BUDGET, min(0.0, float(there.min()))) if len(there) else 0.0
    return lowest - 0.05 * (1 - lowest), 1.05


def signal_range(values: FloatArray, limits: list[float]) -> tuple[float, float]:
    """From a little below 0 (or the lowest value) to the highest value or limit, 0 within; a far-off limit is left out.

    The room keeps the 0 of a low row apart from the highest tick of the row below. Of values that differ by less than
    numbers can tell well it is the range of 0, and what lies beyond 1e300 is out of it.
    """
    there = values[np.isfinite(values)].clip(-LARGEST, LARGEST)
    top = float(there.max()) if len(there) else 0.0
    near = [limit for limit in limits if limit <= LARGEST and (limit <= _LIMIT_REACH * top or top <= 0)]
    high = max([top, *near, 0.0])
    low = min(0.0, float(there.min())) if len(there) else 0.0
    if high - low < SMALLEST:
        low, high = 0.0, 1.0
    return low - (high - low) * _ROOM_BELOW, high * _ROOM


def drawable(values: FloatArray) -> FloatArray:
    """Values with NaN for those that have no place on an axis: what is not finite, and what lies beyond 1e300."""
    return np.where(np.abs(values) <= LARGEST, values, np.nan)


def round_below(value: float) -> float:
    """The largest round number up to a positive value: one digit, or 1.5 or 2.5, times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(digit for digit in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8) if digit * power <= value * (1 + 1e-12)) * power
