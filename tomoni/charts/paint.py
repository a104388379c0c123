"""Draws one row: its curves, levels, gaps and title."""

from __future__ import annotations

from typing import Any

import numpy as np

from tomoni.charts.annotations import Stretch
from tomoni.charts.canvas import Canvas
from tomoni.charts.clock import wall, wall_clock, written, written_one
from tomoni.charts.frame import Frame
from tomoni.charts.rows import Cells, Curve, Row, Stroke
from tomoni.charts.theme import see_through
from tomoni.charts.thinning import lone, straightened, thin_beside
from tomoni.charts.wrapping import BREAK, width, wrapped
from tomoni.slo.model import FloatArray

Trace = dict[str, Any]
Stretches = tuple[tuple[int, int], ...]
_WIDTHS = {
    Stroke.STRONG: 2.4,
    Stroke.PLAIN: 1.6,
    Stroke.THIN: 1.0,
    Stroke.DASHED: 1.2,
    Stroke.AREA: 1.2,
    Stroke.FAINT: 1.6,
    Stroke.EDGE: 0.0,
    Stroke.BAND: 0.0,
    Stroke.STACKED: 1.0,
}
_FILLED = {Stroke.BAND: 0.16, Stroke.STACKED: 0.5}
_WORDS_SHARE = 0.05
_TITLE_PLACES, _NARROW_PLACES = 20, 50


def paint_row(canvas: Canvas, row: Row, index: int, frame: Frame, exclusions: tuple[Stretch, ...] = ()) -> None:
    """Adds a row to the figure; ``index`` counts rows from 0 at the top."""
    axis = "y" if index == 0 else f"y{index + 1}"
    left_out = tuple(frame.visible(s.start, s.end) for s in exclusions if s.end > frame.left and s.start < frame.right)
    for stretches, shape in ((row.gaps, "/"), (left_out, "x")):
        if stretches:
            canvas.traces.append(_hatching(row, stretches, shape, axis, frame))
    if row.cells is not None:
        canvas.traces.append(_heat(row.cells, axis, frame))
    for curve in row.curves:
        canvas.traces.append(_trace(curve, row, axis, frame))
        below = _below_range(curve, row, axis, frame)
        if below is not None:
            canvas.traces.append(below)
    for rule in row.rules:
        level = rule.level * row.scale.factor
        line = {"color": rule.color, "width": 1.2, "dash": "dash"}
        across = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": axis, "y0": level, "y1": level}
        canvas.shapes.append(across | {"line": line})
    _title(canvas, row, axis, frame)
    _gap_words(canvas, row, axis, frame)


def _trace(curve: Curve, row: Row, axis: str, frame: Frame) -> Trace:
    """A curve; points that stand alone between gaps become dots, since no line reaches them."""
    line = thin_beside(curve.line, frame.zoom)
    if not curve.name and curve.facts is None:  # nobody reads values off it
        line = straightened(line)
    alone = lone(line)
    trace: Trace = {
        "x": written(wall_clock(line.times, frame.text.zone)),
        "y": line.values * row.scale.factor,
        "yaxis": axis,
        "mode": "lines",
        "connectgaps": False,
        "line": {"color": curve.color, "width": _WIDTHS[curve.stroke]},
        "name": curve.name,
        "hoverinfo": "skip",
    }
    if curve.name:
        trace.pop("hoverinfo")
        value = curve.pattern or "%{y:" + row.scale.hover + "}" + row.scale.suffix
        trace["hovertemplate"] = value + "<extra>" + curve.name + "</extra>"
    if curve.facts is not None:
        trace["customdata"] = curve.facts[np.searchsorted(curve.line.times, line.times)]
    if curve.stroke is Stroke.DASHED:
        trace["line"] |= {"dash": "dash"}
    if curve.stroke is Stroke.FAINT:
        trace["line"] |= {"dash": "dot", "color": see_through(curve.color, 0.75)}
    if curve.stroke is Stroke.AREA:
        trace |= {"fill": "tozeroy", "fillcolor": see_through(curve.color, 0.14)}
    if curve.stroke in _FILLED:
        trace |= {"fill": "tonexty", "fillcolor": see_through(curve.color, _FILLED[curve.stroke])}
    if alone.any() and curve.stroke not in (Stroke.EDGE, Stroke.BAND):
        trace |= {
            "mode": "lines+markers",
            "marker": {"color": curve.color, "size": np.where(alone, 3.5, 0.0), "line": {"width": 0}},
        }
    return trace


