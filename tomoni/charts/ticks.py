"""The ticks of a row's y axis, where Plotly's own would not do."""

from __future__ import annotations

import math
from typing import Any

from tomoni.charts.ranges import round_below
from tomoni.charts.rows import Row
from tomoni.charts.units import Scale

_PREFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def most_ticks(row: Row) -> int:
    """How many ticks a row has room for."""
    return 4 if row.weight > 1 else 3


def ticks_of(row: Row, scale: float) -> dict[str, Any]:
    """The ticks of a row that names its own; of a low row in large type (``scale`` above 1) 0 and one more, for more
    would touch; and of one that goes below 0, with the minus sign that stands everywhere else: Plotly writes another
    one. Empty where Plotly chooses."""
    low, high = row.low * row.scale.factor, row.high * row.scale.factor
    if row.ticks:
        levels = [tick.level * row.scale.factor for tick in row.ticks]
        return _array(levels, [tick.label for tick in row.ticks])
    few = scale > 1 and row.weight <= 1
    levels = (
        [0, round_below(high) if high >= -low else -round_below(-low)] if few else _even(low, high, most_ticks(row))
    )
    if few or (levels and min(levels) < 0):
        return _array(levels, [written(level, row.scale) for level in levels])
    return {}


def _array(levels: list[float], labels: list[str]) -> dict[str, Any]:
    return {"tickmode": "array", "tickvals": levels, "ticktext": labels, "ticksuffix": ""}


def _even(low: float, high: float, most: int) -> list[float]:
    """Multiples of a round step within a range, as Plotly places them."""
    least = (high - low) / most
    power = 10.0 ** math.floor(math.log10(least))
    step = next(digit for digit in (1, 2, 5, 10) if digit * power >= least * (1 - 1e-12)) * power
    return [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]


def written(level: float, scale: Scale) -> str:
    """A tick as d3 writes it in the format of a scale, with its suffix."""
    if scale.ticks == "~%":
        return f"{_short(level * 100)}%{scale.suffix}"
    size, prefix = next(((size, name) for size, name in _PREFIXES if abs(level) >= size), (1.0, ""))
    if scale.ticks != "~s":
        size, prefix = 1.0, ""
    return f"{_short(level / size)}{prefix}{scale.suffix}"


def _short(value: float) -> str:
    return f"{value:.12g}" if value else "0"
