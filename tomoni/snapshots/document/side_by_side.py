"""One document in two languages side by side, from one in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tomoni.snapshots.document.model import (
    Block,
    Card,
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
    Prose,
    Query,
    Section,
    Table,
)

_BETWEEN = " / "
_DOT = " · "


def side_by_side(first: Document, second: Document) -> Document:
    """Both documents as one: text that differs appears in both languages, numbers and figures once.

    Both are of one snapshot, so that they have the same chapters, blocks and rows.
    """
    sections = tuple(_section(a, b) for a, b in zip(first.sections, second.sections, strict=True))
    return Document(
        title=_short(first.title, second.title),
        lead=_lead(first.lead, second.lead),
        languages=first.languages + second.languages,
        sections=sections,
        marks=first.marks,
    )


def _section(a: Section, b: Section) -> Section:
    parts = tuple(_part(x, y) for x, y in zip(a.parts, b.parts, strict=True))
    return Section(a.key, _short(a.title, b.title), parts)


def _part(a: Part, b: Part) -> Part:
    blocks = tuple(_block(x, y) for x, y in zip(a.blocks, b.blocks, strict=True))
    return replace(
        a,
        title=_short(a.title, b.title),
        message=_long(a.message, b.message),
        blocks=blocks,
        speech=_long(a.speech, b.speech),
    )


def _block(a: Block, b: Block) -> Block:  # noqa: PLR0911 - one line for each block
    match a, b:
        case Paragraph(), Paragraph():
            return replace(a, text=_long(a.text, b.text))
        case Prose(), Prose():  # people's own words are in the language in which they were written
            return a
        case Listing(), Listing():
            return Listing(tuple(_long(x, y) for x, y in zip(a.items, b.items, strict=True)))
        case Cards(), Cards():
            cards = tuple(_card(x, y) for x, y in zip(a.cards, b.cards, strict=True))
            return Cards(cards, _table(a.rows, b.rows) if a.rows and b.rows else None)
        case Table(), Table():
            return _table(a, b)
        case Facts(), Facts():
            return Facts(tuple((_short(n, m), _cell(x, y)) for (n, x), (m, y) in zip(a.rows, b.rows, strict=True)))
        case Multiples(), Multiples():
            return Multiples(
                tuple(replace(x, title=_short(x.title, y.title)) for x, y in zip(a.panels, b.panels, strict=True))
            )
        case Query(), Query():
            return replace(a, role=_short(a.role, b.role))
        case Figure(), Figure():
            return replace(a, title=_short(a.title, b.title), alt=_short(a.alt, b.alt))
    raise ValueError("both documents are of one snapshot")


def _table(a: Table, b: Table) -> Table:
    columns = tuple(Column(_long(x.title, y.title), x.numeric) for x, y in zip(a.columns, b.columns, strict=True))
    rows = tuple(_cells(x, y) for x, y in zip(a.rows, b.rows, strict=True))
    return Table(columns, rows, _cells(a.total, b.total))


def _card(a: Card, b: Card) -> Card:
    return replace(
        a,
        title=_short(a.title, b.title),
        subtitle=_short(a.subtitle, b.subtitle),
        word=_sign(a.word, b.word),
        main_label=_short(a.main_label, b.main_label),
        side_label=_short(a.side_label, b.side_label),
        notes=tuple(_short(x, y) for x, y in zip(a.notes, b.notes, strict=True)),
        short_label=_short(a.short_label, b.short_label),
        window=_short(a.window, b.window),
    )


def _cells(a: Sequence[Cell], b: Sequence[Cell]) -> tuple[Cell, ...]:
    return tuple(_cell(x, y) for x, y in zip(a, b, strict=True))


def _cell(a: Cell, b: Cell) -> Cell:
    """A number appears once, in the first language; a state keeps one sign."""
    if a.state is not None and a.value is None:
        return replace(a, shown=_sign(a.shown, b.shown))
    if a.shown[:1].isdigit() and a.value is not None:
        return a
    return replace(a, shown=_long(a.shown, b.shown))


def _sign(a: str, b: str) -> str:
    """Sign and word of a state: "● Healthy / 良好"."""
    return _short(a, b.split(" ", 1)[-1]) if a != b else a


def _lead(a: str, b: str) -> str:
    """Part by part, so that names do not appear twice."""
    mine, other = a.split(_DOT), b.split(_DOT)
    return (
        _DOT.join(_short(x, y) for x, y in zip(mine, other, strict=True)) if len(mine) == len(other) else _short(a, b)
    )


def _short(a: str, b: str) -> str:
    return a if a == b or not b else a + _BETWEEN + b


def _long(a: str, b: str) -> str:
    """Sentences one below the other."""
    return a if a == b or not b else f"{a}\n{b}"
