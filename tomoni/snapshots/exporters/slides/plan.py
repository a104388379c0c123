"""Which parts of a document stand on which slide: first the steps of a talk, then everything else, in order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tomoni.snapshots.document.model import Document, Figure, Paragraph, Part, Section
from tomoni.snapshots.exporters.slides.pieces import Piece

_LEFT_OUT = frozenset({"appendix"})
_KEPT = frozenset({"origin"})


@dataclass(frozen=True, slots=True)
class Plan:
    """One slide: its title, columns of pieces with the share of the width of each, and its notes. ``contents``
    makes it a divider that names what follows."""

    title: str
    columns: tuple[tuple[Piece, ...], ...] = ()
    notes: str = ""
    contents: tuple[str, ...] = ()
    shares: tuple[float, ...] = (1.0,)


def notes_of(part: Part) -> str:
    """What a presenter reads: the sentence, what figures show, and the explanation."""
    words = [block.text for block in part.blocks if isinstance(block, Paragraph)]
    shown = [block.alt for block in part.blocks if isinstance(block, Figure)]
    return "\n".join(dict.fromkeys(text for text in (part.message, *words, *shown, part.speech) if text))


def remaining(document: Document, rest: dict[str, Part | None]) -> list[Section]:
    """What a talk leaves of a document: ``rest`` has the parts that it showed, with what is left of them. How
    each number was calculated is left to the other formats, all but where the numbers come from."""
    found = []
    for section in document.sections:
        parts = [rest.get(part.key, part) for part in section.parts]
        kept = tuple(p for p in parts if p is not None and (section.key not in _LEFT_OUT or p.key in _KEPT))
        found.append(replace(section, parts=kept))
    return [section for section in found if section.parts]
