"""Our own master, 16 to 9: made of the one that python-pptx brings, whose layouts are for another size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from tomoni.charts.theme import LIGHT
from tomoni.snapshots.exporters.slides.look import Look, Room
from tomoni.snapshots.exporters.slides.themes import name_japanese_font, own_names, write_theme

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
_LEFT, _TOP, _FOOT = Inches(0.55), Inches(1.42), Inches(0.42)
_DIVIDER, _CONTENT = 2, 5  # of python-pptx's own layouts: a section's header, a title only
_NUMBER = Inches(0.9)
_MORE = Inches(0.32)
_ROOM = Room(_LEFT, _TOP, WIDTH - 2 * _LEFT, HEIGHT - _TOP - _FOOT - Inches(0.22))
_TITLE = Room(_LEFT, Inches(0.4), _ROOM.width, Inches(0.92))
_FOOTER = Room(_LEFT, HEIGHT - _FOOT - Inches(0.08), _ROOM.width - _NUMBER, Inches(0.32))
_PLACES = {
    PP_PLACEHOLDER.TITLE: _TITLE,
    PP_PLACEHOLDER.BODY: _ROOM,
    PP_PLACEHOLDER.FOOTER: _FOOTER,
    PP_PLACEHOLDER.SLIDE_NUMBER: Room(_LEFT + _FOOTER.width, _FOOTER.top, _NUMBER, _FOOTER.height),
}
_DIVIDER_TITLE = Room(_LEFT, Inches(2.2), _ROOM.width, Inches(1.1))
_DIVIDER_BODY = Room(_LEFT, Inches(3.5), _ROOM.width, Inches(3.0))


def own_look(languages: int = 1) -> Look:
    """A presentation of ours without slides. Titles in two languages are higher."""
    more = _MORE if languages > 1 else 0
    room = replace(_ROOM, top=_ROOM.top + more, height=_ROOM.height - more)
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    master, layouts = deck.slide_master, list(deck.slide_layouts)
    content, divider = layouts[_CONTENT], layouts[_DIVIDER]
    for layout in layouts:
        if layout not in (content, divider):
            deck.slide_layouts.remove(layout)
    write_theme(master, LIGHT)
    name_japanese_font(master)
    _shape_master(master, _PLACES | {PP_PLACEHOLDER.TITLE: replace(_TITLE, height=_TITLE.height + more)})
    for layout in (content, divider):
        _follow_master(layout)
    _shape_divider(divider)
    return Look(deck, content, divider, room, LIGHT, own_names(LIGHT))


def _shape_master(master: Any, places: Mapping[PP_PLACEHOLDER, Room]) -> None:  # noqa: ANN401 - python-pptx is not typed
    """The places of the master, and its type: titles at the left, bold, as long as a sentence."""
    for shape in list(master.placeholders):
        kind = shape.placeholder_format.type
        if kind in places:
            place(shape, places[kind])
            frame = shape.text_frame
            frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        else:
            shape._element.getparent().remove(shape._element)
        if kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
            _small_print(shape, "l" if kind is PP_PLACEHOLDER.FOOTER else "r")
        if kind is PP_PLACEHOLDER.TITLE:
            body = shape._element.find(f".//{qn('a:bodyPr')}")
            body.set("anchor", "t")
            body[:] = []  # no shrinking: sizes are chosen so that titles fit
    style = master._element.find(f"{qn('p:txStyles')}/{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    style.find(qn("a:defRPr")).set("sz", str(Pt(24).centipoints))
    style.find(qn("a:defRPr")).set("b", "1")


def _small_print(shape: Any, align: str) -> None:  # noqa: ANN401
    for level in shape._element.iter(qn("a:lvl1pPr")):
        level.set("algn", align)
        letters = level.find(qn("a:defRPr"))
        letters.set("sz", str(Pt(14).centipoints))
        letters[:] = []
        fill = letters.makeelement(qn("a:solidFill"), {})
        fill.append(fill.makeelement(qn("a:schemeClr"), {"val": "tx2"}))
        letters.append(fill)


def _follow_master(layout: Any) -> None:  # noqa: ANN401
    """Takes their own places from a layout's placeholders, and those that the master has no more."""
    for shape in list(layout.placeholders):
        if shape.placeholder_format.type is PP_PLACEHOLDER.DATE:
            shape._element.getparent().remove(shape._element)
        else:
            for own in shape._element.spPr.findall(qn("a:xfrm")):
                shape._element.spPr.remove(own)


def _shape_divider(layout: Any) -> None:  # noqa: ANN401
    """The divider, on the first colour."""
    layout.background.fill.solid()
    layout.background.fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1
    for shape in list(layout.placeholders):
        kind = shape.placeholder_format.type
        if kind in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.BODY):
            title = kind is PP_PLACEHOLDER.TITLE
            place(shape, _DIVIDER_TITLE if title else _DIVIDER_BODY)
            shape._element.find(f".//{qn('a:bodyPr')}").set("anchor", "b" if title else "t")
        if kind is PP_PLACEHOLDER.FOOTER:
            shape._element.getparent().remove(shape._element)
        if kind is PP_PLACEHOLDER.SLIDE_NUMBER:
            levels = shape._element.find(f".//{qn('a:lstStyle')}")
            levels[:] = [parse_xml(f'<a:lvl1pPr {nsdecls("a")} algn="r"><a:defRPr/></a:lvl1pPr>')]
        for letters in shape._element.iter(qn("a:defRPr")):
            letters.attrib.pop("cap", None)
            for fill in letters.findall(qn("a:solidFill")):
                letters.remove(fill)
            fill = letters.makeelement(qn("a:solidFill"), {})
            fill.append(fill.makeelement(qn("a:schemeClr"), {"val": "bg1"}))
            letters.insert(0, fill)


def place(shape: Any, room: Room) -> None:  # noqa: ANN401
    """Puts a shape into its place."""
    shape.left, shape.top, shape.width, shape.height = room.left, room.top, room.width, room.height
