"""What is for looking something up: sections below each other, as many on a slide as there is room for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tomoni.snapshots.document.model import Block, Paragraph, Part, Section, Tone
from tomoni.snapshots.exporters.slides import pieces
from tomoni.snapshots.exporters.slides.look import Look
from tomoni.snapshots.exporters.slides.pieces import Piece, Space
from tomoni.snapshots.exporters.slides.plan import Plan, notes_of
from tomoni.snapshots.exporters.slides.shapes import SMALL


def flow(sections: Iterable[Section], look: Look) -> list[Plan]:
    """The slides of some sections, in order; what is too long for one goes on on the next."""
    filling = _Filling(look)
    for section in sections:
        parts = [_Entry(section, part, look) for part in section.parts]
        if sum(entry.height for entry in parts) > filling.left:
            filling.turn()
        named = filling.empty
        for n, entry in enumerate(parts):
            filling.add(entry, section.title if n == 0 and not named else "")
    filling.turn()
    return filling.done


class _Entry:
    """A part with its height in the whole width."""

    def __init__(self, section: Section, part: Part, look: Look) -> None:
        self.section, self.part = section, part
        width = look.room.width
        made = [piece for block in part.blocks for piece in pieces.whole(block, SMALL, width, look)]
        self.height = sum(piece.height for piece in made) + self.head(section.title, look).height

    def head(self, title: str, look: Look) -> Piece:
        """Its title, or else the one given, and its message."""
        return pieces.heading(self.part.title or title, self.part.message, SMALL, look.room.width)


@dataclass(slots=True)
class _Filling:
    """The slide that is being filled, and those that are done."""

    look: Look
    done: list[Plan] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    placed: list[Piece] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing stands on it yet."""
        return not self.placed

    @property
    def left(self) -> int:
        """The height that is left."""
        return self.look.room.height - sum(piece.height for piece in self.placed)

    def turn(self) -> None:
        """Ends the slide, if anything stands on it, and begins another."""
        if self.placed:
            title = " · ".join(dict.fromkeys(self.titles))
            self.done.append(Plan(title, (tuple(self.placed),), "\n\n".join(dict.fromkeys(self.notes))))
        self.titles, self.placed, self.notes = [], [], []

    def add(self, entry: _Entry, title: str) -> None:
        """Places a part; its title never stands alone at the foot of a slide."""
        head = entry.head(title, self.look)
        pending = [head] if entry.part.title or title or entry.part.message else []
        waiting: Sequence[Block] = entry.part.blocks
        said = Paragraph(entry.part.speech, Tone.QUIET)
        while waiting:
            room = self.left - sum(piece.height for piece in pending)
            space = Space(self.look.room.width, room, self.empty)
            found, rest = pieces.fitting(waiting[0], space, self.look, (SMALL,))
            if not (found or rest) or (waiting[0] == said and not found):
                waiting = waiting[1:]  # it is empty, or stands in the notes
            elif not found:
                self.turn()
            else:
                self._put([*pending, *found], entry)
                pending, waiting = [], [*rest, *waiting[1:]]
                if rest:
                    self.turn()
        if pending and head.height > self.left:
            self.turn()
        if pending:
            self._put(pending, entry)

    def _put(self, placed: Sequence[Piece], entry: _Entry) -> None:
        self.placed += placed
        self.titles.append(entry.section.title)
        if said := notes_of(entry.part):
            self.notes.append(said)
