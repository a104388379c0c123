"""Texts, cards and tables on slides. Everything is plain text: nothing of it is read as markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from tomoni.charts.theme import LIGHT
from tomoni.snapshots.document.model import Card, Cell, Column

LATIN, JAPANESE = "Calibri", "Yu Gothic"
# What XML cannot hold.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_CARD_HEIGHT, _GAP = Inches(1.75), Inches(0.18)
_ROW = Inches(0.36)
_FEW_COLUMNS = 8
_ONE_LINE = 20  # letters of a card's title


@dataclass(frozen=True, slots=True)
class Canvas:
    """A place on a slide: the slide's shapes, and where it begins and how large it is."""

    shapes: Any
    left: int
    top: int
    width: int
    height: int

    def below(self, taken: int) -> Canvas:
        """What is left below a height that is taken."""
        used = min(taken + _GAP, self.height)
        return replace(self, top=self.top + used, height=self.height - used)


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set: its size, its colour, whether it is bold."""

    size: int
    ink: str
    strong: bool = False


_SMALL = Type(Pt(8.5), LIGHT.muted)


def color(code: str) -> RGBColor:
    """A colour of the theme, #rrggbb or rgba(); one that is seen through as it looks on a slide."""
    if not code.startswith("rgba("):
        return RGBColor(*bytes.fromhex(code.lstrip("#")))
    *parts, alpha = (float(part) for part in code.removeprefix("rgba(").removesuffix(")").split(","))
    ground = bytes.fromhex(LIGHT.panel.lstrip("#"))
    return RGBColor(*(round(alpha * part + (1 - alpha) * below) for part, below in zip(parts, ground, strict=True)))


def plain(value: str) -> str:
    """A text without what a slide cannot hold."""
    return _UNPRINTABLE.sub(" ", value)


def japanese_too(deck: Any) -> None:  # noqa: ANN401 - python-pptx is not typed
    """Names a Japanese font in the theme, which all texts and charts follow."""
    for master in deck.slide_masters:
        for relation in master.part.rels.values():
            if relation.reltype.endswith("/theme"):
                theme = relation.target_part
                theme._blob = theme.blob.replace(b'<a:ea typeface=""/>', f'<a:ea typeface="{JAPANESE}"/>'.encode())


def add_lines(shapes: Any, lines: Sequence[str], place: Canvas, size: int, strong: bool = False) -> Any:  # noqa: ANN401
    """A text box; quiet unless it is ``strong``."""
    box = shapes.add_textbox(place.left, place.top, place.width, place.height)
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for n, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        ink = LIGHT.text if strong or size >= Pt(14) else LIGHT.muted
        _write(paragraph, line, Type(size, ink, strong))
    return box


def _write(paragraph: Any, value: str, type_: Type) -> None:  # noqa: ANN401
    run = paragraph.add_run()
    run.text = plain(value)
    font = run.font
    font.size, font.bold, font.color.rgb, font.name = type_.size, type_.strong, color(type_.ink), LATIN
    fonts = run._r.get_or_add_rPr()
    fonts.append(fonts.makeelement(qn("a:ea"), {"typeface": JAPANESE}))


