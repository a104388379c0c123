"""Texts, boxes and tables on slides. Everything is plain text: nothing of it is read as markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from tomoni.snapshots.exporters.slides.look import Look
from tomoni.snapshots.exporters.slides.measure import LINE, height_of

SMALL, TEXT, LOUD = 14.0, 16.0, 18.0  # points: the smallest of all, of the talk, and what leads
# What XML cannot hold.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Canvas:
    """A place on a slide: the slide's shapes and look, and where it begins and how large it is (EMU)."""

    shapes: Any
    look: Look
    left: int
    top: int
    width: int
    height: int

    def below(self, taken: int) -> Canvas:
        """What is left below a height that is taken."""
        used = min(taken, self.height)
        return replace(self, top=self.top + used, height=self.height - used)


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set: its size in points, its colour, whether it is bold, and on which side."""

    size: float
    ink: str
    strong: bool = False
    right: bool = False


def plain(value: str) -> str:
    """A text without what a slide cannot hold."""
    return _UNPRINTABLE.sub(" ", value)


def describe(shape: Any, name: str, text: str) -> None:  # noqa: ANN401 - python-pptx is not typed
    """Names a shape, and describes it to whoever does not see it."""
    shape.name = plain(name)[:255]
    shape._element._nvXxPr.cNvPr.set("descr", plain(text))


def write(paragraph: Any, value: str, type_: Type, look: Look) -> None:  # noqa: ANN401
    """Adds a run of text; its font is the theme's, so that Japanese has the theme's Japanese one."""
    if value:
        run = paragraph.add_run()
        run.text = plain(value)
        run.font.size, run.font.bold = Pt(type_.size), type_.strong
        look.paint(run.font.color, type_.ink)
    else:  # an empty line is as high as its type
        size = {"sz": str(Pt(type_.size).centipoints)}
        paragraph._p.append(paragraph._p.makeelement(qn("a:endParaRPr"), size))
    paragraph.line_spacing = Pt(round(type_.size * LINE, 1))
    if type_.right:
        paragraph.alignment = PP_ALIGN.RIGHT


def add_text(place: Canvas, value: str, type_: Type, middle: bool = False) -> Any:  # noqa: ANN401
    """A text box as large as its place, a paragraph a line."""
    box = place.shapes.add_textbox(place.left, place.top, place.width, place.height)
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if middle else MSO_ANCHOR.TOP
    for n, line in enumerate(value.split("\n")):
        write(frame.paragraphs[0] if n == 0 else frame.add_paragraph(), line, type_, place.look)
    return box


def add_box(place: Canvas, fill: str | None, border: str | None = None) -> Any:  # noqa: ANN401
    """A plain box."""
    box = place.shapes.add_shape(MSO_SHAPE.RECTANGLE, place.left, place.top, max(1, place.width), place.height)
    box._element.remove(box._element.find(qn("p:style")))  # shadows and rims of the theme
    if fill is None:
        box.fill.background()
    else:
        box.fill.solid()
        place.look.paint(box.fill.fore_color, fill)
    if border is None:
        box.line.fill.background()
    else:
        place.look.paint(box.line.color, border)
        box.line.width = Pt(0.75)
    return box


_BULLET = "•  "


def listing_height(items: Sequence[str], size: float, width: int) -> int:
    """The height of short texts below each other."""
    return sum(height_of(_BULLET + item, size, width) + Pt(size) // 3 for item in items)


def add_listing(place: Canvas, items: Sequence[str], size: float) -> None:
    """Short texts below each other, each with a dot."""
    lines = "\n".join(_BULLET + item.replace("\n", " ") for item in items)
    box = add_text(place, lines, Type(size, place.look.theme.text))
    for paragraph in box.text_frame.paragraphs:
        paragraph.space_after = Emu(Pt(size) // 3)
