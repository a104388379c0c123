"""Tables on slides: as wide as their words need, cut where a slide ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from tomoni.snapshots.document.model import Cell, Column, Table
from tomoni.snapshots.exporters.slides.colors import rgb
from tomoni.snapshots.exporters.slides.look import Look
from tomoni.snapshots.exporters.slides.measure import fitted, height_of, width_of, word_width
from tomoni.snapshots.exporters.slides.shapes import Canvas, Type, describe, write

_PLAIN_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid"
_SIDE, _ABOVE = Inches(0.08), Inches(0.055)
_AROUND, _WIDEST_WORD = 2 * _SIDE + Pt(3), Inches(2.4)
_BLANK = 0.16  # the share of the width of a column that is to be filled in
_MOST_STRETCH = Inches(0.7)
_MOST_LINES = 8  # of a cell


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table at a size of text and a width, with the widths of its columns and the heights of its rows;
    ``heights`` begins with that of the headings."""

    table: Table
    size: float
    widths: tuple[int, ...]
    heights: tuple[int, ...]

    @property
    def height(self) -> int:
        """The height of all of it."""
        return sum(self.heights)


def ruled(table: Table, size: float, width: int) -> Ruled:
    """A table laid out in a width; its total is its last row."""
    rows = (*table.rows, *((table.total,) if table.total else ()))
    whole = replace(table, rows=rows, total=())
    widths = _widths(whole, size, width)
    rows = tuple(_bounded(row, size, widths) for row in rows)
    whole = replace(whole, rows=rows)
    headings = tuple(Cell(column.title) for column in table.columns)
    shown = (headings, *rows) if any(cell.shown for cell in headings) else rows
    return Ruled(whole, size, widths, tuple(_row_height(row, size, widths) for row in shown))


def _bounded(row: Sequence[Cell], size: float, widths: Sequence[int]) -> tuple[Cell, ...]:
    """Cells of not too many lines."""
    pairs = zip(row, widths, strict=True)
    return tuple(replace(cell, shown=fitted(cell.shown, size, width - 2 * _SIDE, _MOST_LINES)) for cell, width in pairs)


def apart(table: Table, size: float, width: int) -> list[Table]:
    """A table that is too wide as several, each with the first column and, where they fit, about as many others."""
    least = [_least(table, n, size) for n in range(len(table.columns))]
    groups: list[list[int]] = [[]]
    for n in range(1, len(least)):
        if groups[-1] and sum(least[m] for m in (0, *groups[-1], n)) > width:
            groups.append([])
        groups[-1].append(n)
    if len(groups) == 1:
        return [table]
    even = _evenly(len(least), len(groups))
    fits = all(sum(least[m] for m in (0, *group)) <= width for group in even)
    return [_columns(table, (0, *group)) for group in (even if fits else groups)]


