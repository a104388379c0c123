"""The names of curves and levels at the right edge, each beside its last value and none over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tomoni.charts.canvas import Canvas
from tomoni.charts.rows import Curve, Row
from tomoni.charts.wrapping import told_apart, wrapped
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
    """The names of a row, beside it as far as there is room: where two lines each are too many, in one line without
    what all of them share."""
    bottom, top = lane
    ends = _ends(row)
    labels = [label for _, label, _ in ends]
    texts = [wrapped(label, _PLACES, _LINES) for label in labels]
    if sum(map(len, texts)) * line > top - bottom:
        texts = [wrapped(label, _PLACES, 1) for label in told_apart(labels)]
    names = [
        _Name(lines, color, domain[0] + (level - row.low) / (row.high - row.low) * (domain[1] - domain[0]))
        for lines, (level, _, color) in zip(texts, ends, strict=True)
    ]
    heights = np.array([len(name.lines) * line for name in names]) / (top - bottom)
    places = spread(np.array([(name.at - bottom) / (top - bottom) for name in names]), heights)
    return [replace(name, at=bottom + at * (top - bottom)) for name, at in zip(names, places.tolist(), strict=True)]


def _ends(row: Row) -> list[tuple[float, str, str]]:
    """What is named of a row from top to bottom: its level within the row, its name and its colour."""
    ends = [(rule.level, rule.label, rule.color) for rule in row.rules if rule.label]
    ends += [(_last(curve), curve.label, curve.color) for curve in row.curves if curve.label and _has_values(curve)]
    return sorted(((min(max(level, row.low), row.high), label, color) for level, label, color in ends), reverse=True)


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
