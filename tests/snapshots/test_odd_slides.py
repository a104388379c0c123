"""Slides of documents that nothing was designed for: every text is there, nothing lies outside, and it ends."""

from __future__ import annotations

from io import BytesIO

import pytest
from pptx import Presentation

from tests.snapshots.decks import sizes, texts
from tomoni.slo.model import State
from tomoni.snapshots.document.model import (
    Block,
    Card,
    Cards,
    Cell,
    Column,
    Document,
    Facts,
    Listing,
    Multiples,
    Paragraph,
    Part,
    Query,
    Section,
    Stage,
    Table,
)
from tomoni.snapshots.exporters.slides.deck import as_slides

pytestmark = pytest.mark.slow
LONG = "unbreakable" * 60
WORDS = " ".join(f"word-{n}" for n in range(900))
JAPANESE = "長い文章をどこでも折り返す" * 60


def cells(*shown: str) -> tuple[Cell, ...]:
    return tuple(Cell(text) for text in shown)


def card(n: int) -> Card:
    left = Cell(f"{n}%", n / 100)
    return Card(f"SLO {n} {LONG}", LONG, State.AT_RISK, "▲ At risk", left, "left", Cell("99%"), "objective", (WORDS,))


def table(columns: int, rows: int) -> Table:
    titles = tuple(Column(f"column {n}", n % 2 == 1) for n in range(columns))
    return Table(titles, tuple(cells(*(f"r{m}c{n}" for n in range(columns))) for m in range(rows)))


BLOCKS: dict[str, tuple[Block, ...]] = {
    "nothing": (),
    "empty ones": (Table((), ()), Facts(()), Listing(()), Multiples(()), Cards(()), Paragraph("")),
    "long words": (Paragraph(WORDS), Paragraph(JAPANESE), Query("role", WORDS)),
    "many items": (Listing(tuple(f"item-{n}" for n in range(120))),),
    "many rows": (table(3, 90), Facts(tuple((f"name-{n}", Cell(f"fact-{n}")) for n in range(50)))),
    "many columns": (table(40, 3),),
    "high rows": (Table((Column("a"), Column("b")), (cells("x", "\n".join("abcdefgh")),) * 9),),
    "many cards": (Cards(tuple(card(n) for n in range(31))),),
}


def document(blocks: tuple[Block, ...], stage: Stage | None) -> Document:
    part = Part("part", "A title", "A message.", blocks, "Said.", stage)
    beside = Part("other", "Another", "Message.", blocks, "", stage)
    return Document("App", "teams · period · as of", ("en",), (Section("s", "Section", (part, beside)),))


def said(block: Block) -> list[str]:
    """The texts of a block, word by word."""
    match block:
        case Table():
            return [word for row in block.rows for cell in row for word in cell.shown.split()]
        case Facts():
            return [cell.shown for _, cell in block.rows]
        case Listing():
            return list(block.items)
        case Paragraph() | Query():
            return block.text.split() if block.text is WORDS else []
        case Cards():
            return [card.main.shown for card in block.cards]
    return []


@pytest.mark.parametrize("stage", [None, Stage.AHEAD])
@pytest.mark.parametrize("name", BLOCKS)
def test_every_text_has_its_place(name: str, stage: Stage | None) -> None:
    deck = Presentation(BytesIO(as_slides(document(BLOCKS[name], stage), {})))
    words: set[str] = set()
    for slide in deck.slides:
        assert min(sizes(slide)) >= 14
        words |= {word.strip("•") for text in texts(slide)[:-1] for word in text.split()}
        for shape in slide.shapes:
            assert 0 <= shape.left <= shape.left + shape.width <= deck.slide_width, shape.name
            assert 0 <= shape.top <= shape.top + shape.height <= deck.slide_height, shape.name
    missing = {word for block in BLOCKS[name] for word in said(block)} - words
    assert missing == set()
    assert len(deck.slides) >= 1


def test_a_long_table_goes_on_on_the_next_slide_and_not_on_the_same() -> None:
    part = Part("part", "A title", "A message.", (table(4, 70),))
    shown = Document("App", "period", ("en",), (Section("s", "Section", (part,)),))
    deck = Presentation(BytesIO(as_slides(shown, {})))
    found = [[len(s.table.rows) - 1 for s in slide.shapes if s.has_table] for slide in deck.slides]
    assert [len(tables) for tables in found] == [1] * len(found)
    assert sum(tables[0] for tables in found) == 70
    assert min(tables[0] for tables in found[:-1]) > 10


def test_no_table_begins_with_a_row_or_two_at_the_foot_of_a_slide():
    rows = tuple((Cell(f"row {n}"), Cell("1", 1.0)) for n in range(30))
    for lines in range(1, 14):
        blocks = (Listing(tuple(f"line {n}" for n in range(lines))), Table((Column("What"), Column("N", True)), rows))
        deck = Presentation(BytesIO(as_slides(document(blocks, None), {})))
        tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
        counts = [len(table.rows) - 1 for table in tables]
        assert sum(counts) == 60, lines
        begun = [sum(counts[:n]) % 30 == 0 for n in range(len(counts))]
        assert all(count >= 4 for count, first in zip(counts, begun, strict=True) if first), (lines, counts)
