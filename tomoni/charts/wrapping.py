"""Texts in short lines, for the margins of a figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from unicodedata import east_asian_width

# An HTML entity is one sign and never cut; other scripts may be cut between any two signs.
_SIGN = re.compile(r"&#?\w+;|.", re.DOTALL)
BREAK = "\u200b"  # takes no place: a line may end there
_OTHER = r"\s+|\u200b|[^\s\u200b\u3000-\u9fff\uff00-\uffef]+"
_PIECE = re.compile(_OTHER + r"|[\u3000-\u9fff\uff00-\uffef]")
# A Japanese phrase begins with kanji or katakana, and what follows in hiragana belongs to it.
_TAIL = r"[ぁ-ゖ、。」』）〉》・]*"
_PHRASE = re.compile(
    _OTHER + rf"|[「『（〈《]*(?:[ァ-ヺー]+|[一-鿿々]+|[ぁ-ゖ])?{_TAIL}(?<=.)|[\u3000-\u9fff\uff00-\uffef]"
)


def width(signs: Sequence[str]) -> int:
    """How wide signs are in a fixed grid: Chinese and Japanese ones take two places."""
    return sum(2 if east_asian_width(unescape(sign)[0]) in "WF" else 1 for sign in signs)


def wrapped(title: str, most: int, lines: int) -> list[str]:
    """An HTML-escaped text in at most ``lines`` lines of ``most`` places, with "…" where it was cut.

    Lines end between words, at a ``BREAK``, and between Japanese phrases; where that needs more lines than there are,
    between any two Japanese signs. A word longer than a line is cut.
    """
    kept = _broken(_PHRASE, title, most, lines)
    if len(kept) > lines:
        kept = _broken(_PIECE, title, most, lines)
    return kept if len(kept) <= lines else [*kept[: lines - 1], _cut(kept[lines - 1], most)]


def _broken(pieces: re.Pattern[str], title: str, most: int, lines: int) -> list[str]:
    """All lines of at most ``most`` places, or at least more than ``lines`` of them."""
    made: list[list[str]] = [[]]
    for piece in pieces.findall(title):
        signs = [" "] if piece.isspace() else _SIGN.findall(piece.replace(BREAK, ""))
        if width(made[-1]) + width(signs) > most and made[-1] and signs != [" "]:
            made.append([])
        for sign in signs[: most * (lines + 1)]:
            if width(made[-1]) + width([sign]) > most:
                made.append([])
            made[-1].append(sign)
        if len(made) > 4 * lines:  # also of lines that are empty: the rest is not shown
            break
    return [line.strip() for line in ("".join(signs) for signs in made) if line.strip()]


def _cut(line: str, most: int) -> str:
    """A line that something follows, with room for the "…" that says so."""
    signs = _SIGN.findall(line)
    while width(signs) > most - 1:
        signs.pop()
    return "".join(signs) + "…"


def told_apart(titles: Sequence[str]) -> list[str]:
    """HTML-escaped texts without what all of them begin with, or all end with, whichever is wider; "…" stands for it.
    They stay whole where one of them would have nothing left."""
    pieces = [_PIECE.findall(title) for title in titles]
    if len(pieces) < 2:
        return list(titles)
    first, last = _shared(pieces), _shared([each[::-1] for each in pieces])
    if min(map(len, pieces)) <= max(first, last):
        return list(titles)
    head, tail = "".join(pieces[0][:first]), "".join(pieces[0][len(pieces[0]) - last :])
    if width(_SIGN.findall(head)) >= width(_SIGN.findall(tail)):
        return [("…" if head else "") + "".join(each[first:]).lstrip() for each in pieces]
    return ["".join(each[:-last]).rstrip() + "…" for each in pieces]


def _shared(pieces: Sequence[Sequence[str]]) -> int:
    """How many pieces all of some texts begin with."""
    least = min(map(len, pieces))
    return next((n for n in range(least) if len({each[n] for each in pieces}) > 1), least)


def shortened(words: str, most: int) -> str:
    """A plain text in one line of at most ``most`` places, with "…" where it was cut."""
    line = " ".join(words.split())
    if len(line) <= most and width(line) <= most:
        return line
    kept = list(line[:most])  # each takes a place at least: what is longer, as ids and bodies are, is not gone through
    while width(kept) > most - 1:
        kept.pop()
    return "".join(kept).rstrip() + "…"
