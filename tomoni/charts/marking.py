"""The bad events of an SLO over a period, on which a reader marks an interval by dragging."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tomoni.charts.canvas import Spec
from tomoni.charts.clock import hover_title, tick_formats, wall, wall_clock, written, written_one
from tomoni.charts.frame import Frame
from tomoni.charts.theme import template
from tomoni.slo.model import HOUR, MINUTE, Buckets, FloatArray, IntArray, State

_HEIGHT_PX = 190
_FONT_PX = 13
_MARGINS = {"l": 64, "r": 16, "t": 12, "b": 32}
_MOST_BARS = 700
_STEPS = (5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 12 * HOUR)


def marking_spec(
    buckets: Buckets, frame: Frame, marked: tuple[int, int] | None, episodes: Iterable[tuple[int, int]], scale: float
) -> Spec:
    """The figure, in type ``scale`` times as large as usual: a bar for the bad events of each of at most 700 stretches,
    with episodes and the marked interval behind them."""
    times, bad, step = bad_events(buckets, *frame.in_sight)
    color, accent = frame.theme.states[State.EXHAUSTED], frame.theme.accent
    shades = [_shade(each, frame, color, 0.12) for each in episodes]
    if marked is not None:
        shades.append({**_shade(marked, frame, accent, 0.22), "line": {"color": accent, "width": 1.5}})
    trace = {
        "type": "bar",
        "x": written(wall_clock(times, frame.text.zone)),
        "y": bad,
        "width": step * 1000,
        "offset": 0,
        "name": frame.text._("Bad events"),
        "marker": {"color": color, "line": {"width": 0}},
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "hovertemplate": "%{y:,.0f}<extra></extra>",
    }
    return {"data": [trace], "layout": _layout(frame, scale) | {"shapes": shades, "annotations": []}}


def bad_events(buckets: Buckets, start: int, end: int) -> tuple[IntArray, FloatArray, int]:
    """When each of at most 700 stretches of ``[start, end)`` begins, its bad events, and its length in seconds."""
    step = next((each for each in _STEPS if (end - start) / each <= _MOST_BARS), _STEPS[-1])
    step = -(-step // buckets.step_seconds) * buckets.step_seconds
    begins = buckets.start + buckets.step_seconds * np.arange(len(buckets.total), dtype=np.int64)
    inside = (begins >= start) & (begins < end)
    first = start // step * step
    bad = np.nan_to_num(np.maximum(buckets.total - buckets.good, 0.0))[inside]
    size = max(1, -(-(end - first) // step))
    sums = np.zeros(size)
    np.add.at(sums, (begins[inside] - first) // step, bad)
    return first + step * np.arange(size, dtype=np.int64), sums, step


def _layout(frame: Frame, scale: float) -> dict[str, Any]:
    language, zone = frame.text.language, frame.text.zone
    return {
        "template": template(frame.theme, round(_FONT_PX * scale)),
        "height": round(_HEIGHT_PX * scale),
        "margin": {side: round(px * scale) for side, px in _MARGINS.items()},
        "hovermode": "x unified",
        "showlegend": False,
        "dragmode": "select",
        "selectdirection": "h",
        "bargap": 0,
        "xaxis": {
            "type": "date",
            "range": [written_one(wall(moment, zone)) for moment in frame.in_sight],
            "fixedrange": True,
            "tickformatstops": tick_formats(language),
            "unifiedhovertitle": {"text": hover_title(language, frame.text.zone_name(frame.end))},
        },
        "yaxis": {"fixedrange": True, "nticks": 4, "rangemode": "tozero", "tickformat": ",~r"},
    }


def _shade(span: tuple[int, int], frame: Frame, color: str, opacity: float) -> dict[str, Any]:
    x0, x1 = (written_one(wall(moment, frame.text.zone)) for moment in span)
    shade = {"type": "rect", "xref": "x", "yref": "paper", "x0": x0, "x1": x1, "y0": 0, "y1": 1, "layer": "below"}
    return {**shade, "fillcolor": color, "opacity": opacity, "line": {"width": 0}}
