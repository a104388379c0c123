"""The joint figure: what users got and what carried it, in rows over one time axis.

All rows share one x axis, so that the crosshair runs through all of them and one hover label names
every value. Only time is zoomed; the y ranges stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import plotly.graph_objects as go

from tomoni.charts import layers
from tomoni.charts.annotations import NONE, Annotations
from tomoni.charts.canvas import Canvas, Spec
from tomoni.charts.clock import hover_title, tick_formats, wall, written_one
from tomoni.charts.frame import Frame
from tomoni.charts.lanes import BUDGET, SUCCESS, rows
from tomoni.charts.names import draw_names
from tomoni.charts.paint import lines_above, paint_row
from tomoni.charts.rows import Row
from tomoni.charts.theme import template
from tomoni.charts.ticks import most_ticks, ticks_of
from tomoni.review.model import Lane, SloTrack
from tomoni.slo.model import DAY

_ROW_PX, _GAP_PX, _TOP_PX, _LABELS_PX, _BOTTOM_PX = 70, 14, 10, 28, 34
_SECOND_LINE_PX, _SECOND_LINE_BELOW = 18, 4 * DAY  # ticks of hours have their day below them
_LEAST_ROW_PX, _LEAST_GAP_PX = 30, 8  # a row still holds two lines of its title
_LEFT_PX, _RIGHT_PX = 196, 124
_NARROW_LEFT_PX, _NARROW_RIGHT_PX, _ABOVE_PX = 48, 10, 6
_LARGE, _SPARE = 2.6, {SUCCESS: 1.5, BUDGET: 1.0}  # weights of rows while one is enlarged
_MOST_OF_LEAST, _LARGE_AT_LEAST = 2.0, 1.4  # the weight of the highest row without that, and of one that is enlarged
_FONT_PX, _LINE_PX = 13.1, 17  # 18 px on a shared screen
_LETTER_PX, _WIDTH_PX, _NARROW_WIDTH_PX = 7, 1180, 320  # of a letter; of a figure in a small window, and on a phone
_SHARED = 1.375  # the scale for a window of 1920 by 1080; where it is more, the window is wider as well
_ROW_GROWTH = 0.3  # rows grow less than their type, so that more of them fit on a shared screen


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """What the joint figure shows: one SLO, the lanes beside it, and the rows chosen, in order.

    ``scale`` enlarges type and rows for a shared screen; ``identity`` names the view, so that a
    reader's zoom outlives a refresh of the same view. ``linear`` draws success on an even scale,
    ``narrow`` puts the words above the rows, where there is no room beside them. The row called ``large`` takes
    the height that the others can spare. Rows that are made elsewhere come ``first``; with them there may be no SLO.
    """

    track: SloTrack | None
    lanes: Sequence[Lane]
    chosen: Sequence[str]
    frame: Frame
    annotations: Annotations = NONE
    scale: float = 1.0
    identity: str = ""
    linear: bool = False
    narrow: bool = False
    large: str | None = None
    first: Sequence[Row] = ()


def joint_figure(view: Joint) -> go.Figure:
    """The figure of a view, every value of it checked by Plotly. With no row chosen it is empty."""
    return go.Figure(joint_spec(view))


def joint_spec(view: Joint) -> Spec:
    """The same figure as plain values."""
    of_slo = rows(view.track, view.lanes, view.chosen, view.frame, view.linear) if view.track else []
    drawn = _enlarged([*view.first, *of_slo], view.large)
    gaps = _gaps_px(view, drawn)
    canvas = Canvas(_left_px(view), round(_LINE_PX * view.scale), gaps[0] if view.narrow and drawn else 0)
    for index, row in enumerate(drawn):
        paint_row(canvas, row, index, view.frame, view.annotations.exclusions)
    if drawn and not view.narrow:
        draw_names(canvas, drawn, _domains(drawn, gaps), _LINE_PX / _least_body_px(drawn))
    if drawn:
        layers.draw(canvas, view.annotations, view.frame, _letter(view))
    return canvas.spec(_layout(view, drawn, gaps))


def _enlarged(drawn: list[Row], large: str | None) -> list[Row]:
    """The rows with one of them high, and those of the app as low as others."""
    if all(row.key != large for row in drawn):
        return drawn
    lower = [replace(row, weight=_SPARE.get(row.key, row.weight)) for row in drawn]
    return [replace(row, weight=_LARGE) if row.key == large else row for row in lower]


def _left_px(view: Joint) -> int:
    """The margin at the left: titles and ticks, or ticks alone."""
    return round((_NARROW_LEFT_PX if view.narrow else _LEFT_PX) * view.scale)


def _letter(view: Joint) -> float:
    """The width of a letter as a share of the time axis, where a figure is as narrow as it may be."""
    right = _NARROW_RIGHT_PX if view.narrow else _RIGHT_PX
    wide = _NARROW_WIDTH_PX if view.narrow else _WIDTH_PX * max(1.0, view.scale / _SHARED)
    axis = wide - _left_px(view) - right * view.scale
    return _LETTER_PX * view.scale / axis


def _gaps_px(view: Joint, drawn: Sequence[Row]) -> list[int]:
    """The space above each row; where there is none beside them, for its words."""
    if not view.narrow:
        return [_GAP_PX] * len(drawn)
    return [_LINE_PX * len(lines_above(row, view.frame)) + _ABOVE_PX for row in drawn]


def _row_growth(scale: float) -> float:
    """How much higher rows become when type becomes ``scale`` times as large."""
    return 1 + (scale - 1) * _ROW_GROWTH


def _body_px(drawn: Sequence[Row], gaps: Sequence[int]) -> float:
    """The height of all rows and the spaces between them."""
    return sum(row.weight for row in drawn) * _ROW_PX + sum(gaps[1:])


def _least_body_px(drawn: Sequence[Row]) -> float:
    """The height below which titles would run into each other; an enlarged row adds little to it."""
    weights = [_LARGE_AT_LEAST if row.weight == _LARGE else min(row.weight, _MOST_OF_LEAST) for row in drawn]
    return sum(weights) * _LEAST_ROW_PX + max(0, len(drawn) - 1) * _LEAST_GAP_PX


def _layout(view: Joint, drawn: Sequence[Row], gaps: Sequence[int]) -> dict[str, Any]:
    """Margins, hover and one y axis for each row, from top to bottom."""
    scale = view.scale
    marks = view.annotations != NONE or view.frame.right > view.frame.end
    top = (gaps[0] if view.narrow and drawn else 0) + _TOP_PX + (_LABELS_PX if marks else 0)
    near = view.frame.seconds_in_sight < _SECOND_LINE_BELOW
    bottom = _BOTTOM_PX + (_SECOND_LINE_PX if near else 0)
    margins = (top + bottom) * scale
    layout: dict[str, Any] = {
        "template": template(view.frame.theme, round(_FONT_PX * scale)),
        "height": round(_body_px(drawn, gaps) * _row_growth(scale) + margins),
        "meta": {"least_height": round(_least_body_px(drawn) * scale + margins)},
        "margin": {
            "l": _left_px(view),
            "r": round((_NARROW_RIGHT_PX if view.narrow else _RIGHT_PX) * scale),
            "t": round(top * scale),
            "b": round(bottom * scale),
        },
        "showlegend": False,
        "hovermode": "x unified",
        "hoversubplots": "axis",
        "hoverdistance": -1,
        "dragmode": False if view.narrow else "zoom",  # a finger scrolls the page
        "uirevision": view.identity or True,
    }
    layout["xaxis"] = _time_axis(view.frame, len(drawn))
    for index, (row, domain) in enumerate(zip(drawn, _domains(drawn, gaps), strict=True)):
        layout[_axis_name(index)] = _y_axis(row, domain, scale)
    return layout


def _domains(drawn: Sequence[Row], gaps: Sequence[int]) -> list[tuple[float, float]]:
    """The share of the height that each row takes, from 1 at the top down to 0."""
    total = _body_px(drawn, gaps)
    domains, top = [], 1.0
    for row, below in zip(drawn, [*gaps[1:], 0], strict=False):
        bottom = top - row.weight * _ROW_PX / total
        domains.append((max(0.0, bottom), top))
        top = bottom - below / total
    return domains


def _axis_name(index: int) -> str:
    return "yaxis" if index == 0 else f"yaxis{index + 1}"


def _y_axis(row: Row, domain: tuple[float, float], scale: float) -> dict[str, Any]:
    """A y axis that does not zoom, with few ticks."""
    factor = row.scale.factor
    return {
        "domain": domain,
        "anchor": "x",
        "range": [row.low * factor, row.high * factor],
        "fixedrange": True,
        "nticks": most_ticks(row),
        "tickformat": row.scale.ticks,
        "ticksuffix": row.scale.suffix,
        "zeroline": False,
        "showline": False,
        "ticklabelstandoff": 4,
    } | ticks_of(row, scale)


def _time_axis(frame: Frame, count: int) -> dict[str, Any]:
    """One x axis below the last row, with the crosshair."""
    language, zone = frame.text.language, frame.text.zone
    return {
        "type": "date",
        "anchor": "y" if count <= 1 else f"y{count}",
        "range": [written_one(wall(moment, zone)) for moment in frame.in_sight],
        "minallowed": written_one(wall(frame.left, zone)),
        "maxallowed": written_one(wall(frame.right, zone)),
        "tickformatstops": tick_formats(language),
        "showline": True,
        "ticks": "outside",
        "showspikes": True,
        "spikemode": "across",
        "spikesnap": "cursor",
        "spikethickness": 1,
        "spikedash": "dot",
        "spikecolor": frame.theme.muted,
        "unifiedhovertitle": {"text": hover_title(language, frame.text.zone_name(frame.end))},
    }
