"""The words beside the charts of a joint figure: a title at the left of each row, the names of its lines at the right.

They are texts of the slide and not a chart's legend, which programs put onto the lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape

from pptx.util import Inches, Pt

from tomoni.slo.model import Line
from tomoni.snapshots.exporters.slides.measure import LINE, count_lines, fitted, width_of
from tomoni.snapshots.exporters.slides.shapes import SMALL, Canvas, Type, add_text

LABELS = Inches(0.34)  # below the last row, for the time
_LINE = round(Pt(SMALL) * LINE)
_GAP = Inches(0.12)
_LEFT, _RIGHT = (Inches(1.3), Inches(2.3)), (Inches(0.6), Inches(2.95))
_LINES = {False: 1, True: 3}  # that a row is high at least: those that weigh more are what the figure is about
_NARROW = Inches(10)
Label = tuple[str, str, Line]


@dataclass(frozen=True, slots=True, eq=False)
class Rowed:
    """What of a row has to do with words: its title, weight, range, and its labels with colour and line.
    Labels are HTML-escaped."""

    title: str
    weight: float
    low: float
    high: float
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The widths of the columns beside the charts."""

    left: int
    right: int

    @classmethod
    def beside(cls, place: Canvas, rows: Sequence[Rowed]) -> Words:
        """As wide as the words need, within limits."""
        share = 1.0 if place.width > _NARROW else 0.8
        left = max((width_of(row.title, SMALL, bold=True) for row in rows), default=0) + _GAP
        right = max((width_of(unescape(label[0]), SMALL) for row in rows for label in row.labels), default=0) + _GAP
        return cls(
            *(
                int(max(low, min(high * share, each)))
                for each, (low, high) in zip((left, right), (_LEFT, _RIGHT), strict=True)
            )
        )


def heights(rows: Sequence[Rowed], words: Words, height: int) -> list[int]:
    """The height of each row: its words at least where there is room for all of them, what is left by weight."""
    lines = [max(_title_lines(row, words), _label_lines(row, words), _LINES[row.weight > 1]) for row in rows]
    needed = [each * _LINE * 1.05 for each in lines]
    least = needed if sum(needed) <= height * 0.95 else [_LINE * 1.25] * len(rows)
    spare, weights = max(0.0, height - sum(least)), sum(row.weight for row in rows) or 1
    return [int(low + spare * row.weight / weights) for low, row in zip(least, rows, strict=True)]


def _title_lines(row: Rowed, words: Words) -> int:
    return min(3, count_lines(row.title, SMALL, words.left - _GAP, bold=True))


def _label_lines(row: Rowed, words: Words) -> int:
    return sum(min(2, count_lines(unescape(label), SMALL, words.right)) for label, _, _ in row.labels)


def add_title(row: Rowed, place: Canvas) -> None:
    """The title of a row, cut to the lines that there are."""
    lines = max(1, int(place.height // _LINE))
    width = place.width - _GAP
    shown = fitted(row.title, SMALL, width, lines, bold=True)
    add_text(replace(place, width=width), shown, Type(SMALL, place.look.theme.text, strong=True))


def draw_labels(row: Rowed, place: Canvas) -> None:
    """The names of the lines, each as near to its line's end as it can be without touching another."""
    fit = max(1, int(place.height // _LINE))
    labels = row.labels[:fit]
    each = 2 if _pairs(labels, place.width) <= fit else 1
    boxes = [
        (_level(row, line, place.height), fitted(unescape(label), SMALL, place.width, each), color)
        for label, color, line in labels
    ]
    top = 0
    rest = [count_lines(label, SMALL, place.width) * _LINE for _, label, _ in sorted(boxes, key=lambda box: box[0])]
    for n, (level, label, color) in enumerate(sorted(boxes, key=lambda box: box[0])):
        latest = place.height - sum(rest[n:])
        at = max(top, min(round(level) - rest[n] // 2, latest))
        add_text(replace(place, top=place.top + at, height=rest[n]), label, Type(SMALL, color))
        top = at + rest[n]


def _pairs(labels: Sequence[Label], width: int) -> int:
    return sum(min(2, count_lines(unescape(label), SMALL, width)) for label, _, _ in labels)


def _level(row: Rowed, line: Line, height: int) -> float:
    """How far below the top of the row a line ends."""
    share = (row.high - float(line.values[-1])) / ((row.high - row.low) or 1.0)
    return height * min(1.0, max(0.0, share))
