"""What lies behind the charts of a joint figure: shaded episodes with letters, exclusions, moments that matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.util import Inches, Pt

from tomoni.charts.annotations import Annotations, Stretch
from tomoni.charts.clock import wall
from tomoni.charts.folding import folded
from tomoni.charts.frame import Frame
from tomoni.charts.theme import see_through
from tomoni.slo.model import State
from tomoni.snapshots.exporters.slides.measure import LINE, width_of
from tomoni.snapshots.exporters.slides.shapes import SMALL, Canvas, Type, add_box, add_text, describe

MARKS = Inches(0.28)  # above the first row, for letters
_LEAST = Inches(0.03)


def draw_marks(annotations: Annotations, frame: Frame, plot: Canvas) -> None:
    """Draws the annotations that touch the period behind all rows, and their letters above."""
    theme, labels = plot.look.theme, []
    for stretch, place in _places(annotations.exclusions, frame, plot):
        box = add_box(place, theme.grid)
        box.fill.patterned()
        box.fill.pattern = MSO_PATTERN.LIGHT_UPWARD_DIAGONAL
        plot.look.paint(box.fill.fore_color, theme.border)
        plot.look.paint(box.fill.back_color, theme.panel)
        describe(box, frame.text._("Exclusions"), frame.text.span(stretch.start, stretch.end))
    ink = theme.states[State.AT_RISK]
    for stretch, place in _places(annotations.episodes, frame, plot):
        box = add_box(place, see_through(ink, 0.22))
        describe(box, stretch.label, f"{stretch.label}: {frame.text.span(stretch.start, stretch.end)}")
        labels.append((place.left + place.width // 2, stretch.label, Type(SMALL, ink, strong=True)))
    for event in folded(annotations.events, frame):
        at = _across(event.at, frame, plot)
        _line(at, plot)
        labels.append((at, event.label, Type(SMALL, theme.muted)))
    _write(sorted(labels, key=lambda each: each[0]), plot)


def _places(stretches: tuple[Stretch, ...], frame: Frame, plot: Canvas) -> Iterator[tuple[Stretch, Canvas]]:
    """The stretches that touch the period, with their places, wide enough to be seen."""
    for stretch in stretches:
        if stretch.end > frame.start and stretch.start < frame.end:
            left, right = (_across(moment, frame, plot) for moment in (stretch.start, stretch.end))
            yield stretch, replace(plot, left=left, width=max(_LEAST, right - left))


def _across(moment: int, frame: Frame, plot: Canvas) -> int:
    zone = frame.text.zone
    first, last = wall(frame.start, zone), wall(frame.end, zone)
    share = (wall(min(max(moment, frame.start), frame.end), zone) - first) / (last - first)
    return plot.left + round(plot.width * share)


def _line(at: int, plot: Canvas) -> None:
    line = plot.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, at, plot.top, at, plot.top + plot.height)
    plot.look.paint(line.line.color, plot.look.theme.muted)
    line.line.width, line.line.dash_style = Pt(1), MSO_LINE.DASH


def _write(labels: list[tuple[int, str, Type]], plot: Canvas) -> None:
    """The labels above the first row; one that its left neighbour leaves no room for is left out."""
    height, free = round(Pt(SMALL) * LINE), plot.left - Inches(0.5)
    for at, label, type_ in labels:
        width = width_of(label, type_.size, type_.strong) + Pt(4)
        left = min(at - width // 2, plot.left + plot.width - width)
        if left >= free and label:
            add_text(replace(plot, left=left, top=plot.top - MARKS, width=width, height=height), label, type_)
            free = left + width
