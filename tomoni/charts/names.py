"""The names of curves and levels at the right edge, each beside its last value and none over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tomoni.charts.canvas import Canvas
from tomoni.charts.rows import Curve, Row
from tomoni.charts.wrapping import wrapped
from tomoni.slo.model import FloatArray

Domain = tuple[float, float]  # the share of the height that a row takes
_PLACES, _LINES = 18, 2
_BEYOND = 0.4  # lines: names may reach as far into the space between two rows


@dataclass(frozen=True, slots=True)
class _Name:
    """Text in lines, its colour, and where it would stand best, as a share of the height of all rows."""

    lines: list[str]
    color: str
    at: float


def draw_names(canvas: Canvas, rows: Sequence[Row], domains: Sequence[Domain], line: float) -> None:
    """Adds the names of all rows; ``line`` is the height of one line of text as a share of that of all rows."""
    lanes = [(bottom - _BEYOND * line, top + _BEYOND * line) for bottom, top in domains]
    names = [
        name
        for row, domain, lane in zip(rows, domains, lanes, strict=True)
        for name in _within(row, domain, lane, line)
    ]
    heights = np.array([len(name.lines) * line for name in names])
    for name, y in zip(names, spread(np.array([name.at for name in names]), heights).tolist(), strict=True):
        canvas.note(
            xref="paper",
            x=1,
            xanchor="left",
            xshift=6,
            yref="paper",
            y=y,
            yanchor="middle",
            align="left",
            text="<br>".join(name.lines),
            font={"color": name.color},
        )


def _within(row: Row, domain: Domain, lane: Domain, line: float) -> list[_Name]:
    """The names of a row, beside it as far as there is room: in one line each where two are too many."""
    bottom, top = lane
    names = _names(row, domain, _LINES)
    if sum(len(name.lines) for name in names) * line > top - bottom:
        names = _names(row, domain, 1)
    heights = np.array([len(name.lines) * line for name in names]) / (top - bottom)
    places = spread(np.array([(name.at - bottom) / (top - bottom) for name in names]), heights)
    return [replace(name, at=bottom + at * (top - bottom)) for name, at in zip(names, places.tolist(), strict=True)]


def _names(row: Row, domain: Domain, most: int) -> list[_Name]:
    """The names of a row from top to bottom, each in at most so many lines."""
    ends = [(rule.level, rule.label, rule.color) for rule in row.rules if rule.label]
    ends += [(_last(curve), curve.label, curve.color) for curve in row.curves if curve.label and _has_values(curve)]
    inside = sorted(((min(max(level, row.low), row.high), label, color) for level, label, color in ends), reverse=True)
    bottom, top = domain
    shares = [(level - row.low) / (row.high - row.low) for level, *_ in inside]
    return [
        _Name(wrapped(label, _PLACES, most), color, bottom + share * (top - bottom))
        for share, (_, label, color) in zip(shares, inside, strict=True)
    ]


def _has_values(curve: Curve) -> bool:
    return bool(np.isfinite(curve.line.values).any())


def _last(curve: Curve) -> float:
    """The last value that a curve has."""
    return float(curve.line.values[np.isfinite(curve.line.values)][-1])


def spread(wanted: FloatArray, heights: FloatArray) -> FloatArray:
    """The middles of texts in their order from top to bottom, as near to the wanted ones as they can be
    without touching, and within 0 and 1 where there is room for all. Shapes: ``(n,)``.

    It is the least-squares solution: with the heights above added, the middles must not rise.
    """
    if not len(wanted):
        return wanted
    above = np.concatenate(([0.0], np.cumsum((heights[:-1] + heights[1:]) / 2)))
    level = _falling(wanted + above)
    highest, lowest = 1 - heights[0] / 2, heights[-1] / 2 + above[-1]
    if lowest > highest:
        lowest = highest = (lowest + highest) / 2
    placed: FloatArray = np.clip(level, lowest, highest) - above
    return placed


def _falling(values: FloatArray) -> FloatArray:
    """The nearest values that never rise: neighbours that do share their mean (pool adjacent violators)."""
    pools: list[tuple[float, int]] = []
    for value in values.tolist():
        mean, count = value, 1
        while pools and pools[-1][0] < mean:
            other, size = pools.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        pools.append((mean, count))
    return np.repeat([mean for mean, _ in pools], [count for _, count in pools])
