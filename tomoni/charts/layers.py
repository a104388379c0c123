"""What lies over all rows: shaded episodes with letters, incidents, dashed events, hatched exclusions."""

from __future__ import annotations

from html import escape
from typing import Any, NamedTuple

from tomoni.charts.annotations import Annotations, Event, Stretch
from tomoni.charts.canvas import Canvas
from tomoni.charts.clock import wall, written_one
from tomoni.charts.folding import folded
from tomoni.charts.frame import Frame
from tomoni.charts.theme import see_through
from tomoni.charts.wrapping import width
from tomoni.meetings.model import EventKind
from tomoni.slo.model import State

_MOST_PEAKS = 12  # in sight: more of them would colour the whole figure, and are drawn when it is zoomed
_FAINT, _LIGHT = 0.06, 0.1
_ALL_ROWS = {"xref": "x", "yref": "paper", "y0": 0, "y1": 1}


class Label(NamedTuple):
    """A plain text above the first row, at a place in milliseconds, and the lines that are shown over it; ``last``:
    it takes the room that others leave."""

    x: float
    text: str
    color: str
    strong: bool = False
    hover: tuple[str, ...] = ()
    last: bool = False


def draw(canvas: Canvas, annotations: Annotations, frame: Frame, letter: float) -> None:
    """Draws the annotations that touch the period. The hatching of exclusions belongs to the rows.

    ``letter`` is the width of a letter, at most, as a share of what is in sight.
    """
    labels: list[Label] = []
    peaks = _touching(annotations.peaks, frame)
    if len(peaks) <= _MOST_PEAKS:
        labels += [_shade(canvas, stretch, frame.theme.accent, _FAINT, frame) for stretch in peaks]
    for stretch in _touching(annotations.episodes, frame):
        labels.append(_episode(canvas, stretch, frame))
    labels += [_incident(canvas, stretch, frame) for stretch in _touching(annotations.incidents, frame)]
    for stretch in _touching(annotations.exclusions, frame):
        labels.append(Label(sum(_edges(stretch, frame)) / 2, stretch.label, frame.theme.muted))
    labels += [_event(canvas, event, frame) for event in folded(annotations.events, frame)]
    if frame.right > frame.end:
        labels.append(_event(canvas, Event(frame.end, frame.text._("as of")), frame))
    _above(canvas, labels, frame, letter)


def _touching(stretches: tuple[Stretch, ...], frame: Frame) -> list[Stretch]:
    """The stretches that touch the period."""
    return [stretch for stretch in stretches if stretch.end > frame.left and stretch.start < frame.right]


def _edges(stretch: Stretch, frame: Frame) -> tuple[float, float]:
    zone, (start, end) = frame.text.zone, frame.visible(stretch.start, stretch.end)
    return wall(max(start, frame.left), zone), wall(min(end, frame.right), zone)


def _episode(canvas: Canvas, stretch: Stretch, frame: Frame) -> Label:
    """A shade through all rows; its letter belongs above the first."""
    return _shade(canvas, stretch, frame.theme.states[State.AT_RISK], 0.13, frame)._replace(strong=True)


def _incident(canvas: Canvas, stretch: Stretch, frame: Frame) -> Label:
    """A shade between dotted edges through all rows: what people wrote down beside what was measured."""
    label = _shade(canvas, stretch, frame.theme.muted, _LIGHT, frame)
    canvas.shapes[-1]["line"] = {"width": 1, "color": frame.theme.muted, "dash": "dot"}
    return label._replace(hover=stretch.hover)


def _shade(canvas: Canvas, stretch: Stretch, color: str, alpha: float, frame: Frame) -> Label:
    """A shade through all rows; its label belongs above the first."""
    first, last = _edges(stretch, frame)
    edges = {"x0": written_one(first), "x1": written_one(last)}
    shade = {"fillcolor": see_through(color, alpha), "line": {"width": 0}, "layer": "below"}
    canvas.shapes.append({"type": "rect"} | edges | _ALL_ROWS | shade)
    return Label((first + last) / 2, stretch.label, color)


def _event(canvas: Canvas, event: Event, frame: Frame) -> Label:
    """A dashed line through all rows, a dotted one of an alert; its label belongs above the first."""
    at = wall(event.at, frame.text.zone)
    alert = event.kind is EventKind.ALERT
    color = frame.theme.states[State.AT_RISK] if alert else frame.theme.muted
    line = {"width": 1, "color": color, "dash": "dot" if alert else "dash"}
    canvas.shapes.append({"type": "line", "x0": written_one(at), "x1": written_one(at), "line": line} | _ALL_ROWS)
    return Label(at, event.label, color, hover=event.hover, last=alert)


def _above(canvas: Canvas, labels: list[Label], frame: Frame, letter: float) -> None:
    """The labels above the first row; one that its neighbours leave no room for goes a line higher, and where
    there is none either it is left out: its line is there, and the table names it."""
    place = frame.seconds_in_sight * 1000 * letter
    edge = wall(frame.in_sight[1], frame.text.zone)
    taken: list[list[tuple[float, float]]] = [[], []]
    for label in sorted((found for found in labels if found.text), key=lambda each: (each.last, each)):
        half = (width(label.text) + 1) * place / 2
        first, last = label.x - half, label.x + half
        before = canvas.above > 0 and last > edge  # on a phone nothing but the edge of the figure is beside it
        if before:
            first, last = label.x - 2 * half, label.x
        level = next((n for n, known in enumerate(taken) if all(b <= first or a >= last for a, b in known)), None)
        if level is not None:
            taken[level].append((first, last))
            anchor = {"xanchor": "right"} if before else {}
            canvas.note(**_note(label, frame), **anchor, yshift=canvas.line * level + canvas.above)


def _note(label: Label, frame: Frame) -> dict[str, Any]:
    """A label above the first row, with its lines over it."""
    text = escape(label.text, quote=False)
    note: dict[str, Any] = {
        "xref": "x",
        "x": written_one(label.x),
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
        "text": f"<b>{text}</b>" if label.strong else text,
        "font": {"color": label.color},
    }
    if label.hover:
        note["hovertext"] = "<br>".join(escape(line, quote=False) for line in label.hover)
        note["hoverlabel"] = {"bgcolor": frame.theme.panel, "font": {"color": frame.theme.text}}
    return note
