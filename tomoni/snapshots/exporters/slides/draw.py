"""One slide as it was planned: its title and small print in the placeholders of its layout, its pieces in columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_AUTO_SIZE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from tomoni.snapshots.document.model import Block, Cards, Document, Figure, Listing, Paragraph, Table, Tone
from tomoni.snapshots.exporters.html.blocks import escaped
from tomoni.snapshots.exporters.slides import cards, charts, tables
from tomoni.snapshots.exporters.slides.look import Look
from tomoni.snapshots.exporters.slides.measure import LINE, count_lines, fitted, height_of, largest_size, width_of
from tomoni.snapshots.exporters.slides.pieces import GAP, Heading, Piece
from tomoni.snapshots.exporters.slides.plan import Plan
from tomoni.snapshots.exporters.slides.shapes import (
    LOUD,
    SMALL,
    Canvas,
    Type,
    add_listing,
    add_text,
    listing_height,
    plain,
)
from tomoni.snapshots.exporters.slides.themes import name_japanese_font

_TITLES = (28.0, 26.0, 24.0, 22.0, 20.0, LOUD)
_DIVIDER_SIZE = 40.0
_DOT = " · "
_SENTENCE = re.compile(r"(?<=[.!?] )(?=\W*[A-Z0-9])|(?<=。)")  # before one begins
_INSETS = (("lIns", 91_440), ("rIns", 91_440), ("tIns", 45_720), ("bIns", 45_720))  # where nothing is said
_FIELD = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"  # one for all: only its form is prescribed
_SIZE = f'<a:rPr lang="en-US" sz="{Pt(SMALL).centipoints}"/>'


def add_slide(look: Look, document: Document, plan: Plan) -> None:
    """Adds a slide to the presentation."""
    layout = look.divider if plan.contents else look.content
    slide = look.deck.slides.add_slide(layout)
    _fill_title(slide, plan)
    _fill_others(slide, plan, look)
    _small_print(slide, layout, document)
    left, between = look.room.left, int(look.room.width * (1 - sum(plan.shares)))
    for pieces, share in zip(plan.columns, plan.shares, strict=False):
        width = int(look.room.width * share)
        _column(pieces, Canvas(slide.shapes, look, left, look.room.top, width, look.room.height), plan.title)
        left += width + between
    slide.notes_slide.notes_text_frame.text = plain(plan.notes or plan.title)
    name_japanese_font(slide.notes_slide.part.notes_master)


def _fill_title(slide: Any, plan: Plan) -> None:  # noqa: ANN401 - python-pptx is not typed
    """The sentence, as large as its place allows; one that is too long is whole in the notes."""
    title = slide.shapes.title
    frame = title.text_frame
    width, height = _inside(title, slide.slide_layout)
    size = _DIVIDER_SIZE if plan.contents else largest_size(plan.title, _TITLES, width, height)
    lines = max(1, int(height // (Pt(size) * LINE)))
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.word_wrap = True
    frame.text = plain(_as_told(plan.title, size, width, lines))
    for paragraph in frame.paragraphs:
        paragraph.line_spacing = Pt(round(size * LINE, 1))
        for run in paragraph.runs:
            run.font.size = Pt(size)


def _as_told(title: str, size: float, width: int, lines: int) -> str:
    """A title in some lines: whole sentences of each language where not all find place, a part of the first where not
    even it does."""
    told = [[found for found in _SENTENCE.split(line) if found] for line in title.split("\n")]
    while True:
        said = "\n".join("".join(sentences).strip() for sentences in told)
        longest = max(told, key=len)
        if len(longest) < 2 or count_lines(said, size, width, bold=True) <= lines:
            return fitted(said, size, width, lines, bold=True)
        longest.pop()


def _inside(title: Any, layout: Any) -> tuple[int, int]:  # noqa: ANN401
    """Width and height of the text of a title, whose margins its layout or the master may set."""
    masters = [shape for shape in layout.slide_master.placeholders if shape.placeholder_format.idx == 0]
    layouts = [shape for shape in layout.placeholders if shape.placeholder_format.idx == 0]
    bodies = [body for shape in (title, *layouts, *masters) for body in shape._element.iter(qn("a:bodyPr"))]
    sides = {name: next((body.get(name) for body in bodies if body.get(name)), usual) for name, usual in _INSETS}
    return (
        title.width - int(sides["lIns"]) - int(sides["rIns"]),
        title.height - int(sides["tIns"]) - int(sides["bIns"]),
    )


def _fill_others(slide: Any, plan: Plan, look: Look) -> None:  # noqa: ANN401
    """The contents of a divider in its text; placeholders that stay empty are taken away."""
    bodies = [
        s for s in slide.placeholders if s.placeholder_format.type in (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT)
    ]
    body = bodies[0] if plan.contents and bodies else None
    for shape in list(slide.placeholders):
        if shape.placeholder_format.idx != 0 and (body is None or shape._element is not body._element):
            shape._element.getparent().remove(shape._element)
    if body is not None:
        body.text_frame.text = plain("\n".join(plan.contents))
        for paragraph in body.text_frame.paragraphs:
            for run in paragraph.runs:
                run.font.size = Pt(LOUD)
    elif plan.contents:
        room = Canvas(slide.shapes, look, look.room.left, look.room.top, look.room.width, look.room.height)
        add_listing(room, plan.contents, LOUD)


def _small_print(slide: Any, layout: Any, document: Document) -> None:  # noqa: ANN401
    """App and period in the footer, and the number of the slide, where the layout has places for them."""
    for shape in layout.placeholders:
        kind, spot = shape.placeholder_format.type, shape.placeholder_format
        if kind is PP_PLACEHOLDER.SLIDE_NUMBER:
            number = len(slide.part.package.presentation_part.presentation.slides)
            field = f'<a:fld id="{_FIELD}" type="slidenum">{_SIZE}<a:t>{number}</a:t></a:fld>'
            _placeholder(slide, "sldNum", spot.idx, "Slide Number", field)
        elif kind is PP_PLACEHOLDER.FOOTER:
            words = escaped(plain(_footer(document, shape.width)))
            run = f"<a:r>{_SIZE}<a:t>{words}</a:t></a:r>"
            _placeholder(slide, "ftr", spot.idx, "Footer", run)


def _placeholder(slide: Any, kind: str, index: int, name: str, content: str) -> None:  # noqa: ANN401
    """A placeholder of the layout, which python-pptx does not bring onto a slide."""
    number = max((int(each) for each in slide.shapes._spTree.xpath("//@id") if each.isdigit()), default=1) + 1
    slide.shapes._spTree.append(
        parse_xml(
            f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr/>'
            f'<p:nvPr><p:ph type="{kind}" idx="{index}" sz="quarter"/></p:nvPr></p:nvSpPr><p:spPr/>'
            f"<p:txBody><a:bodyPr/><a:lstStyle/><a:p>{content}</a:p></p:txBody></p:sp>"
        )
    )


def _footer(document: Document, width: int) -> str:
    """The app with as much of teams, period and moment as there is room for: the period first."""
    parts = document.lead.split(_DOT)
    period = parts[-2] if len(parts) > 1 else parts[0]
    for words in ((document.title, *parts), (document.title, *parts[-2:]), (document.title, period)):
        if width_of(_DOT.join(words), SMALL) <= width:
            return _DOT.join(words)
    return fitted(document.title, SMALL, width)


def _column(pieces: Sequence[Piece], room: Canvas, title: str) -> None:
    """Pieces below each other; those that are flexible share what is left of the height."""
    flexible = sum(piece.flexible for piece in pieces)
    spare = max(0, room.height - sum(piece.height for piece in pieces))
    for piece in pieces:
        height = piece.height + (spare // flexible if piece.flexible else 0)
        _piece(piece, replace(room, height=min(height - GAP, room.height)), title)
        room = room.below(height)


def _piece(piece: Piece, place: Canvas, title: str) -> None:
    content: Block | Heading = piece.content
    theme = place.look.theme
    match content:
        case Heading():
            _heading(content, place)
        case Cards():
            cards.add_cards(content.cards, place)
        case Table():
            laid_out = tables.ruled(content, piece.size, place.width)
            tables.add_table(tables.stretched(laid_out, place.height), place, title)
        case Figure():
            charts.add_figure(content, place, piece.of_figure, piece.titled)
        case Paragraph():
            ink = theme.muted if content.tone is Tone.QUIET else theme.text
            add_text(
                replace(place, height=height_of(content.text, piece.size, place.width)),
                content.text,
                Type(piece.size, ink),
            )
        case Listing():
            height = min(place.height, listing_height(content.items, piece.size, place.width))
            add_listing(replace(place, height=height), content.items, piece.size)


def _heading(heading: Heading, place: Canvas) -> None:
    theme = place.look.theme
    if heading.title:
        height = height_of(heading.title, LOUD, place.width, bold=True)
        add_text(replace(place, height=height), heading.title, Type(LOUD, theme.text, strong=True))
        place = place.below(height)
    if heading.message:
        height = height_of(heading.message, heading.size, place.width)
        add_text(replace(place, height=height), heading.message, Type(heading.size, theme.text))
