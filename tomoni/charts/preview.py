"""A small picture of how an SLI went: its share of good events by hours, and a line where an objective would be."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tomoni.charts.theme import Theme
from tomoni.slo.model import FloatArray, State

WIDTH, HEIGHT = 640, 96
_TOP, _BOTTOM = 10, 88


def preview_svg(shares: FloatArray, objective: float, theme: Theme) -> str:
    """Shares (0 to 1, NaN: nothing was counted) from the oldest to the newest as an SVG without any text; its height
    ends a little below the objective or the lowest share. Decoration: the sentence beside it says the numbers."""
    lowest = float(np.nanmin(shares)) if np.isfinite(shares).any() else objective
    floor = max(0.0, min(lowest, 1 - 2 * (1 - objective)) - 0.0005)
    line = _y(objective, floor)
    paths = "".join(
        f"<polyline points='{points}' fill='none' stroke='{theme.accent}' stroke-width='1.6'/>"
        for points in _runs(shares, floor)
    )
    dashed = f"stroke='{theme.states[State.AT_RISK]}' stroke-width='1.5' stroke-dasharray='6 4'"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' preserveAspectRatio='none'>"
        f"<rect width='{WIDTH}' height='{HEIGHT}' fill='{theme.panel}'/>{paths}"
        f"<line x1='0' x2='{WIDTH}' y1='{line:.1f}' y2='{line:.1f}' {dashed}/></svg>"
    )


def _y(share: float, floor: float) -> float:
    return _BOTTOM - (share - floor) / max(1e-9, 1 - floor) * (_BOTTOM - _TOP)


def _runs(shares: FloatArray, floor: float) -> Iterator[str]:
    """The points of each stretch without a gap; a single hour becomes a short line."""
    step = WIDTH / max(1, len(shares))
    points: list[str] = []
    for n, share in enumerate([*shares, np.nan]):
        if np.isfinite(share):
            points += [f"{(n + side) * step:.1f},{_y(float(share), floor):.1f}" for side in (0, 1)]
        elif points:
            yield " ".join(points)
            points = []
