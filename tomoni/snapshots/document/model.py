"""The document that every format is made from: sections of parts of blocks, in words of one language.

A cell holds what is shown and the exact number behind it, so that a file can carry both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from tomoni.charts.joint import Joint
from tomoni.slo.model import State


class Tone(StrEnum):
    """How loud a paragraph is."""

    PLAIN = "plain"
    QUIET = "quiet"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Cell:
    """What is shown, the exact value behind it where there is one, a state to colour it by, and a page of
    the same site that it leads to (empty: none)."""

    shown: str
    value: float | int | None = None
    state: State | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more sentences."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Prose:
    """What people wrote in Markdown, as they wrote it: untrusted. ``language`` is that of the document's words."""

    source: str
    language: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Short texts, one below the other."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One SLO at a glance: what is left of its budget (``share``, drawn as a bar) beside its SLI. Where there is no
    room for the whole ``main_label``, ``short_label`` stands in its place, and the ``window`` elsewhere."""

    title: str
    subtitle: str
    state: State
    word: str
    main: Cell
    main_label: str
    side: Cell
    side_label: str
    notes: tuple[str, ...] = ()
    short_label: str = ""
    window: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards beside each other; ``rows`` says the same in less room, the worst first."""

    cards: tuple[Card, ...]
    rows: Table | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading; numbers stand at the right."""

    title: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under columns; ``total`` is a last row that sums up the others. A table with the words
    ``search`` can be searched by its reader, where the format allows it."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    search: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what they are."""

    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it is sent, what it asks for, and the source's own screen for it (empty: none)."""

    role: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """The joint figure of a view. ``key`` is unique in the document, ``alt`` says what is to be seen."""

    key: str
    title: str
    alt: str
    view: Joint


@dataclass(frozen=True, slots=True)
class Panel:
    """One small line: a value at each of several days (a cell without a value: a gap)."""

    title: str
    points: tuple[tuple[str, Cell], ...]
    state: State


@dataclass(frozen=True, slots=True)
class Multiples:
    """Small lines beside each other, all on one scale from 0 (or the lowest value) to 1."""

    panels: tuple[Panel, ...]


Block = Paragraph | Prose | Listing | Cards | Table | Facts | Query | Figure | Multiples


class Stage(IntEnum):
    """The steps of a talk about a document, in their order. All parts of a step share a slide, but every
    journey has its own."""

    OPENING = 1
    JOURNEY = 2
    BURNED = 3
    AHEAD = 4
    DECISION = 5
    ACTIONS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One message with the blocks that show it.

    ``speech`` explains it to the presenter. ``stage`` is the step of a talk that it belongs to (None: it is
    for looking something up).
    """

    key: str
    title: str
    message: str
    blocks: tuple[Block, ...]
    speech: str = ""
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter. ``key`` is its stable code, by which it can be left out."""

    key: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. ``lead`` is the line below the title, ``marks`` what stands at its foot."""

    title: str
    lead: str
    languages: tuple[str, ...]
    sections: tuple[Section, ...]
    marks: tuple[str, ...] = ()

    def figures(self) -> tuple[Figure, ...]:
        """All figures, in order."""
        return tuple(
            block
            for section in self.sections
            for part in section.parts
            for block in part.blocks
            if isinstance(block, Figure)
        )
