"""The rolling budget of several objectives on one time axis: what would have been left of each at every hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from tomoni.charts.canvas import Spec
from tomoni.charts.clock import hover_title, tick_formats, wall, wall_clock, written, written_one
from tomoni.charts.frame import Frame
from tomoni.charts.theme import template
from tomoni.charts.thinning import straightened, thin
from tomoni.slo.model import Line

_HEIGHT_PX = 300
_MARGINS = {"l": 56, "r": 16, "t": 36, "b": 32}
_LOWEST = -1.0
_FONT_PX = 13
# Of a line: the browser's time for a choice is that of drawing it, and so many look the same as all hours. Those that
# lie on a straight line, to a quarter of a pixel, are not sent, but one each 1/150 of the axis for the label to name.
_MOST_POINTS = 600
_QUARTERS_HIGH = 4 * (_HEIGHT_PX - _MARGINS["t"] - _MARGINS["b"])
_LABELS = 150
# At the top of the figure, not of the rows: a place above these was kept from a narrower figure that was drawn before.
_LEGEND = {"orientation": "h", "yref": "container", "y": 0.99, "yanchor": "top", "x": 0}
_DASHES = ("solid", "dash", "dot", "dashdot")


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """A line of the figure: what it is called, and the budget that was left (1: all of it)."""

    name: str
    remaining: Line


def trials_spec(tried: Sequence[Tried], frame: Frame, scale: float) -> Spec:
    """The figure, in type ``scale`` times as large as usual. What is overspent by more than a whole budget lies on its
    lower edge, and hovering tells the number."""
    seen = [each.remaining.values[np.isfinite(each.remaining.values)] for each in tried]
    least = min((float(values.min()) for values in seen if len(values)), default=0.0)
    floor = max(_LOWEST, min(0.0, least))
    layout: dict[str, Any] = {
        "template": template(frame.theme, round(_FONT_PX * scale)),
        "height": round(_HEIGHT_PX * scale),
        "margin": {side: round(px * scale) for side, px in _MARGINS.items()},
        "hovermode": "x unified",
        "dragmode": False,
        "legend": _LEGEND,
        "xaxis": _time_axis(frame),
        "yaxis": {"range": [floor * 100 - 3, 103], "ticksuffix": "%", "fixedrange": True, "nticks": 6},
    }
    traces = [_trace(each, place, floor, frame) for place, each in enumerate(tried)]
    return {"data": traces, "layout": layout | {"shapes": [_zero(frame)], "annotations": []}}


def _trace(tried: Tried, place: int, floor: float, frame: Frame) -> dict[str, Any]:
    line = _as_drawn(tried.remaining, floor, (frame.end - frame.start) // _LABELS)
    values = (line.values * 100).astype(np.float32)
    shown = np.maximum(values, np.float32(floor * 100))
    clipped = not np.array_equal(shown, values, equal_nan=True)
    more = {"customdata": values} if clipped else {}
    return more | {
        "type": "scatter",
        "mode": "lines",
        "name": tried.name,
        "x": written(wall_clock(line.times, frame.text.zone)),
        "y": shown,
        "hovertemplate": f"%{{{'customdata' if clipped else 'y'}:.1f}}%<extra>%{{fullData.name}}</extra>",
        "line": {"color": frame.theme.series(place), "width": 2, "dash": _DASHES[place % len(_DASHES)]},
    }


@lru_cache(maxsize=64)
def _as_drawn(remaining: Line, floor: float, furthest: int) -> Line:
    """The points of a line that are sent; kept, since a slider moves one of the lines."""
    return straightened(thin(remaining, _MOST_POINTS), (1 - floor) / _QUARTERS_HIGH, furthest)


def _zero(frame: Frame) -> dict[str, Any]:
    """The line at which a budget is spent."""
    line = {"color": frame.theme.muted, "width": 1}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": 0, "y1": 0, "line": line}


def _time_axis(frame: Frame) -> dict[str, Any]:
    language, zone = frame.text.language, frame.text.zone
    return {
        "type": "date",
        "range": [written_one(wall(moment, zone)) for moment in frame.in_sight],
        "fixedrange": True,
        "tickformatstops": tick_formats(language),
        "unifiedhovertitle": {"text": hover_title(language, frame.text.zone_name(frame.end))},
    }
