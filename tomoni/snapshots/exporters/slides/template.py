"""A company's own template: its size, layouts, colours and fonts. The file comes from outside and is not trusted."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.oxml.ns import qn
from pptx.util import Inches

from tomoni.snapshots.errors import Code, SnapshotError
from tomoni.snapshots.exporters.readers import UNREADABLE
from tomoni.snapshots.exporters.slides.look import Look, Room
from tomoni.snapshots.exporters.slides.themes import name_japanese_font, read_theme
from tomoni.snapshots.exporters.template import LARGEST, Template

LARGEST_UNPACKED, MOST_PARTS = 250_000_000, 5000
# What reading a damaged file raises: lxml's errors are syntax errors, and python-pptx asserts what a file should hold.
_DAMAGED = (*UNREADABLE, PythonPptxError, SyntaxError, NotImplementedError, AssertionError)
_LEAST_WIDTH, _LEAST_HEIGHT = Inches(6), Inches(3.4)
_GAP, _FOOT = Inches(0.12), Inches(0.35)
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_SMALL_PRINT = (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE)
_RUNS = re.compile(r"vbaProject|/activeX/|/embeddings/", re.IGNORECASE)
_TYPES = "[Content_Types].xml"
_AS_TEMPLATE, _AS_DECK = b"presentationml.template.main+xml", b"presentationml.presentation.main+xml"


def template_look(template: Template) -> Look:
    """A presentation of the template without its slides. Raises SnapshotError: `template_too_large`,
    `template_unusable`, `template_no_layout`."""
    try:
        deck = Presentation(BytesIO(_checked(template)))
        _remove_slides(deck)
        look = _look(deck)
    except _DAMAGED as error:
        raise _refused("template_unusable", template) from error
    if look is None:
        raise _refused("template_no_layout", template)
    return look


def _refused(code: Code, template: Template) -> SnapshotError:
    return SnapshotError(code, {"file": template.name})


def _checked(template: Template) -> bytes:
    """The bytes of a presentation that is bounded and runs nothing. Raises SnapshotError, and what a damaged
    file raises."""
    if len(template.content) > LARGEST:
        raise _refused("template_too_large", template)
    with zipfile.ZipFile(BytesIO(template.content)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise _refused("template_too_large", template)
        if any(_RUNS.search(part.filename) for part in parts):
            raise ValueError("it holds programs")
        if _AS_TEMPLATE not in archive.read(_TYPES):
            return template.content
        return _as_deck(archive)


def _as_deck(archive: zipfile.ZipFile) -> bytes:
    """A .potx as the .pptx that it is but for its type."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copied:
        for part in archive.infolist():
            content = archive.read(part)
            if part.filename == _TYPES:
                content = content.replace(_AS_TEMPLATE, _AS_DECK)
            copied.writestr(part.filename, content)
    return out.getvalue()


def _remove_slides(deck: Any) -> None:  # noqa: ANN401 - python-pptx is not typed
    """Takes the example slides out, and what names them: sections and custom shows."""
    root = deck.part._element
    for slide in list(root.sldIdLst if root.sldIdLst is not None else ()):
        deck.part.drop_rel(slide.rId)
        root.sldIdLst.remove(slide)
    for name in ("p:extLst", "p:custShowLst"):
        for found in root.findall(qn(name)):
            root.remove(found)


def _look(deck: Any) -> Look | None:  # noqa: ANN401
    """The look of the layout that leaves most room below a title; None if none leaves enough."""
    found = [(room, layout) for layout in deck.slide_layouts if (room := _room(deck, layout)) is not None]
    if not found:
        return None
    room, content = max(found, key=lambda each: (_kind(each[1]) == "titleOnly", each[0].width * each[0].height))
    divider = next((layout for layout in deck.slide_layouts if _kind(layout) == "secHead" and _title(layout)), content)
    master = content.slide_master
    if any(_leads_out(sheet) for sheet in (master, content, divider)):
        raise ValueError("it loads from elsewhere")
    theme, named = read_theme(master, content)
    name_japanese_font(master)
    return Look(deck, content, divider, room, theme, named)


def _leads_out(sheet: Any) -> bool:  # noqa: ANN401
    """Whether a sheet loads something from elsewhere; links that a reader follows do not."""
    return any(each.is_external and not each.reltype.endswith("/hyperlink") for each in sheet.part.rels.values())


def _kind(layout: Any) -> str:  # noqa: ANN401
    return str(layout._element.get("type") or "")


def _title(layout: Any) -> Any:  # noqa: ANN401
    return next((each for each in layout.placeholders if each.placeholder_format.type in _TITLES), None)


def _room(deck: Any, layout: Any) -> Room | None:  # noqa: ANN401
    """The place below the title and above the small print, as wide as the master's text."""
    title = _title(layout)
    if title is None or title.width is None:
        return None
    bodies = [s for s in layout.slide_master.placeholders if s.placeholder_format.type is PP_PLACEHOLDER.BODY]
    sides = next((body for body in bodies if body.width), title)
    top = title.top + title.height + _GAP
    bottom = min([deck.slide_height - _FOOT, *_feet(layout, deck.slide_height // 2)])
    room = Room(sides.left, top, min(sides.width, deck.slide_width - sides.left), bottom - _GAP - top)
    return room if room.left >= 0 and room.width >= _LEAST_WIDTH and room.height >= _LEAST_HEIGHT else None


def _feet(layout: Any, middle: int) -> list[int]:  # noqa: ANN401
    """Where small print begins in the lower half of a layout."""
    small = [s for s in layout.placeholders if s.placeholder_format.type in _SMALL_PRINT]
    return [shape.top for shape in small if shape.top is not None and shape.top > middle]
