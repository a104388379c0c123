"""What became of each thing that was brought in from another tool's file, or written for another tool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Fact = str | int | float
REFUSED = frozenset({"query_refused", "query_unreadable"})  # reasons: the query came over, and will not be answered


class Fate(StrEnum):
    """What became of a thing; the values are part of the contract."""

    EXACT = "exact"
    APPROXIMATED = "approximated"  # the reason says how and by how much
    NOT_EXPRESSIBLE = "not_expressible"
    IGNORED = "ignored"  # it changes nothing that is counted or shown; the reason says why


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report: what became of the thing at a line of a file.

    ``what`` is its path within the file (``slos[0].sli.events``). ``reason`` is a code of `words.dialects`, which
    ``facts`` fill in; exact things need none. ``left_out``: because of it the whole SLO, or
    object, at the path ``scope`` ("" for the whole document) did not come over.
    """

    file: str
    line: int
    what: str
    fate: Fate
    reason: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    left_out: bool = False
    scope: str = ""


def path_text(place: tuple[str | int, ...]) -> str:
    """A place of a document as people write it: ``slos[0].name``."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
