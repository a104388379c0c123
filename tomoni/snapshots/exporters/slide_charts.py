"""A joint figure on a slide: a chart for each row, that can be edited, over the same time.

Times are spreadsheet days on the wall clock of the app's zone; values are the lines' own.
"""

from __future__ import annotations

import math
from dataclasses import replace
from html import unescape
from typing import Any

import numpy as np
from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from tomoni.charts.clock import wall, wall_clock
from tomoni.charts.joint import Joint
from tomoni.charts.lanes import SUCCESS, rows
from tomoni.charts.rows import Curve, Row, Stroke
from tomoni.charts.theme import LIGHT
from tomoni.charts.thinning import thin
from tomoni.snapshots.document.model import Figure
from tomoni.snapshots.exporters.formulas import harmless
from tomoni.snapshots.exporters.slide_shapes import Canvas, add_lines, color, plain

MOST_POINTS = 200
MOST_ROWS = 7
_EPOCH_DAYS = 25_569  # 1970-01-01 as spreadsheets count days
_DAY_MS = 86_400_000.0
_TITLE_WIDTH, _LABELS = Inches(1.5), Inches(0.28)
_WIDTHS = {Stroke.STRONG: 2.0, Stroke.PLAIN: 1.25, Stroke.THIN: 0.75, Stroke.DASHED: 1.0, Stroke.AREA: 1.0}