def _evenly(columns: int, groups: int) -> list[list[int]]:
    """The columns behind the first one in so many groups, of which no two differ by more than one."""
    bounds = [1 + n * (columns - 1) // groups for n in range(groups + 1)]
    return [list(range(first, last)) for first, last in pairwise(bounds)]


def _columns(table: Table, kept: Sequence[int]) -> Table:
    rows = tuple(tuple(row[n] for n in kept) for row in table.rows)
    total = tuple(table.total[n] for n in kept) if table.total else ()
    return replace(table, columns=tuple(table.columns[n] for n in kept), rows=rows, total=total)


def cut(table: Table, size: float, width: int, height: int) -> tuple[Table | None, Table | None]:
    """As many rows as a height has room for, and the others."""
    whole = ruled(table, size, width)
    headed = len(whole.heights) - len(whole.table.rows)
    taken, count = sum(whole.heights[:headed]), 0
    for row in whole.heights[headed:]:
        if taken + row > height:
            break
        taken, count = taken + row, count + 1
    rows = whole.table.rows
    first = replace(whole.table, rows=rows[:count]) if count else None
    return first, replace(whole.table, rows=rows[count:]) if count < len(rows) else None


def _least(table: Table, n: int, size: float) -> int:
    """The width below which words of a column would be broken, within limits; numbers and states stay whole."""
    column = table.columns[n]
    wide = [
        width_of(row[n].shown, size, bold=row[n].state is not None)
        if column.numeric or row[n].state
        else word_width(row[n].shown, size)
        for row in table.rows
    ]
    wide = [min(each, _WIDEST_WORD) for each in (*wide, word_width(column.title, size))]
    return max(*wide, Inches(0.3)) + _AROUND


def wraps(table: Table, size: float, width: int) -> bool:
    """Whether texts of a table are longer than its columns."""
    return sum(_wished(table, n, size) for n in range(len(table.columns))) > width


def _wished(table: Table, n: int, size: float) -> int:
    """The width in which nothing of a column is wrapped."""
    texts = [table.columns[n].title, *(row[n].shown for row in table.rows)]
    return max(_least(table, n, size), *(width_of(text, size) + _AROUND for text in texts))


def _widths(table: Table, size: float, width: int) -> tuple[int, ...]:
    """Each column's width: what its words need; what is left over goes to those that would wrap, else to all."""
    count = range(len(table.columns))
    least = [_least(table, n, size) for n in count]
    wish = [_wished(table, n, size) for n in count]
    for n in count:
        if len(table.rows) and not any(row[n].shown for row in table.rows) and table.columns[n].title:
            least[n] = wish[n] = max(least[n], int(width * _BLANK))
    if sum(wish) <= width:
        spare = (width - sum(wish)) / len(wish)
        return tuple(int(each + spare) for each in wish)
    scale = min(1.0, width / sum(least))
    left = width - sum(each * scale for each in least)
    asked = sum(wish) - sum(least) or 1
    return tuple(int(least[n] * scale + max(0.0, left) * (wish[n] - least[n]) / asked) for n in count)


def _row_height(row: Sequence[Cell], size: float, widths: Sequence[int]) -> int:
    lines = (
        height_of(cell.shown, size, width - 2 * _SIDE, bold=cell.state is not None)
        for cell, width in zip(row, widths, strict=True)
    )
    return max(lines) + 2 * _ABOVE


def stretched(whole: Ruled, height: int) -> Ruled:
    """The table with rows that are higher, at most by so much that they still belong together."""
    headed = len(whole.heights) - len(whole.table.rows)
    more = min(_MOST_STRETCH, max(0, height - whole.height) // max(1, len(whole.table.rows)))
    return replace(whole, heights=tuple(each + (more if n >= headed else 0) for n, each in enumerate(whole.heights)))


def add_table(whole: Ruled, place: Canvas, name: str) -> None:
    """The table at the top of a place, with hairlines below its rows."""
    table, theme = whole.table, place.look.theme
    headed = len(whole.heights) - len(table.rows)
    shape = place.shapes.add_table(len(whole.heights), len(whole.widths), place.left, place.top, place.width, 1)
    shape.height = whole.height
    describe(shape, name, name)
    made = shape.table
    made.first_row, made.horz_banding = bool(headed), False
    shape._element.find(f".//{qn('a:tableStyleId')}").text = _PLAIN_STYLE
    for column, width in zip(made.columns, whole.widths, strict=True):
        column.width = width
    for row, height in zip(made.rows, whole.heights, strict=True):
        row.height = height
    inked = [[(Cell(each.title), Type(whole.size, theme.muted)) for each in table.columns]] if headed else []
    inked += [[(cell, _type(cell, whole.size, place.look)) for cell in row] for row in table.rows]
    for m, row in enumerate(inked):
        for n, (cell, type_) in enumerate(row):
            _fill(made.cell(m, n), cell.shown, replace(type_, right=table.columns[n].numeric), place.look)


def _type(cell: Cell, size: float, look: Look) -> Type:
    ink = look.theme.states[cell.state] if cell.state else look.theme.text
    return Type(size, ink, cell.state is not None)


def _fill(cell: Any, value: str, type_: Type, look: Look) -> None:  # noqa: ANN401 - python-pptx is not typed
    frame = cell.text_frame
    for n, line in enumerate(value.split("\n")):
        write(frame.paragraphs[0] if n == 0 else frame.add_paragraph(), line, type_, look)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = _ABOVE
    cell.margin_left = cell.margin_right = _SIDE
    cell.fill.background()
    color = rgb(look.theme.border, look.theme.panel)
    line = f'<a:lnB {nsdecls("a")} w="9525"><a:solidFill><a:srgbClr val="{color}"/></a:solidFill></a:lnB>'
    cell._tc.get_or_add_tcPr().insert(0, parse_xml(line))


def facts_table(rows: Sequence[tuple[str, Cell]]) -> Table:
    """Names with what they are, as a table without headings."""
    return Table((Column(""), Column("")), tuple((Cell(name), cell) for name, cell in rows))
