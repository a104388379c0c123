"""Blocks as pieces of a slide: how high each is in a width, and what of it fits into what is left of a slide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pptx.util import Inches

from tomoni.snapshots.document.model import (
    Block,
    Cards,
    Cell,
    Column,
    Facts,
    Figure,
    Listing,
    Multiples,
    Paragraph,
    Prose,
    Query,
    Table,
)
from tomoni.snapshots.document.prose import LineKind, ProseLine, lines_of
from tomoni.snapshots.exporters.slides import cards, charts
from tomoni.snapshots.exporters.slides.look import Look
from tomoni.snapshots.exporters.slides.measure import count_lines, fitted, height_of
from tomoni.snapshots.exporters.slides.shapes import LOUD, TEXT, listing_height
from tomoni.snapshots.exporters.slides.tables import apart, cut, facts_table, ruled, wraps

GAP = Inches(0.14)
_DAYS_A_TABLE = 8
_LEAST_ROWS = 4  # of a table that goes on on the next slide
_MOST_LINES = 8  # of a paragraph


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part on a slide, and its message in a size below it."""

    title: str
    message: str
    size: float


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """What stands on a slide: its height at least, the size of its text, of a figure that takes several slides, which
    of them it is, and whether its title is above it. A piece that is ``flexible`` takes the height that is left."""

    content: Block | Heading
    height: int
    size: float
    flexible: bool = False
    of_figure: int = 0
    titled: bool = False


