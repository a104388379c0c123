"""Merging texts that two people changed at the same time, by lines.

Where only one of them changed a line, the change is taken. Where both did, the lines of both stay, one after the
other: nothing that somebody wrote is dropped, and no markers are left for readers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import LCSseq

# Lines of one text times lines of the other that are compared one by one; beyond it, the whole counts as changed.
_MOST_COMPARED = 25_000_000
Lines = list[str]


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged text, and whether both sides changed the same lines, so that both are in it."""

    text: str
    conflict: bool


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Lines ``[start, end)`` of the base became other lines."""

    start: int
    end: int
    lines: Lines


def merge(base: str, theirs: str, mine: str) -> Merged:
    """The text that has the changes of both sides since ``base``. Merging the same change again changes nothing."""
    if mine in (base, theirs):
        return Merged(theirs, conflict=False)
    if theirs == base:
        return Merged(mine, conflict=False)
    lines = base.split("\n")
    sides = (_hunks(lines, theirs.split("\n")), _hunks(lines, mine.split("\n")))
    merged, conflict, at = Lines(), False, 0
    while sides[0] or sides[1]:
        start, end, groups = _next_group(sides)
        versions = [_applied(lines, start, end, group) for group in groups if group]
        conflict = conflict or (len(versions) > 1 and versions[0] != versions[1])
        merged += lines[at:start] + (versions[0] if len(versions) == 1 else _both(*versions))
        at = end
    return Merged("\n".join(merged + lines[at:]), conflict)


def _hunks(base: Lines, changed: Lines) -> list[_Hunk]:
    """What changed, in order; none of the hunks touch each other."""
    first = _same(base, changed)
    last = _same(base[first:][::-1], changed[first:][::-1])
    left, right = base[first : len(base) - last], changed[first : len(changed) - last]
    if len(left) * len(right) > _MOST_COMPARED:
        return [_Hunk(first, first + len(left), right)]
    found = []
    for equal, ops in groupby(LCSseq.opcodes(left, right), key=lambda op: op.tag == "equal"):
        if not equal:
            run = list(ops)
            lines = right[run[0].dest_start : run[-1].dest_end]
            found.append(_Hunk(first + run[0].src_start, first + run[-1].src_end, lines))
    return found


def _same(one: Lines, other: Lines) -> int:
    """How many lines are the same from the beginning."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _next_group(sides: tuple[list[_Hunk], list[_Hunk]]) -> tuple[int, int, tuple[list[_Hunk], list[_Hunk]]]:
    """Takes the next hunk, with all of the other side that changed the same lines; the lines that they span."""
    first = min((side[0] for side in sides if side), key=lambda hunk: (hunk.start, hunk.end))
    start, end = first.start, first.end
    groups: tuple[list[_Hunk], list[_Hunk]] = ([], [])
    grown = True
    while grown:
        grown = False
        for side, group in zip(sides, groups, strict=True):
            while side and (side[0].start < end or side[0].start == side[0].end == start == end or side[0] is first):
                hunk = side.pop(0)
                group.append(hunk)
                end, grown = max(end, hunk.end), True
    return start, end, groups


def _applied(base: Lines, start: int, end: int, hunks: list[_Hunk]) -> Lines:
    lines, at = Lines(), start
    for hunk in hunks:
        lines += base[at : hunk.start] + hunk.lines
        at = hunk.end
    return lines + base[at:end]


def _both(theirs: Lines, mine: Lines) -> Lines:
    """All lines of both, those that they share once; a text that only goes on from the other stands for both."""
    if len(theirs) * len(mine) > _MOST_COMPARED:
        return theirs + mine
    lines = Lines()
    for equal, ops in groupby(LCSseq.opcodes(theirs, mine), key=lambda op: op.tag == "equal"):
        run = list(ops)
        one = theirs[run[0].src_start : run[-1].src_end]
        lines += one if equal else _longer(one, mine[run[0].dest_start : run[-1].dest_end])
    return lines


def _longer(one: Lines, other: Lines) -> Lines:
    first, second = "\n".join(one), "\n".join(other)
    if first.startswith(second) or second.startswith(first):
        return max(one, other, key=lambda lines: len("\n".join(lines)))
    return one + other
