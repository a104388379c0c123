"""A document as PowerPoint: one message a slide, charts that can be edited, the explanation as speaker notes.

The slides follow the parts of the document. The appendix is left to the other formats, all but what
says where the numbers come from.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.opc.constants import CONTENT_TYPE as CT
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.package import Part as XmlData
from pptx.opc.packuri import PackURI
from pptx.util import Inches, Pt

from tomoni.snapshots.document.model import (
    Block,
    Cards,
    Cell,
    Column,
    Document,
    Facts,
    Figure,
    Listing,
    Multiples,
    Paragraph,
    Part,
    Section,
    Table,
)
from tomoni.snapshots.exporters.html.blocks import escaped
from tomoni.snapshots.exporters.slide_charts import add_charts, count_slides
from tomoni.snapshots.exporters.slide_shapes import (
    Canvas,
    add_cards,
    add_lines,
    add_table,
    japanese_too,
    plain,
    width_of,
)
from tomoni.snapshots.record.manifest import bytes_hash, with_parts

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
_LEFT, _TOP = Inches(0.5), Inches(1.55)
_BLANK = 6  # the layout without placeholders of python-pptx's own template
_ROWS_A_SLIDE = 12
_CARDS_A_SLIDE = 8
_COLUMNS_A_SLIDE = 8
_LONGEST_PROPERTY = 255
MANIFEST_PART, MANIFEST_SPACE = "/customXml/item1.xml", "urn:tomoni:manifest"
# How wide a title may be for a size: in letters; a Japanese character counts as two.
_TITLES = ((100, 26), (150, 20), (220, 16), (10**9, 13))
_LEFT_OUT = frozenset({"appendix"})


def as_slides(document: Document, manifest: Mapping[str, Any]) -> bytes:
    """The presentation, with the manifest among its custom XML."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    japanese_too(deck)
    for section in document.sections:
        for part in section.parts:
            if section.key not in _LEFT_OUT or part.key == "origin":
                for slide in _slides(section, part):
                    _add(deck, document, slide)
    properties = deck.core_properties
    properties.title, properties.author = plain(document.title)[:_LONGEST_PROPERTY], "Tomoni"
    properties.subject = plain(document.lead)[:_LONGEST_PROPERTY]
    # Where the format keeps data of others (ECMA-376, part 1, 15.2.5).
    place = XmlData(PackURI(MANIFEST_PART), CT.XML, deck.part.package, b"")
    deck.part.relate_to(place, RT.CUSTOM_XML)
    out = BytesIO()
    deck.save(out)
    return _with_manifest(out, manifest)


def _with_manifest(deck: BytesIO, manifest: Mapping[str, Any]) -> bytes:
    """The presentation with the manifest in its place, which has the hashes of all other parts."""
    with zipfile.ZipFile(deck) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist() if not is_manifest_part(part)}
    sealed = with_parts(dict(manifest), {name: bytes_hash(content) for name, content in parts.items()})
    encoded = escaped(json.dumps(sealed, ensure_ascii=True, separators=(",", ":")))
    whole = f"<?xml version='1.0' encoding='UTF-8'?><manifest xmlns='{MANIFEST_SPACE}'>{encoded}</manifest>"
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | {MANIFEST_PART.lstrip("/"): whole.encode()}).items():
            archive.writestr(name, content)
    return out.getvalue()


def is_manifest_part(part: zipfile.ZipInfo) -> bool:
    """Whether a part of a presentation is the manifest."""
    return part.filename == MANIFEST_PART.lstrip("/")


@dataclass(frozen=True, slots=True)
class _Slide:
    """One slide to be made: its title, what stands above it, its blocks and its notes; of a figure that
    takes several slides, which of them it is."""

    kicker: str
    title: str
    blocks: Sequence[Block]
    notes: str
    of_figure: int = 0


def _slides(section: Section, part: Part) -> Iterable[_Slide]:
    """The slides of a part: its words and small blocks together, each figure and each long table by itself."""
    kicker = " · ".join(dict.fromkeys(text for text in (section.title, part.title) if text))
    title = part.message or part.title or section.title
    figures = [block for block in part.blocks if isinstance(block, Figure)]
    whole = [block for block in part.blocks if not isinstance(block, Figure)]
    speech = part.speech
    if figures and all(isinstance(block, Paragraph) for block in whole):
        speech = "\n".join([*(block.text for block in whole if isinstance(block, Paragraph)), speech])
        whole = []
    for n, blocks in enumerate(_shares(whole) or ([] if figures else [[]])):
        yield _Slide(kicker, title, blocks, speech if n == 0 else "")
    for n, figure in enumerate(figures):
        message = part.message if n == 0 and not whole else figure.alt
        for slide in range(count_slides(figure)):
            yield _Slide(f"{section.title} · {figure.title}", message, [figure], f"{figure.alt}\n{speech}", slide)