def heading(title: str, message: str, size: float, width: int) -> Piece:
    """A title with its message."""
    said = fitted(message, size, width, _MOST_LINES)
    height = height_of(title, LOUD, width, bold=True) if title else 0
    height += height_of(said, size, width) if said else 0
    return Piece(Heading(title, said, size), height + GAP // 2, size)


def whole(block: Block, size: float, width: int, look: Look) -> list[Piece]:
    """All of a block."""
    return [_measured(each, size, width, look) for each in _plain(block, size, width, look.room.height)]


@dataclass(frozen=True, slots=True)
class Space:
    """What is left of a slide: a width and a height. An ``empty`` slide takes something of any block."""

    width: int
    height: int
    empty: bool


def fitting(block: Block, space: Space, look: Look, sizes: Sequence[float]) -> tuple[list[Piece], list[Block]]:
    """The pieces of a block that there is room for, in the largest of some sizes in which all of it fits, else in
    the last; and what is left of it."""
    for size in _by_wrapping(block, space.width, sizes):
        made = whole(block, size, space.width, look)
        if sum(piece.height for piece in made) <= space.height:
            return made, []
    return _cut(block, space, look, sizes[-1])


def _by_wrapping(block: Block, width: int, sizes: Sequence[float]) -> list[float]:
    """Sizes in the order in which they are tried: those first in which no cell of a table is wrapped."""
    return sorted(sizes, key=lambda size: isinstance(block, Table) and size >= TEXT and wraps(block, size, width))


def _cut(block: Block, space: Space, look: Look, size: float) -> tuple[list[Piece], list[Block]]:
    placed: list[Piece] = []
    left, blocks = space.height, list(_plain(block, size, space.width, look.room.height))
    for n, each in enumerate(blocks):
        piece = _measured(each, size, space.width, look)
        if piece.height <= left:
            placed.append(piece)
            left -= piece.height
            continue
        first, rest = _parted(each, size, space.width, left - GAP, whole_later=piece.height <= look.room.height)
        if first is None and space.empty and not placed:
            first, rest = _at_least_one(each)
        more = ([rest] if rest else []) + blocks[n + 1 :]
        return [*placed, *([_measured(first, size, space.width, look)] if first else [])], more
    return placed, []


def _parted(block: Block, size: float, width: int, left: int, whole_later: bool) -> tuple[Block | None, Block | None]:
    """The rows or items that there is room for, and the others. What the next slide has room for is left whole
    unless it is long on both sides."""
    if isinstance(block, Table):
        rows, rest = cut(block, size, width, left)
        if rows is None or len(rows.rows) < min(_LEAST_ROWS, len(block.rows)):
            return None, block  # a heading with a row or two is not worth its place at the foot of a slide
        short = rest is not None and len(rest.rows) < _LEAST_ROWS
        return (None, block) if whole_later and short else (rows, rest)
    if isinstance(block, Listing) and not whole_later:
        count = len(block.items)
        while count and listing_height(block.items[:count], size, width) > left:
            count -= 1
        return (Listing(block.items[:count]), Listing(block.items[count:])) if count else (None, block)
    return None, block


def _at_least_one(block: Block) -> tuple[Block, Block | None]:
    """What is larger than a slide: the first row or item, or the block as it is."""
    if isinstance(block, Table) and len(block.rows) > 1:
        return replace(block, rows=block.rows[:1]), replace(block, rows=block.rows[1:])
    if isinstance(block, Listing) and len(block.items) > 1:
        return Listing(block.items[:1]), Listing(block.items[1:])
    return block, None


def _plain(block: Block, size: float, width: int, height: int) -> Iterable[Block]:
    """A block as what slides of a height have: facts and small lines are tables, one that is too wide is several."""
    match block:
        case Facts() if block.rows:
            yield facts_table(block.rows)
        case Multiples() if block.panels:
            yield from apart(_values(block), size, width)
        case Table() if block.columns and block.rows:
            yield from apart(block, size, width)
        case Query():
            yield from _sheets(Paragraph(f"{block.role}: {block.text}"), size, width)
        case Paragraph() if block.text:
            yield from _sheets(block, size, width)
        case Prose():
            for said in _said(block):
                yield from _plain(said, size, width, height)
        case Cards():
            most = cards.most(width, height)
            for first in range(0, len(block.cards), most):
                yield Cards(block.cards[first : first + most])
        case Listing() if block.items:
            yield block
        case Figure():
            yield block


def _said(block: Prose) -> Iterable[Listing | Paragraph]:
    """What people wrote, as paragraphs and lists: items that follow each other are one."""
    for kind, group in groupby(lines_of(block.source), _kind):
        if kind is LineKind.ITEM:
            yield Listing(tuple(("– " if line.depth else "") + line.plain for line in group))
        else:
            yield from (Paragraph(_numbered(line)) for line in group)


def _kind(line: ProseLine) -> LineKind:
    """A numbered item has its number in place of a list's sign."""
    return LineKind.TEXT if line.mark not in ("", "-") else line.kind


def _numbered(line: ProseLine) -> str:
    return f"{line.mark} {line.plain}" if line.mark else line.plain


def _sheets(block: Paragraph, size: float, width: int) -> Iterable[Paragraph]:
    """A long text in several, each of a few lines, broken between words where it has any."""
    text = block.text
    while count_lines(text, size, width) > _MOST_LINES:
        start = fitted(text, size, width, _MOST_LINES)[:-1]
        start = (start.rpartition(" ")[0] if " " in start[len(start) // 2 :] else start) or text[:1]
        yield replace(block, text=start)
        text = text[len(start) :].lstrip()
    yield replace(block, text=text)


def _values(block: Multiples) -> Table:
    """Small lines as a table of their newest values."""
    points = [panel.points[-_DAYS_A_TABLE:] for panel in block.panels]
    days = [day for day, _ in points[0]] if points else []
    rows = [(Cell(panel.title), *(cell for _, cell in some)) for panel, some in zip(block.panels, points, strict=True)]
    return Table((Column("SLO"), *(Column(day, True) for day in days)), tuple(rows))


def _measured(block: Block, size: float, width: int, look: Look) -> Piece:
    match block:
        case Table():
            return Piece(block, ruled(block, size, width).height + GAP, size)
        case Cards():
            rows = cards.rows_of(len(block.cards), width)
            return Piece(block, rows * (cards.LEAST_HEIGHT + cards.GAP), size, flexible=True)
        case Figure():
            height = min(charts.least_height(block, look) + charts.TITLE, look.room.height)
            return Piece(block, height, size, flexible=True, titled=True)
        case Paragraph():
            return Piece(block, height_of(block.text, size, width) + GAP, size)
        case Listing():
            return Piece(block, listing_height(block.items, size, width) + GAP, size)
    raise TypeError(type(block).__name__)