def count_slides(figure: Figure) -> int:
    """How many slides the rows of a figure take."""
    view = figure.view
    return max(1, -(-len(_rows(view)) // MOST_ROWS))


def add_charts(figure: Figure, place: Canvas, slide: int = 0) -> None:
    """The rows of the figure one below the other, as many as a slide has room for; ``slide`` counts from 0."""
    view = figure.view
    drawn = _rows(view)[slide * MOST_ROWS : (slide + 1) * MOST_ROWS]
    weights = sum(row.weight for row in drawn) + 0.5  # the time's labels below the last
    top = place.top
    span = (_days(view.frame.start, view.frame.text.zone), _days(view.frame.end, view.frame.text.zone))
    for n, row in enumerate(drawn):
        last = n == len(drawn) - 1
        height = int(place.height * (row.weight + (0.5 if last else 0)) / weights)
        here = Canvas(place.shapes, place.left, top, place.width, height)
        _row(row, here, span, view.frame.text.zone, last)
        top = top + height


def _row(row: Row, place: Canvas, span: tuple[float, float], zone: str, last: bool) -> None:
    """One row: its title at the left, its chart at the right."""
    title = Canvas(place.shapes, place.left, place.top + Inches(0.05), _TITLE_WIDTH, place.height)
    lines = [unescape(row.title), *([unescape(row.unit)] if row.unit else [])]
    add_lines(place.shapes, lines, title, Pt(11), strong=True)
    chart_data, curves = _data(row, zone)
    if not curves:
        return
    left, width = place.left + _TITLE_WIDTH, place.width - _TITLE_WIDTH
    kind = XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS
    frame = place.shapes.add_chart(kind, left, place.top, width, place.height, chart_data)
    frame.name = plain(unescape(row.title))
    chart = frame.chart
    chart.font.size, chart.font.color.rgb = Pt(9), color(LIGHT.muted)
    chart.has_title = False
    chart.has_legend = any(curve.label for curve in curves)
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.RIGHT, False
        _name_only(chart.legend, [bool(curve.label) for curve in curves])
    for series, curve in zip(chart.plots[0].series, curves, strict=True):
        _style(series, curve)
    _place_plot(chart, last, height_share=_LABELS / place.height)
    _axes(chart, row, span, last)


def _rows(view: Joint) -> list[Row]:
    """The rows of a figure in the units of the data: a chart that can be edited has no scale by nines, and
    points of the review alone."""
    made = rows(view.track, view.lanes, view.chosen, view.frame, linear=True)
    return [_without_stretches(row) if row.key == SUCCESS else row for row in made]


def _without_stretches(row: Row) -> Row:
    """The row of success with its buckets in the look of the stretches that they are behind on a page."""
    buckets, shown = row.curves[0], row.curves[-1]
    return replace(row, curves=(replace(buckets, color=shown.color, stroke=shown.stroke),))


def _series_name(label: str) -> str:
    """The name of a series, which also stands in the cell of the workbook behind the chart."""
    return harmless(plain(unescape(label)))


def _data(row: Row, zone: str) -> tuple[XyChartData, list[Curve]]:
    """The chart's numbers: every curve with few points, then the levels that it is held against."""
    data, curves = XyChartData(), []
    # Dashed ones last: some programs leave out a first series that is shorter than the others.
    for curve in sorted(row.curves, key=lambda curve: curve.stroke is Stroke.DASHED):
        # A straight dashed line of many points would lose its dashes.
        line = thin(curve.line, 4 if curve.stroke is Stroke.DASHED else MOST_POINTS)
        there = np.isfinite(line.values)
        if not there.any():
            continue
        days = wall_clock(line.times, zone) / _DAY_MS + _EPOCH_DAYS
        series = data.add_series(_series_name(curve.label or curve.name or row.title))
        for day, value in zip(days[there].tolist(), line.values[there].tolist(), strict=True):
            series.add_data_point(day, value)
        curves.append(curve)
    for rule in row.rules if curves else ():
        if not rule.label:
            continue
        series = data.add_series(_series_name(rule.label))
        times = curves[0].line.times
        for moment in (int(times[0]), int(times[-1])):
            series.add_data_point(_days(moment, zone), rule.level)
        curves.append(Curve(curves[0].line, rule.color, rule.label, rule.label, Stroke.DASHED))
    return data, curves


def _style(series: Any, curve: Curve) -> None:  # noqa: ANN401 - python-pptx is not typed
    series.smooth = False
    series.marker.style = XL_MARKER_STYLE.NONE
    line = series.format.line
    line.color.rgb, line.width = color(curve.color), Pt(_WIDTHS[curve.stroke])
    if curve.stroke is Stroke.DASHED:
        line.dash_style = MSO_LINE.DASH


def _name_only(legend: Any, named: list[bool]) -> None:  # noqa: ANN401
    """Takes the curves out of the legend that the row's title names already."""
    for n, there in enumerate(named):
        if not there:
            entry = f'<c:legendEntry {nsdecls("c")}><c:idx val="{n}"/><c:delete val="1"/></c:legendEntry>'
            legend._element.find(qn("c:legendPos")).addnext(parse_xml(entry))


def _place_plot(chart: Any, last: bool, height_share: float) -> None:  # noqa: ANN401
    """Puts the plot at the same left and right edge in every row, so that moments stand below each other."""
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    bottom = min(0.5, height_share) if last else 0.06
    places = {"layoutTarget": "inner", "xMode": "edge", "yMode": "edge"}
    places |= {"x": "0.075", "y": "0.06", "w": "0.745", "h": f"{0.94 - bottom:.4f}"}
    values = "".join(f'<c:{name} val="{value}"/>' for name, value in places.items())
    layout = f"<c:layout {nsdecls('c')}><c:manualLayout>{values}</c:manualLayout></c:layout>"
    area.insert(0, parse_xml(layout))


def _axes(chart: Any, row: Row, span: tuple[float, float], last: bool) -> None:  # noqa: ANN401
    time, value = chart.category_axis, chart.value_axis
    time.minimum_scale, time.maximum_scale = span
    time.major_unit = max(1.0, round((span[1] - span[0]) / 8))
    time.has_major_gridlines = False
    time.tick_labels.number_format, time.tick_labels.number_format_is_linked = "m/d", False
    time.tick_label_position = XL_TICK_LABEL_POSITION.LOW if last else XL_TICK_LABEL_POSITION.NONE
    unit = _even((row.high - row.low) / 4)
    value.minimum_scale, value.maximum_scale = math.floor(row.low / unit + 0.1) * unit, row.high
    value.major_unit = unit
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = _format(row), False
    value.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    value.major_gridlines.format.line.color.rgb = color(LIGHT.grid)
    for axis in (time, value):
        axis.format.line.color.rgb = color(LIGHT.border)


def _even(length: float) -> float:
    """The next 1, 2 or 5 of its size that is not below a length."""
    size = 10.0 ** math.floor(math.log10(length))
    return next((n * size for n in (1, 2, 5) if n * size >= length), 10 * size)


def _format(row: Row) -> str:
    """How a spreadsheet writes the values of a row."""
    if "%" in row.scale.ticks:
        return "0.0%" if row.high - row.low < 0.05 else "0%"
    sizes = ((1e9, '0.0,,,"G"'), (1e6, '0.0,,"M"'), (1e4, '0,"k"'), (10, "#,##0"), (0, "0.0##"))
    return next(form for least, form in sizes if row.high >= least)


def _days(moment: int, zone: str) -> float:
    return wall(moment, zone) / _DAY_MS + _EPOCH_DAYS
