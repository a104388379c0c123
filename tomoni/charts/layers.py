"""What lies over all rows: shaded episodes with letters, dashed events, hatched exclusions."""

from __future__ import annotations

from html import escape

from tomoni.charts.annotations import Annotations, Event, Stretch
from tomoni.charts.canvas import Canvas
from tomoni.charts.clock import wall, written_one
from tomoni.charts.frame import Frame
from tomoni.charts.theme import see_through
from tomoni.slo.model import State

Label = tuple[float, str, str]  # where (milliseconds), what, in which colour
_LABEL_SHARE = 0.09
_ALL_ROWS = {"xref": "x", "yref": "paper", "y0": 0, "y1": 1}


def draw(canvas: Canvas, annotations: Annotations, frame: Frame) -> None:
    """Draws the annotations that touch the period. The hatching of exclusions belongs to the rows."""
    labels: list[Label] = []
    for stretch in _touching(annotations.episodes, frame):
        labels.append(_episode(canvas, stretch, frame))
    for stretch in _touching(annotations.exclusions, frame):
        labels.append((sum(_edges(stretch, frame)) / 2, escape(stretch.label, quote=False), frame.theme.muted))
    for event in annotations.events:
        if frame.left <= event.at < frame.right:
            labels.append(_event(canvas, event, frame))
    if frame.right > frame.end:
        labels.append(_event(canvas, Event(frame.end, frame.text._("as of")), frame))
    _above(canvas, labels, frame.seconds_in_sight * 1000 * _LABEL_SHARE)


def _touching(stretches: tuple[Stretch, ...], frame: Frame) -> list[Stretch]:
    """The stretches that touch the period."""
    return [stretch for stretch in stretches if stretch.end > frame.left and stretch.start < frame.right]


def _edges(stretch: Stretch, frame: Frame) -> tuple[float, float]:
    zone, (start, end) = frame.text.zone, frame.visible(stretch.start, stretch.end)
    return wall(max(start, frame.left), zone), wall(min(end, frame.right), zone)


def _episode(canvas: Canvas, stretch: Stretch, frame: Frame) -> Label:
    """A shade through all rows; its letter belongs above the first."""
    color = frame.theme.states[State.AT_RISK]
    first, last = _edges(stretch, frame)
    edges = {"x0": written_one(first), "x1": written_one(last)}
    shade = {"fillcolor": see_through(color, 0.13), "line": {"width": 0}, "layer": "below"}
    canvas.shapes.append({"type": "rect"} | edges | _ALL_ROWS | shade)
    return (first + last) / 2, f"<b>{escape(stretch.label, quote=False)}</b>", color


def _event(canvas: Canvas, event: Event, frame: Frame) -> Label:
    """A dashed line through all rows; its label belongs above the first."""
    at = wall(event.at, frame.text.zone)
    line = {"width": 1, "color": frame.theme.muted, "dash": "dash"}
    canvas.shapes.append({"type": "line", "x0": written_one(at), "x1": written_one(at), "line": line} | _ALL_ROWS)
    return at, escape(event.label, quote=False), frame.theme.muted


def _above(canvas: Canvas, labels: list[Label], near: float) -> None:
    """The labels above the first row; one that is near its left neighbour goes a line higher."""
    last, high = -near, False
    for x, label, color in sorted(found for found in labels if found[1]):
        high = x - last < near and not high
        last = x
        canvas.note(
            xref="x",
            x=written_one(x),
            yref="paper",
            y=1,
            yanchor="bottom",
            yshift=(canvas.line if high else 0) + canvas.above,
            text=label,
            font={"color": color},
        )
