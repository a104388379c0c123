"""The row of a figure that shows what was asked of a source: its lines, an earlier time under them, or a heat map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

import numpy as np

from data_sources.base import Interval
from data_sources.exploring import Heat, Lines
from data_sources.exploring import Line as Answered
from tomoni.catalog.schema import Unit
from tomoni.charts.clock import gaps
from tomoni.charts.frame import Frame
from tomoni.charts.ranges import LARGEST, SMALLEST, drawable
from tomoni.charts.rows import Cells, Curve, Row, Stroke, Tick
from tomoni.charts.theme import Theme, see_through
from tomoni.charts.units import Scale, scale_of
from tomoni.charts.wrapping import BREAK, shortened
from tomoni.slo.model import FloatArray, IntArray, Line
from tomoni.words.asking import units
from tomoni.words.explored import line_names

METRIC = "metric"
_WEIGHT, _MANY_WEIGHT = 2.4, 3.2
_FIRST_COLOR = 3  # the first three belong to the rows of an SLO
_MANY, _MOST_LABELS, _LABEL_PLACES = 5, 4, 22  # more labels would lie beside other rows; the table has all
_PALE = 0.5
_ROOM = 0.06
_ZERO_WITHIN = 0.5  # lines that stay above this share of their highest value are drawn without 0
_MOST_TICKS = 8
_LEAST_POWER, _MOST_POWER = -323.0, 307.0  # of ten, that a number can be
_LINE_PLACES, _PARTING = 20, "_-:/."


@dataclass(frozen=True, slots=True, eq=False)
class Explored:
    """What was asked, and how it is drawn. ``earlier`` is the answer for an interval ``shift`` seconds before, called
    ``earlier_name``; ``log`` draws powers of ten evenly, ``stacked`` puts each line on those before."""

    answer: Lines
    title: str
    earlier: Lines | None = None
    shift: int = 0
    earlier_name: str = ""
    log: bool = False
    stacked: bool = False


def colors_of(lines: Sequence[Answered], theme: Theme) -> list[str]:
    """The colour of each line; what is summed up has none of its own."""
    return [theme.muted if each.summed else theme.series(_FIRST_COLOR + place) for place, each in enumerate(lines)]


def explored_row(shown: Explored, frame: Frame) -> Row:
    """The row of what was asked."""
    if shown.answer.heat is not None:
        return _heat_row(shown, shown.answer.heat, frame)
    without = _gaps(shown.answer, frame)
    shown = replace(shown, answer=_placed(shown.answer), earlier=_placed(shown.earlier) if shown.earlier else None)
    scale = scale_of(_unit(shown.answer.unit), _highest(shown.answer))
    curves = _stacked(shown, frame, scale) if shown.stacked else _beside(shown, frame, scale)
    if shown.log:
        curves = tuple(_logarithmic(each, scale) for each in curves)
    low, high = _range(curves, shown.log)
    return Row(
        key=METRIC,
        title=escape(_breaking(shown.title), quote=False),
        curves=curves,
        low=low,
        high=high,
        scale=Scale(1.0, "", "~r", ".3~r") if shown.log else scale,
        gaps=without,
        weight=_MANY_WEIGHT if len(shown.answer.lines) > _MANY else _WEIGHT,
        unit=_unit_name(shown.answer.unit, frame),
        ticks=_log_ticks(low, high, _unit(shown.answer.unit), frame) if shown.log else (),
    )


def _placed(answer: Lines) -> Lines:
    """An answer with the values that have a place on an axis; the table and the files have the others."""
    lines = (
        replace(
            line,
            values=drawable(line.values),
            low=None if line.low is None else drawable(line.low),
            high=None if line.high is None else drawable(line.high),
        )
        for line in answer.lines
    )
    return replace(answer, lines=tuple(lines))


def _breaking(name: str) -> str:
    """The name of a metric with a place where a line may end, behind the last sign of its first line that parts it."""
    at = max((place for place, sign in enumerate(name[:_LINE_PLACES]) if sign in _PARTING), default=0)
    return f"{name[: at + 1]}{BREAK}{name[at + 1 :]}" if at and len(name) > _LINE_PLACES and " " not in name else name


def _beside(shown: Explored, frame: Frame, scale: Scale) -> tuple[Curve, ...]:
    """The earlier time as pale lines, bands, then the lines."""
    lines, times = shown.answer.lines, _times(shown.answer.interval)
    names, colors = line_names(lines, frame.text), colors_of(lines, frame.theme)
    made = [*_earlier(shown, names, colors, frame)]
    for line, color in zip(lines, colors, strict=True):
        if line.low is not None and line.high is not None and len(lines) <= _MANY:
            made.append(Curve(Line(times, line.low), color, stroke=Stroke.EDGE))
            made.append(Curve(Line(times, line.high), color, stroke=Stroke.BAND))
    for place, (line, name, color) in enumerate(zip(lines, names, colors, strict=True)):
        label = escape(shortened(name, _LABEL_PLACES), quote=False) if place < _MOST_LABELS else ""
        made.append(Curve(Line(times, line.values), color, _named(name, shown), label, Stroke.PLAIN, pattern=""))
    return tuple(made)


def _named(name: str, shown: Explored) -> str:
    return escape(shortened(name or shown.title, 60), quote=False)


def _earlier(shown: Explored, names: Sequence[str], colors: Sequence[str], frame: Frame) -> list[Curve]:
    """Each line as it was earlier, moved to the present."""
    if shown.earlier is None:
        return []
    by_name = dict(zip(names, colors, strict=True))
    times = _times(shown.earlier.interval) + shown.shift
    found = zip(line_names(shown.earlier.lines, frame.text), shown.earlier.lines, strict=True)
    return [
        Curve(
            Line(times, line.values),
            see_through(by_name.get(name, frame.theme.muted), _PALE),
            escape(", ".join(filter(None, (shortened(name, 40), shown.earlier_name))), quote=False),
            shown.earlier_name if len(names) == 1 else "",
        )
        for name, line in found
    ]


def _stacked(shown: Explored, frame: Frame, scale: Scale) -> tuple[Curve, ...]:
    """Each line on the sum of those before; its hover label has its own value."""
    lines, times = shown.answer.lines, _times(shown.answer.interval)
    nothing = np.all([np.isnan(each.values) for each in lines], axis=0) if lines else np.zeros(len(times), bool)
    below = np.zeros(len(times))
    made: list[Curve] = []
    names, colors = line_names(lines, frame.text), colors_of(lines, frame.theme)
    for line, name, color in zip(lines, names, colors, strict=True):
        below = below + np.nan_to_num(line.values)
        stroke = Stroke.STACKED if made else Stroke.AREA
        made.append(
            Curve(
                Line(times, np.where(nothing, np.nan, below)),
                color,
                _named(name, shown),
                stroke=stroke,
                facts=(line.values * scale.factor)[:, None],
                pattern="%{customdata[0]:" + scale.hover + "}" + scale.suffix,
            )
        )
    return tuple(made)


def _logarithmic(curve: Curve, scale: Scale) -> Curve:
    """A curve on a scale of powers of ten; what is not above 0 has no place on it."""
    values = curve.line.values
    heights = np.log10(values, out=np.full(len(values), np.nan), where=values > 0)
    facts = curve.facts if curve.facts is not None else (values * scale.factor)[:, None]
    pattern = curve.pattern or "%{customdata[0]:" + scale.hover + "}" + scale.suffix
    return Curve(Line(curve.line.times, heights), curve.color, curve.name, curve.label, curve.stroke, facts, pattern)


def _range(curves: Sequence[Curve], log: bool) -> tuple[float, float]:
    """From the lowest to the highest value with some room; with 0 where that is not far off."""
    values = np.concatenate([each.line.values for each in curves]) if curves else np.zeros(0)
    there = values[np.isfinite(values)]
    if not len(there):
        return 0.0, 1.0
    low, high = float(there.min()), float(there.max())
    if not log and not low > _ZERO_WITHIN * high > 0:
        low, high = min(0.0, low), max(0.0, high)
    room = (high - low) * _ROOM or abs(high) * _ROOM
    room = room if room >= SMALLEST else 1.0  # numbers cannot tell smaller ones apart well
    return low - room, high + room


def _log_ticks(low: float, high: float, unit: Unit, frame: Frame) -> tuple[Tick, ...]:
    """Whole powers of ten, so few that their texts do not touch; those in between where there is only one."""
    low, high = max(low, _LEAST_POWER), min(high, _MOST_POWER)
    powers = [float(power) for power in range(int(np.ceil(low)), int(np.floor(high)) + 1)]
    levels = powers[:: -(-len(powers) // _MOST_TICKS)] if len(powers) > 1 else list(np.linspace(low, high, 3))
    return tuple(Tick(each, frame.text.quantity(10.0**each, unit.value)) for each in levels)


def _gaps(answer: Lines, frame: Frame) -> tuple[tuple[int, int], ...]:
    """Where no line has a value, within what was asked."""
    if not answer.lines:
        return ()
    there = np.any([~np.isnan(each.values) for each in answer.lines], axis=0)
    line = Line(_times(answer.interval), np.where(there, 1.0, np.nan))
    return gaps(line, max(frame.left, answer.interval.start), min(frame.known_right, answer.interval.end))


def _heat_row(shown: Explored, heat: Heat, frame: Frame) -> Row:
    """How many observations fell between which edges, a row of cells for each."""
    interval, counts = shown.answer.interval, drawable(heat.counts)
    edges = edges_of(heat, shown.answer.unit)
    names = tuple(f"≤ {edge}" for edge in edges)
    every = max(1, -(-len(edges) // _MOST_TICKS))
    ticks = tuple(Tick(float(place + 1), edge) for place, edge in enumerate(edges) if place % every == 0)
    return Row(
        key=METRIC,
        title=escape(_breaking(shown.title), quote=False),
        curves=(),
        low=0.0,
        high=float(len(edges)),
        scale=Scale(),
        weight=_MANY_WEIGHT,
        unit=_unit_name(shown.answer.unit, frame),
        ticks=ticks,
        cells=Cells(_times(interval), interval.step_seconds, counts, names, frame.theme.series(_FIRST_COLOR)),
    )


def edges_of(heat: Heat, unit: str) -> list[str]:
    """The edges of a heat map in a unit."""
    scale = scale_of(_unit(unit), max((edge for edge in heat.edges if np.isfinite(edge)), default=1.0))
    return [_edge(edge, scale) for edge in heat.edges]


def _edge(edge: float, scale: Scale) -> str:
    if np.isinf(edge):
        return "∞" if edge > 0 else "-∞"
    return f"{edge * scale.factor:,.4g}{scale.suffix}" if abs(edge) <= LARGEST else f"{edge:,.4g}"


def _times(interval: Interval) -> IntArray:
    return np.arange(interval.start, interval.end, interval.step_seconds, dtype=np.int64)


def _highest(answer: Lines) -> float:
    parts: list[FloatArray] = [each.values[np.isfinite(each.values)] for each in answer.lines]
    return max((float(each.max()) for each in parts if len(each)), default=1.0)


def _unit(name: str) -> Unit:
    """The unit of an answer as the catalog has it; what it does not have is counted."""
    return Unit(name) if name in set(Unit) else Unit.COUNT


def _unit_name(name: str, frame: Frame) -> str:
    """The name of a unit that no number of the row shows."""
    return "" if name in set(Unit) else escape(shortened(units(name, frame.text), 20), quote=False)
