"""Long names in sentences that are read at a glance."""

from __future__ import annotations

from unicodedata import east_asian_width

from tomoni.words.phrases import plain

_MOST, _END = 64, 16  # places in a fixed grid, in which Japanese signs take two


def glanced(name: str) -> str:
    """A name on one line; of one that is too long its beginning and its end, by which names of one kind differ."""
    shown = plain(name)
    if width(shown) <= _MOST:
        return shown
    first, last = len(shown), 0
    while width(shown[:first]) > _MOST - _END - 1:
        first -= 1
    while width(shown[last:]) > _END:
        last += 1
    return f"{shown[:first].rstrip()}…{shown[last:].lstrip()}"


def width(words: str) -> int:
    """How wide words are in letters of the Latin script; a Japanese sign is as wide as two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in words)
