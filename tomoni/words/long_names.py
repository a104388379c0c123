"""Long names in sentences that are read at a glance."""

from __future__ import annotations

from unicodedata import east_asian_width

from tomoni.words.phrases import plain

# Places in a fixed grid, in which Japanese signs take two, and how far back the end of a word is looked for.
_MOST, _END, _WORD = 76, 20, 12


def glanced(name: str) -> str:
    """A name on one line; of one that is too long its beginning and its end, by which names of one kind differ,
    in whole words where there are any."""
    shown = plain(name)
    if width(shown) <= _MOST:
        return shown
    first, last = len(shown), 0
    while width(shown[:first]) > _MOST - _END - 1:
        first -= 1
    while width(shown[last:]) > _END:
        last += 1
    first = max(shown.rfind(" ", first - _WORD, first + 1), 0) or first
    after = shown.find(" ", last - 1, last + _WORD)
    last = after if after >= 0 else last
    return f"{shown[:first].rstrip()}…{shown[last:].lstrip()}"


def width(words: str) -> int:
    """How wide words are in letters of the Latin script; a Japanese sign is as wide as two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in words)