def _heat(cells: Cells, axis: str, frame: Frame) -> Trace:
    """A heat map; where nothing was counted the ground stays."""
    edges = np.append(cells.times, cells.times[-1] + cells.seconds)
    pale, full = see_through(cells.color, 0.08), cells.color
    counts = np.where(cells.counts > 0, cells.counts, np.nan)
    return {
        "type": "heatmap",
        "x": written(wall_clock(edges, frame.text.zone)),
        "y": np.arange(len(cells.names) + 1, dtype=np.float64),
        "z": counts,
        "customdata": [[name] * counts.shape[1] for name in cells.names],
        "yaxis": axis,
        "showscale": False,
        "hoverongaps": False,
        "colorscale": [[0, pale], [1, full]],
        "hovertemplate": "%{customdata}: %{z:,.3~r}<extra></extra>",
    }


def _below_range(curve: Curve, row: Row, axis: str, frame: Frame) -> Trace | None:
    """Marks at the lower edge where a curve lies below the range, so that no dip is hidden."""
    line = thin_beside(curve.line, frame.zoom)
    low = row.low + (row.high - row.low) * 0.03
    beyond = line.values < row.low
    if not beyond.any():
        return None
    return {
        "x": written(wall_clock(line.times[beyond], frame.text.zone)),
        "y": np.full(int(beyond.sum()), low * row.scale.factor),
        "yaxis": axis,
        "mode": "markers",
        "marker": {"symbol": "triangle-down", "size": 7, "color": curve.color},
        "hoverinfo": "skip",
    }


def _hatching(row: Row, stretches: Stretches, shape: str, axis: str, frame: Frame) -> Trace:
    """Stretches of a row as one hatched trace."""
    return {
        "x": written(_corners(stretches, frame)),
        "y": np.tile(np.array([row.low, row.high, row.high, row.low, np.nan]) * row.scale.factor, len(stretches)),
        "yaxis": axis,
        "mode": "lines",
        "line": {"width": 0},
        "fill": "toself",
        "fillcolor": see_through(frame.theme.muted, 0.05),
        "fillpattern": {"shape": shape, "size": 7, "solidity": 0.12, "fgcolor": see_through(frame.theme.muted, 0.55)},
        "hoverinfo": "skip",
    }


def _corners(stretches: Stretches, frame: Frame) -> FloatArray:
    """The x corners of rectangles, one after the other with a NaN between them."""
    zone = frame.text.zone
    edges = [(wall(max(a, frame.left), zone), wall(min(b, frame.right), zone)) for a, b in stretches]
    return np.array([x for a, b in edges for x in (a, a, b, b, np.nan)])


def _gap_words(canvas: Canvas, row: Row, axis: str, frame: Frame) -> None:
    """ "no data" in every gap that is wide enough for it."""
    for first, last in row.gaps:
        if last - first >= _WORDS_SHARE * frame.seconds_in_sight:
            canvas.note(
                x=written_one(wall((first + last) // 2, frame.text.zone)),
                y=(row.low + row.high) / 2 * row.scale.factor,
                yref=axis,
                text=frame.text._("no data"),
                font={"color": frame.theme.muted},
                bgcolor=frame.theme.panel,
                borderpad=2,
            )


def _title(canvas: Canvas, row: Row, axis: str, frame: Frame) -> None:
    """The row's name and unit, left of its axis and upright; above it, with all other words, where that is narrow."""
    if canvas.above:
        lines, anchor, shift = lines_above(row, frame), "bottom", (4, 0)
        ground = {"bgcolor": frame.theme.panel, "borderpad": 0}  # lines of events run from row to row behind the words
    else:
        unit = [f"<span style='color:{frame.theme.muted}'>{row.unit}</span>"] if row.unit else []
        lines = [f"<b>{'<br>'.join(wrapped(row.title, _TITLE_PLACES, 2))}</b>", *unit]
        anchor, shift, ground = "top", (6, 5), {}
    canvas.note(
        xref="paper",
        x=0,
        xanchor="left",
        xshift=shift[0] - canvas.left,
        yref=f"{axis} domain",
        y=1,
        yanchor=anchor,
        yshift=shift[1],
        align="left",
        text="<br>".join(lines),
        **ground,
    )


def lines_above(row: Row, frame: Frame) -> list[str]:
    """The row's name and unit and the names of its curves and levels, in their colors, in lines as wide as a phone."""
    words = [(row.title.replace(BREAK, ""), frame.theme.text), (row.unit, frame.theme.muted)]
    words += [(curve.label, curve.color) for curve in row.curves] + [(rule.label, rule.color) for rule in row.rules]
    lines, length = [""], 0
    for place, (word, color) in enumerate(words):
        if not word:
            continue
        if length and length + width(word) > _NARROW_PLACES:
            lines, length = [*lines, ""], 0
        shown = word if place else f"<b>{word}</b>"
        lines[-1] += f"<span style='color:{color}'>{shown}</span>  "
        length += width(word) + 2
    return lines
