"""How much room a text takes, without a layout engine: estimated from the widths of Arial's letters.

Sizes are in points, lengths in EMU as python-pptx has them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from pptx.util import Pt

LINE = 1.2  # of the size: lines are set exactly as far apart, since Japanese fonts would put them further
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[]/ -"), frozenset("mwMW%@→—…●▲■")
_CJK = "\u2e80"
_TOKENS = re.compile(f"[{_CJK}-\uffff]|(?:[^\\s{_CJK}-\uffff]|\u00a0)+|\\s+")
_BOLD = 1.07
_GAP = 0.2  # ems


def _ems(sign: str) -> float:
    if sign >= _CJK:
        return 1.0
    if sign in _NARROW:
        return 0.32
    if sign in _WIDE:
        return 0.92
    return 0.7 if sign.isupper() else 0.56


@lru_cache(maxsize=8192)
def _line_ems(line: str) -> float:
    """A line's width; where Japanese meets Latin letters, programs leave a gap."""
    meetings = sum((one >= _CJK) != (two >= _CJK) for one, two in pairwise(line))
    return sum(_ems(sign) for sign in line) + _GAP * meetings


def width_of(value: str, size: float, bold: bool = False) -> int:
    """The width of the longest line of a text."""
    longest = max((_line_ems(line) for line in value.split("\n")), default=0.0)
    return round(Pt(size) * longest * (_BOLD if bold else 1.0))


@lru_cache(maxsize=2048)
def word_width(value: str, size: float) -> int:
    """The width of the longest word, which a column should not break."""
    words = re.split(r"[^\S\u00a0]+", re.sub(f"[{_CJK}-\uffff]", lambda found: f" {found[0]} ", value))
    return max((width_of(word, size) for word in words), default=0)


@lru_cache(maxsize=4096)
def count_lines(value: str, size: float, width: int, bold: bool = False) -> int:
    """How many lines a text takes in a width."""
    return sum(_wrapped(line, size, width, bold) for line in value.split("\n"))


def _wrapped(line: str, size: float, width: int, bold: bool) -> int:
    if width_of(line, size, bold) <= width:
        return 1
    count, taken, before = 1, 0, ""
    for token in _TOKENS.findall(line):
        length = width_of(before[-1:] + token, size, bold) - width_of(before[-1:], size, bold)
        before = token
        if taken + length <= width or not token.strip():
            taken += length
        else:
            count += 1 if taken else 0
            more, taken = divmod(length, max(1, width))
            count += more
    return count


def height_of(value: str, size: float, width: int, bold: bool = False) -> int:
    """The height of a text in a width."""
    return round(count_lines(value, size, width, bold) * Pt(size) * LINE)


def fitted(value: str, size: float, width: int, lines: int = 1, bold: bool = False) -> str:
    """A text cut to some lines, with an ellipsis where something is left out."""
    if count_lines(value, size, width, bold) <= lines:
        return value
    low, high = 0, len(value)
    while low < high:
        middle = (low + high + 1) // 2
        fits = count_lines(value[:middle].rstrip() + "…", size, width, bold) <= lines
        low, high = (middle, high) if fits else (low, middle - 1)
    return value[:low].rstrip() + "…"


def largest_size(value: str, sizes: tuple[float, ...], width: int, height: int) -> float:
    """The largest of some sizes in which a bold text fits, else the smallest."""
    return next((size for size in sizes if height_of(value, size, width, bold=True) <= height), sizes[-1])
