"""The axes of a chart on a slide: few, round ticks, in the units of the data."""

from __future__ import annotations

import math
from typing import Any

from pptx.enum.chart import XL_TICK_LABEL_POSITION
from pptx.util import Inches, Pt

from tomoni.charts.lanes import SUCCESS
from tomoni.charts.rows import Row
from tomoni.snapshots.exporters.slides.measure import LINE
from tomoni.snapshots.exporters.slides.shapes import SMALL, Canvas

_TICK_WIDTH, _TICK_HEIGHT = Inches(0.95), Pt(SMALL) * LINE * 1.1
_ROW_WITH_ZERO = Inches(0.8)
_HOURS = (1 / 24, 0.125, 0.25, 0.5)  # of a day
_DAYS = (1, 2, 3, 4, 7, 14, 28)
_SIZES = ((1e9, '0.0,,,"G"'), (1e6, '0.0,,"M"'), (1e4, '0,"k"'), (10, "#,##0"), (0, "0.0##"))


def draw_axes(chart: Any, row: Row, span: tuple[float, float], plot: Canvas, language: str) -> None:  # noqa: ANN401
    """The axes of a row over a span of days; its time is written where there is a ``language``."""
    _time_axis(chart.category_axis, span, plot.width, language)
    _value_axis(chart.value_axis, row, plot)
    for axis in (chart.category_axis, chart.value_axis):
        plot.look.paint(axis.format.line.color, plot.look.theme.border)


def _time_axis(time: Any, span: tuple[float, float], width: int, language: str) -> None:  # noqa: ANN401
    time.minimum_scale, time.maximum_scale = span
    most = max(2, width // _TICK_WIDTH)
    unit = next((each for each in (*_HOURS, *_DAYS) if (span[1] - span[0]) / each <= most), _DAYS[-1])
    time.major_unit = unit
    time.has_major_gridlines = False
    days = "d mmm" if language == "en" else "m/d"
    time.tick_labels.number_format, time.tick_labels.number_format_is_linked = days if unit >= 1 else "h:mm", False
    time.tick_label_position = XL_TICK_LABEL_POSITION.LOW if language else XL_TICK_LABEL_POSITION.NONE


def _value_axis(value: Any, row: Row, plot: Canvas) -> None:  # noqa: ANN401
    """As many ticks as are apart from each other: 0 or the lowest, and one more at least."""
    most = max(1, min(4, int(plot.height / _TICK_HEIGHT) - 1))
    span = row.high - (0.0 if _begins_at_zero(row) else row.low)
    unit = min(_even(span / (most + 0.4)), _even_below(span))
    low = 0.0 if _begins_at_zero(row) else math.floor(row.low / unit + 1e-9) * unit
    value.minimum_scale, value.maximum_scale = low, row.high
    value.major_unit = unit
    form = _format(row, unit, low)
    if low == 0 and plot.height < _ROW_WITH_ZERO:
        form = f"{form};-{form};"  # 0 goes without saying where it would touch the row below
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = form, False
    value.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    value.has_major_gridlines = True
    plot.look.paint(value.major_gridlines.format.line.color, plot.look.theme.grid)
    value.major_gridlines.format.line.width = Pt(0.5)


def _begins_at_zero(row: Row) -> bool:
    """Whether the room below 0 is only there to keep rows apart."""
    return row.low <= 0 and -row.low < 0.13 * (row.high - row.low)


def _even_below(length: float) -> float:
    """The largest 1, 2, 2.5 or 5 of its size up to a length."""
    size = 10.0 ** math.floor(math.log10(length))
    return max(n * size for n in (1, 2, 2.5, 5) if n * size <= length * (1 + 1e-9))


def _even(length: float) -> float:
    """The next 1, 2, 2.5 or 5 of its size that is not below a length."""
    size = 10.0 ** math.floor(math.log10(length))
    return next((n * size for n in (1, 2, 2.5, 5) if n * size >= length * (1 - 1e-9)), 10 * size)


def _format(row: Row, unit: float, low: float) -> str:
    """How a spreadsheet writes the values of a row, whose ticks are ``unit`` apart from ``low`` on."""
    high, suffix = row.high, row.scale.suffix
    if "%" in row.scale.ticks:
        if row.scale.factor != 1.0:
            return '0"%"'
        percent = "0" + ("." + "0" * _decimals(unit * 100) if _decimals(unit * 100) else "") + "%"
        return f'[<={low!r}]"≤ "{percent};{percent}' if row.key == SUCCESS and _goes_below(row, low) else percent
    if suffix in (" ms", " s", " min"):
        return '0.0##" s"' if high < 10 else '#,##0" s"'
    return next(form for least, form in _SIZES if high >= least)


def _decimals(unit: float) -> int:
    """How many decimals tell multiples of a unit apart."""
    return next(n for n in range(9) if n == 8 or abs(round(unit, n) - unit) < unit * 1e-6)


def _goes_below(row: Row, low: float) -> bool:
    return any((curve.line.values < low).any() for curve in row.curves)