def _shares(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks by slide: a table begins a slide unless it comes first, and goes on as long as it is."""
    shares: list[list[Block]] = [[]]
    for block in blocks:
        pieces = list(_pieces(block))
        for n, piece in enumerate(pieces):
            if shares[-1] and (n > 0 or (isinstance(piece, Table | Facts) and _has_large(shares[-1]))):
                shares.append([])
            shares[-1].append(piece)
    return [share for share in shares if share]


def _has_large(blocks: Sequence[Block]) -> bool:
    return any(isinstance(block, Table | Facts | Cards) for block in blocks)


def _pieces(block: Block) -> Iterable[Block]:
    """A block in pieces that a slide has room for."""
    if isinstance(block, Table):
        rows = [*block.rows, *([block.total] if block.total else [])]
        for first in range(0, len(rows), _ROWS_A_SLIDE):
            yield Table(block.columns, tuple(rows[first : first + _ROWS_A_SLIDE]))
    elif isinstance(block, Cards):
        for first in range(0, len(block.cards), _CARDS_A_SLIDE):
            yield Cards(block.cards[first : first + _CARDS_A_SLIDE])
    else:
        yield block


def _add(deck: Any, document: Document, slide: _Slide) -> None:  # noqa: ANN401 - python-pptx is not typed
    page = deck.slides.add_slide(deck.slide_layouts[_BLANK])
    canvas = Canvas(page.shapes, _LEFT, _TOP, WIDTH - 2 * _LEFT, HEIGHT - _TOP - Inches(0.55))
    add_lines(page.shapes, [slide.kicker], Canvas(page.shapes, _LEFT, Inches(0.3), canvas.width, Inches(0.3)), Pt(12))
    _title(page, slide.title, canvas.width)
    for block in slide.blocks:
        canvas = _block(block, canvas, slide.of_figure)
    foot = Canvas(page.shapes, _LEFT, HEIGHT - Inches(0.42), canvas.width, Inches(0.3))
    add_lines(page.shapes, [f"{document.title} · {document.lead} · {document.marks[-1][:19]}"], foot, Pt(9))
    page.notes_slide.notes_text_frame.text = plain(slide.notes)


def _title(page: Any, title: str, width: int) -> None:  # noqa: ANN401
    """The message, as the slide's name too, so that outlines and screen readers know it."""
    place = Canvas(page.shapes, _LEFT, Inches(0.55), width, Inches(0.95))
    wide = max(width_of(title), *(width_of(line) * title.count("\n") for line in title.split("\n")))
    size = next(Pt(size) for most, size in _TITLES if wide <= most)
    box = add_lines(page.shapes, title.split("\n"), place, size, strong=True)
    box.name = "Title"


def _block(block: Block, canvas: Canvas, of_figure: int) -> Canvas:
    """Draws a block at the top of the free space, and returns the space that is left."""
    taken = 0
    match block:
        case Cards():
            taken = add_cards(block.cards, canvas)
        case Table():
            taken = add_table(block.columns, block.rows, canvas)
        case Facts():
            taken = add_table((), tuple((Cell(name), cell) for name, cell in block.rows), canvas)
        case Multiples():
            taken = _small_lines(block, canvas)
        case Figure():
            add_charts(block, canvas, of_figure)
        case Paragraph():
            taken = _words(block.text.split("\n"), canvas)
        case Listing():
            taken = _words([f"• {item}" for item in block.items], canvas)
    return canvas.below(taken) if taken else canvas


def _small_lines(block: Multiples, canvas: Canvas) -> int:
    """The small lines as a table of their newest values."""
    points = [panel.points[-_COLUMNS_A_SLIDE:] for panel in block.panels]
    days = [day for day, _ in points[0]] if points else []
    columns = (Column("SLO"), *(Column(day, True) for day in days))
    rows = [
        (Cell(panel.title, None), *(cell for _, cell in some)) for panel, some in zip(block.panels, points, strict=True)
    ]
    return add_table(columns, rows[:_ROWS_A_SLIDE], canvas)


def _words(lines: Sequence[str], canvas: Canvas) -> int:
    """Lines of text; the height they take, estimated without a layout."""
    signs = 105
    count = sum(1 + len(line) // signs for line in lines)
    height = min(Pt(22) * count + Pt(8), canvas.height)
    add_lines(canvas.shapes, list(lines), Canvas(canvas.shapes, canvas.left, canvas.top, canvas.width, height), Pt(15))
    return height