def add_cards(cards: Sequence[Card], place: Canvas) -> int:
    """Cards, four in a row; the height they take."""
    across = min(4, max(2, len(cards)))
    width = (place.width - _GAP * (across - 1)) // across
    for n, card in enumerate(cards):
        row, column = divmod(n, across)
        left = place.left + column * (width + _GAP)
        top = place.top + row * (_CARD_HEIGHT + _GAP)
        _card(card, replace(place, left=left, top=top, width=width, height=_CARD_HEIGHT))
    rows = -(-len(cards) // across)
    return rows * _CARD_HEIGHT + (rows - 1) * _GAP


def _card(card: Card, place: Canvas) -> None:
    ink = LIGHT.states[card.state]
    box = _box(place, LIGHT.panel, LIGHT.border)
    box.name = plain(f"{card.title}: {card.main.shown}")
    at = replace(place, left=place.left + _GAP, width=place.width - 2 * _GAP)
    half = replace(at, left=at.left + at.width // 2, width=at.width // 2)
    size = Pt(13) if width_of(card.title) <= _ONE_LINE else Pt(10)
    _line(at, 0.07, card.title, Type(size, LIGHT.text, strong=True))
    _line(at, 0.36, card.subtitle, _SMALL)
    _line(at, 0.50, card.main.shown, Type(Pt(28), ink, strong=True))
    _line(half, 0.68, card.side.shown, Type(Pt(14), LIGHT.text, strong=True), right=True)
    _line(at, 0.97, card.main_label, _SMALL)
    _line(half, 0.97, card.side_label, _SMALL, right=True)
    _bar(replace(at, top=place.top + Inches(1.22), height=Inches(0.07)), card.main.value, ink)
    _line(at, 1.34, " · ".join((card.word, *card.notes)), Type(Pt(9), ink))


def _line(place: Canvas, down: float, value: str, type_: Type, right: bool = False) -> None:
    """One line of a card, ``down`` inches below its top."""
    box = place.shapes.add_textbox(place.left, place.top + Inches(down), place.width, Inches(0.3))
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    _write(frame.paragraphs[0], value, type_)
    if right:
        frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _bar(place: Canvas, share: float | int | None, ink: str) -> None:
    """A budget as a bar: full at 100 %, empty at 0 and below."""
    _box(place, LIGHT.grid, None)
    width = int(place.width * min(1.0, max(0.0, share or 0.0)))
    if width > 0:
        _box(replace(place, width=width), ink, None)


def _box(place: Canvas, fill: str, border: str | None) -> Any:  # noqa: ANN401
    box = place.shapes.add_shape(MSO_SHAPE.RECTANGLE, place.left, place.top, place.width, place.height)
    box.fill.solid()
    box.fill.fore_color.rgb = color(fill)
    box.shadow.inherit = False
    if border is None:
        box.line.fill.background()
    else:
        box.line.color.rgb, box.line.width = color(border), Pt(0.75)
    return box


def add_table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], place: Canvas) -> int:
    """A table with its headings (none: names and values); the height it takes."""
    headed = 1 if columns else 0
    across = len(columns) or len(rows[0])
    height = _ROW * (len(rows) + headed)
    frame = place.shapes.add_table(len(rows) + headed, across, place.left, place.top, place.width, height)
    made = frame.table
    made.first_row, made.horz_banding = bool(headed), False
    numeric = [column.numeric for column in columns] or [False] * across
    for n, share in enumerate(_widths(columns, rows)):
        made.columns[n].width = int(place.width * share)
    size = Pt(11) if across <= _FEW_COLUMNS else Pt(9.5)
    for n, column in enumerate(columns):
        _fill(made.cell(0, n), Cell(column.title), column.numeric, Type(size, LIGHT.muted))
    for m, row in enumerate(rows):
        made.rows[m + headed].height = _ROW
        for n, cell in enumerate(row):
            ink = LIGHT.states[cell.state] if cell.state else LIGHT.text
            _fill(made.cell(m + headed, n), cell, numeric[n], Type(size, ink, cell.state is not None))
    return height


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> list[float]:
    """The share of each column, by its longest text within limits."""
    texts = [[column.title for column in columns], *([cell.shown for cell in row] for row in rows)]
    across = len(rows[0]) if rows else len(columns)
    lengths = [max((width_of(row[n]) for row in texts if row), default=4) for n in range(across)]
    bounded = [min(46, max(9, length + 2)) for length in lengths]
    return [length / sum(bounded) for length in bounded]


def width_of(value: str) -> int:
    """The width of the longest line; a Japanese sign is as wide as two others."""
    return max((sum(1 if sign < "\u2e80" else 2 for sign in line) for line in value.split("\n")), default=0)


def _fill(cell: Any, content: Cell, numeric: bool, type_: Type) -> None:  # noqa: ANN401
    paragraph = cell.text_frame.paragraphs[0]
    _write(paragraph, content.shown, type_)
    if numeric:
        paragraph.alignment = PP_ALIGN.RIGHT
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.fill.solid()
    cell.fill.fore_color.rgb = color(LIGHT.ground if type_.ink == LIGHT.muted else LIGHT.panel)
