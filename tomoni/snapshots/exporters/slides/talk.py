"""The steps of a talk: a slide each, for a room that reads along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from tomoni.snapshots.document.model import Block, Cards, Document, Figure, Paragraph, Part, Section, Stage, Table
from tomoni.snapshots.exporters.slides import cards, charts, pieces
from tomoni.snapshots.exporters.slides.look import Look
from tomoni.snapshots.exporters.slides.pieces import Piece, Space
from tomoni.snapshots.exporters.slides.plan import Plan, notes_of
from tomoni.snapshots.exporters.slides.shapes import LOUD, SMALL, TEXT

_LEFT_SHARE, _BETWEEN = 0.57, 0.035
_SIZES = (LOUD, TEXT, SMALL)
Parts = Sequence[tuple[Section, Part]]


@dataclass(slots=True)
class Talk:
    """The slides of a talk, and by the key of a part what is left of it for later (None: nothing)."""

    plans: list[Plan] = field(default_factory=list)
    rest: dict[str, Part | None] = field(default_factory=dict)


def talk(document: Document, look: Look) -> Talk:
    """The slides of a document's steps; none for a document that has none."""
    made = Talk()
    for stage in Stage:
        found = [(section, part) for section in document.sections for part in section.parts if part.stage is stage]
        if stage is Stage.JOURNEY:
            for _, part in found:
                _journey(part, look, made)
        elif found:
            _step(found, look, made)
            if stage is Stage.BURNED:  # what does not fit is told with everything else that burned
                made.rest.update((part.key, None) for _, part in found)
    return made


def _journey(part: Part, look: Look, made: Talk) -> None:
    """The joint figure of a journey, on one slide unless it has very many rows. Other figures are for later."""
    figures = [block for block in part.blocks if isinstance(block, Figure)]
    figure, others = figures[0], tuple(figures[1:])
    notes = notes_of(replace(part, blocks=tuple(block for block in part.blocks if block not in others)))
    for n in range(charts.count_slides(figure, look)):
        piece = Piece(figure, look.room.height, SMALL, flexible=True, of_figure=n)
        made.plans.append(Plan(part.message or part.title, ((piece,),), notes))
    made.rest[part.key] = replace(part, message="", blocks=others) if others else None


def _step(parts: Parts, look: Look, made: Talk) -> None:
    """A slide with the first part, and the others beside it."""
    (section, first), others = parts[0], parts[1:]
    share = _LEFT_SHARE if others else 1.0
    left = _fitting(first, int(look.room.width * share), look, made)
    beside, shown = _beside(others, int(look.room.width * (1 - share - _BETWEEN)), look, made)
    notes = "\n\n".join(notes_of(part) for part in (first, *shown))
    title = first.message or first.title or section.title
    columns, shares = ((left, beside), (share, 1 - share - _BETWEEN)) if beside else ((left,), (1.0,))
    made.plans.append(Plan(title, columns, notes, shares=shares))


def _fitting(part: Part, width: int, look: Look, made: Talk) -> tuple[Piece, ...]:
    """The blocks that a slide has room for; the others are for later."""
    placed: list[Piece] = []
    rest: list[Block] = []
    left = look.room.height
    for block in _bounded(part.blocks, rest, Space(width, left, True)):
        found, more = pieces.fitting(block, Space(width, left, not placed), look, _SIZES)
        placed += found
        left -= sum(piece.height for piece in found)
        rest += more
    made.rest[part.key] = replace(part, message="", speech="", blocks=tuple(rest)) if rest else None
    if placed and isinstance(placed[-1].content, Table):
        placed[-1] = replace(placed[-1], flexible=True)
    return tuple(placed)


def _bounded(blocks: Iterable[Block], rest: list[Block], slide: Space) -> Iterable[Block]:
    """Words first and then the cards, as many as a room can read; the others go to the rest. Where cards say in rows
    what a slide has no room for, all are in rows."""
    found = list(blocks)
    for block in sorted(found, key=lambda block: not isinstance(block, Paragraph)):
        if isinstance(block, Cards) and block.rows and len(block.cards) > cards.most(slide.width, slide.height):
            yield block.rows
        elif isinstance(block, Cards) and len(block.cards) > cards.MOST:
            rest.append(Cards(block.cards[cards.MOST :]))
            yield Cards(block.cards[: cards.MOST])
        else:
            yield block


def _beside(parts: Parts, width: int, look: Look, made: Talk) -> tuple[tuple[Piece, ...], list[Part]]:
    """Parts below each other, each under its title. One that does not fit is for later."""
    placed: list[Piece] = []
    shown: list[Part] = []
    left = look.room.height
    for section, part in parts:
        head = pieces.heading(part.title or section.title, part.message, TEXT, width)
        body = [piece for block in part.blocks for piece in pieces.whole(block, TEXT, width, look)]
        needed = head.height + sum(piece.height for piece in body)
        if needed <= left:
            placed += [head, *body]
            shown.append(part)
            left -= needed
            made.rest[part.key] = None
    return tuple(placed), shown
