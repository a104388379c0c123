"""A joint figure on a slide: a chart for each row, that can be edited, over the same time.

Times are spreadsheet days on the wall clock of the app's zone; values are the lines' own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import numpy as np
from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from tomoni.charts.clock import wall, wall_clock
from tomoni.charts.joint import Joint
from tomoni.charts.lanes import SUCCESS, rows
from tomoni.charts.rows import Curve, Row, Stroke
from tomoni.charts.thinning import thin
from tomoni.slo.model import Line
from tomoni.snapshots.document.model import Figure
from tomoni.snapshots.exporters.formulas import harmless
from tomoni.snapshots.exporters.slides.axes import draw_axes
from tomoni.snapshots.exporters.slides.figure_words import (
    LABELS,
    Rowed,
    Words,
    add_title,
    draw_labels,
    heights,
)
from tomoni.snapshots.exporters.slides.look import Look
from tomoni.snapshots.exporters.slides.marks import MARKS, draw_marks
from tomoni.snapshots.exporters.slides.measure import LINE, fitted
from tomoni.snapshots.exporters.slides.shapes import SMALL, Canvas, Type, add_text, describe, plain

MOST_POINTS = 200
LEAST_HEIGHT = Inches(2.45)  # of a figure of three rows
TITLE = round(Pt(SMALL) * LINE)
LEAST_ROW = Pt(SMALL) * LINE * 1.25
_EPOCH_DAYS = 25_569  # 1970-01-01 as spreadsheets count days
_DAY_MS = 86_400_000.0
_TICKS, _RIGHT = Inches(0.78), Inches(0.06)
_ABOVE, _BELOW = Inches(0.09), Inches(0.06)  # of a row, beside its plot, for half of a tick's text
_WIDTHS = {
    Stroke.STRONG: 2.25,
    Stroke.PLAIN: 1.5,
    Stroke.THIN: 1.0,
    Stroke.DASHED: 1.25,
    Stroke.AREA: 1.25,
    Stroke.FAINT: 1.25,
}
_FLOOR = 5  # times the share of bad events that is allowed: how far below 100 % success is drawn


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """One row with what of it is drawn: its curves, and then its levels as curves."""

    row: Row
    curves: tuple[Curve, ...]


def count_slides(figure: Figure, look: Look) -> int:
    """How many slides the rows of a figure take: one, unless they are very many."""
    return max(1, -(-len(figure_rows(figure.view, look)) // _most_rows(look.room.height)))


def _most_rows(height: int) -> int:
    return int((height - LABELS - MARKS) // LEAST_ROW)


def add_figure(figure: Figure, place: Canvas, slide: int = 0, titled: bool = False) -> None:
    """The rows of the figure one below the other, as many as a slide has room for; ``slide`` counts from 0. Figures
    that stand below each other are ``titled``."""
    if titled:
        title = fitted(figure.title, SMALL, place.width, 1, bold=True)
        add_text(replace(place, height=TITLE), title, Type(SMALL, place.look.theme.text, strong=True))
        place = place.below(TITLE)
    view = replace(figure.view, frame=replace(figure.view.frame, theme=place.look.theme))
    found, most = figure_rows(figure.view, place.look), _most_rows(place.height)
    each = -(-len(found) // -(-len(found) // most)) if found else most
    shown = [_drawn(row) for row in found[slide * each : (slide + 1) * each]]
    words = Words.beside(place, [_rowed(drawn) for drawn in shown])
    plot = replace(
        place,
        left=place.left + words.left + _TICKS,
        top=place.top + MARKS,
        width=place.width - words.left - words.right - _TICKS - _RIGHT,
        height=place.height - MARKS - LABELS,
    )
    draw_marks(view.annotations, view.frame, plot)
    top = plot.top
    for n, (drawn, height) in enumerate(
        zip(shown, heights([_rowed(d) for d in shown], words, plot.height), strict=True)
    ):
        _row(drawn, replace(plot, top=top, height=height), words, view, last=n == len(shown) - 1)
        top += height
    if shown:
        _tell(place, figure)


def _tell(place: Canvas, figure: Figure) -> None:
    """Describes the figure once, on its first chart."""
    charts = [shape for shape in place.shapes if shape.has_chart and shape.top >= place.top]
    if charts:
        describe(charts[0], charts[0].name, figure.alt)


def _rowed(drawn: _Drawn) -> Rowed:
    row = drawn.row
    labels = [(curve.label, curve.color, curve.line) for curve in drawn.curves if curve.label]
    title = " · ".join(unescape(text) for text in (row.title, row.unit) if text)
    return Rowed(title, row.weight, row.low, row.high, tuple(labels))


def _row(drawn: _Drawn, plot: Canvas, words: Words, view: Joint, last: bool) -> None:
    """One row: its title at the left, its chart, the names of its curves at the right."""
    add_title(_rowed(drawn), replace(plot, left=plot.left - _TICKS - words.left, width=words.left))
    draw_labels(_rowed(drawn), replace(plot, left=plot.left + plot.width + _RIGHT, width=words.right))
    if not drawn.curves:
        return
    below = LABELS if last else 0
    kind, zone = XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, view.frame.text.zone
    frame = plot.shapes.add_chart(
        kind,
        plot.left - _TICKS,
        plot.top,
        plot.width + _TICKS + _RIGHT,
        plot.height + below,
        _chart_data(drawn, zone),
    )
    name = unescape(drawn.row.title)
    describe(frame, name, name)
    chart = frame.chart
    chart.font.size = Pt(SMALL)
    plot.look.paint(chart.font.color, plot.look.theme.muted)
    chart.has_title = chart.has_legend = False
    for series, curve in zip(chart.plots[0].series, drawn.curves, strict=True):
        _style(series, curve, plot.look)
    _clear_ground(chart)
    _place_plot(chart, frame, plot.height)
    span = (_days(view.frame.start, zone), _days(view.frame.end, zone))
    draw_axes(chart, drawn.row, span, plot, view.frame.text.language if last else "")


def figure_rows(view: Joint, look: Look) -> list[Row]:
    """The rows of a figure in the units of the data: a chart that can be edited has no scale by nines, and
    points of the review alone."""
    frame = replace(view.frame, theme=look.theme)
    made = rows(view.track, view.lanes, view.chosen, frame, linear=True) if view.track else []
    return [_near_objective(row) if row.key == SUCCESS else row for row in made]


def _near_objective(row: Row) -> Row:
    """The row of success with its buckets in the look of the stretches that they are behind on a page, and no
    further down than the objective can be seen beside 100 %."""
    buckets, shown = row.curves[0], row.curves[-1]
    levels = [rule.level for rule in row.rules if rule.level < 1]
    low = max(row.low, 1 - _FLOOR * (1 - min(levels))) if levels else row.low
    curve = replace(buckets, color=shown.color, stroke=Stroke.PLAIN)
    return replace(row, curves=(curve,), low=low, high=1 + (1 - low) * 0.08)


def _series_name(label: str) -> str:
    """The name of a series, which also stands in the cell of the workbook behind the chart."""
    return harmless(plain(unescape(label)))


def _drawn(row: Row) -> _Drawn:
    """Every curve with few points, then the levels that it is held against."""
    curves: list[Curve] = []
    # Dashed ones last: some programs leave out a first series that is shorter than the others.
    for curve in sorted(row.curves, key=lambda curve: curve.stroke is Stroke.DASHED):
        # A straight dashed line of many points would lose its dashes.
        line = thin(curve.line, 4 if curve.stroke is Stroke.DASHED else MOST_POINTS)
        there = np.isfinite(line.values)
        if there.any():
            curves.append(replace(curve, line=Line(line.times[there], line.values[there])))
    ends = curves[0].line.times[[0, -1]] if curves else np.empty(0, np.int64)
    for rule in row.rules if curves else ():
        if rule.label:
            level = Line(ends, np.full(2, rule.level))
            curves.append(Curve(level, rule.color, rule.label, rule.label, Stroke.DASHED))
    return _Drawn(row, tuple(curves))


def _chart_data(drawn: _Drawn, zone: str) -> XyChartData:
    data = XyChartData()
    for curve in drawn.curves:
        series = data.add_series(_series_name(curve.label or curve.name or drawn.row.title))
        days = wall_clock(curve.line.times, zone) / _DAY_MS + _EPOCH_DAYS
        for day, value in zip(days.tolist(), curve.line.values.tolist(), strict=True):
            series.add_data_point(day, value)
    return data


def _style(series: Any, curve: Curve, look: Look) -> None:  # noqa: ANN401 - python-pptx is not typed
    series.smooth = False
    series.marker.style = XL_MARKER_STYLE.NONE
    line = series.format.line
    look.paint(line.color, curve.color)
    line.width = Pt(_WIDTHS[curve.stroke])
    if curve.stroke is Stroke.DASHED:
        line.dash_style = MSO_LINE.DASH


def _clear_ground(chart: Any) -> None:  # noqa: ANN401
    """Lets the slide be seen behind a chart, with the episodes that are drawn there."""
    clear = f"<c:spPr {nsdecls('c', 'a')}><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
    space = chart._chartSpace
    for place in (space.chart.plotArea, space):
        for old in place.findall(qn("c:spPr")):
            place.remove(old)
    space.chart.plotArea.append(parse_xml(clear))
    space.chart.addnext(parse_xml(clear))


def _place_plot(chart: Any, frame: Any, height: int) -> None:  # noqa: ANN401
    """Puts the plot at the same left and right edge in every row, so that moments stand below each other;
    ``height`` is the row's."""
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    places = {"layoutTarget": "inner", "xMode": "edge", "yMode": "edge"}
    inner = max(height // 2, height - _ABOVE - _BELOW)
    sides = {"x": _TICKS / frame.width, "y": (height - inner) * 0.6 / frame.height}
    sides |= {"w": 1 - (_TICKS + _RIGHT) / frame.width, "h": inner / frame.height}
    places |= {name: f"{value:.5f}" for name, value in sides.items()}
    values = "".join(f'<c:{name} val="{value}"/>' for name, value in places.items())
    layout = f"<c:layout {nsdecls('c')}><c:manualLayout>{values}</c:manualLayout></c:layout>"
    area.insert(0, parse_xml(layout))


def _days(moment: int, zone: str) -> float:
    return wall(moment, zone) / _DAY_MS + _EPOCH_DAYS


def least_height(figure: Figure, look: Look) -> int:
    """The height that a figure needs."""
    found: Sequence[Row] = figure_rows(figure.view, look)
    return max(LEAST_HEIGHT, int(len(found) * LEAST_ROW) + LABELS + MARKS)
