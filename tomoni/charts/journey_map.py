"""The journey map: journeys, how each is measured, what was agreed, the signals that carry it, and who owns what, as
one picture.

Rows are SLOs, so that journey, SLI and SLO stand beside each other without a crossing. Signals stand in the order of
what they carry; those that carry every journey hang on one bracket instead of a line to each. Each owner is one box
beside all that is theirs: journeys on the left, signals on the right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import accumulate
from statistics import fmean

from tomoni.charts.theme import Theme

WIDTH = 1344
_TOP, _BETWEEN, _BOX, _PAD = 44, 8, 38, 10
# Left edge and width of the columns: owner, journey, SLI, SLO, signal, owner.
_COLUMNS = ((12, 136), (172, 172), (368, 256), (648, 250), (952, 220), (1196, 136))
_OWNS, _JOURNEY, _SLI, _SLO, _SIGNAL, _CARRIES = range(6)
_SMALL, _LARGE = 11.0, 13.0
_LINE, _NOTE = 16, 15  # from one line to the next, and from the last one to the note
_ON_SCREEN, _TAKEN_AWAY = 2, 12  # lines of a box: nothing is cut in a picture that nobody can point at
_TALL = 8  # rows
_LINK = re.compile("</?a(?: [^>]*)?>")  # names are escaped: whatever looks like a tag is one


@dataclass(frozen=True, slots=True)
class MapCell:
    """A box: its words, a muted second line, whether it stands for something that is missing, and the address that it
    leads to within the pages (empty: none)."""

    words: str
    note: str = ""
    gap: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class MapRow:
    """One SLO of a journey: how it is measured, and what was agreed. A journey without any has one row of gaps."""

    sli: MapCell
    slo: MapCell


@dataclass(frozen=True, slots=True)
class MapJourney:
    """A journey with its rows."""

    id: str
    cell: MapCell
    rows: tuple[MapRow, ...]


@dataclass(frozen=True, slots=True)
class MapSignal:
    """A signal, and the journeys that it carries (empty: all)."""

    cell: MapCell
    journeys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JourneyMap:
    """All of an app. ``heads`` name the columns; ``owners`` are the teams of the journeys and of the signals."""

    title: str
    heads: tuple[str, str, str, str, str, str]
    owners: tuple[MapCell, MapCell]
    journeys: tuple[MapJourney, ...]
    signals: tuple[MapSignal, ...]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where rows lie: the upper edges of their boxes, and how high these are; ``lines`` is how many a box may have."""

    tops: Sequence[int]
    heights: Sequence[int]
    lines: int

    def span(self, row: int, rows: int) -> tuple[int, int]:
        """The upper edge and the height of a box over some rows."""
        last = row + rows - 1
        return self.tops[row], self.tops[last] + self.heights[last] - self.tops[row]

    def middle(self, row: float) -> float:
        """The height of the middle of a row, or of what lies between two."""
        first = int(row)
        here = self.tops[first] + self.heights[first] / 2
        if first == row:
            return here
        return (here + self.tops[first + 1] + self.heights[first + 1] / 2) / 2


def map_svg(shown: JourneyMap, theme: Theme, linked: bool = False) -> str:
    """The picture as a whole SVG file. ``linked``: its boxes lead to where they are about, each with its place
    (``data-column``, ``data-row``), and have two lines, with the whole text where one points at them; a file that is
    taken away has no links, and boxes as high as their texts."""
    places = _places(shown)
    rows = max(sum(len(journey.rows) for journey in shown.journeys), len(shown.signals), 1)
    signals = beside(shown, places, rows)
    grid = _grid(shown, signals, rows, _ON_SCREEN if linked else _TAKEN_AWAY)
    height = sum(grid.span(0, rows)) + _BETWEEN + _PAD
    links, owners = _links(shown, signals, places, grid, theme), _owners(shown, signals, grid, theme)
    body = "".join([*_heads(shown, theme), *links, *owners, *_boxes(shown, signals, grid, theme)])
    body = body if linked else _LINK.sub("", body)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height}' width='{WIDTH}' height='{height}' "
        f"font-family='sans-serif'><title>{escape(shown.title)}</title>"
        f"<rect width='{WIDTH}' height='{height}' fill='{theme.panel}'/>{body}</svg>"
    )


def _grid(shown: JourneyMap, signals: Mapping[int, MapSignal], rows: int, lines: int) -> _Grid:
    """Rows as high as the boxes in them need."""
    needed = [_BOX] * rows
    at = 0
    for journey in shown.journeys:
        for row in journey.rows:
            needed[at] = max(needed[at], _needed(row.sli, _SLI, lines), _needed(row.slo, _SLO, lines))
            at += 1
        _widen(needed, at - len(journey.rows), len(journey.rows), _needed(journey.cell, _JOURNEY, lines))
    for place, signal in signals.items():
        needed[place] = max(needed[place], _needed(signal.cell, _SIGNAL, lines))
    for owner, column, (first, count) in zip(
        shown.owners, (_OWNS, _CARRIES), ((0, max(at, 1)), _of_signals(signals)), strict=True
    ):
        _widen(needed, first, count, _needed(owner, column, lines))
    tops = [_TOP + sum(needed[:n]) + n * _BETWEEN for n in range(rows)]
    return _Grid(tops, needed, lines)


def _widen(needed: list[int], first: int, count: int, height: int) -> None:
    """Make room for a box over some rows, in the last of them."""
    there = sum(needed[first : first + count]) + (count - 1) * _BETWEEN
    needed[first + count - 1] += max(0, height - there)


def _of_signals(signals: Mapping[int, MapSignal]) -> tuple[int, int]:
    """The first row with a signal, and how many rows there are up to the last one."""
    first, last = min(signals, default=0), max(signals, default=0)
    return first, last - first + 1


def _needed(cell: MapCell, column: int, lines: int) -> int:
    """The height of a box with all of its lines."""
    count = len(lines_of(cell.words, _room(column) / _LARGE, lines))
    notes = len(lines_of(cell.note, _room(column) / _SMALL, _notes(lines)))
    return max(_BOX, 7 + count * _LINE + notes * _NOTE)


def _notes(lines: int) -> int:
    """How many lines a note may have, where words may have so many."""
    return max(1, lines // 2)


def _room(column: int) -> int:
    return _COLUMNS[column][1] - 2 * _PAD


def beside(shown: JourneyMap, places: dict[str, range], rows: int) -> dict[int, MapSignal]:
    """The signals by their rows: each beside the middle of what it carries, as far as there is room; those of all
    journeys in the rows that are left."""
    own = [signal for signal in shown.signals if _carried(signal, places)]
    own.sort(key=lambda signal: _middle(signal, places))
    taken: dict[int, MapSignal] = {}
    at = -1
    for n, signal in enumerate(own):
        at = min(max(at + 1, round(_middle(signal, places))), rows - len(own) + n)
        taken[at] = signal
    free = iter(row for row in range(rows) if row not in taken)
    of_all = {next(free): signal for signal in shown.signals if not _carried(signal, places)}
    return dict(sorted((taken | of_all).items()))


def _middle(signal: MapSignal, places: dict[str, range]) -> float:
    return fmean(row for id_ in _carried(signal, places) for row in places[id_])


def _carried(signal: MapSignal, places: dict[str, range]) -> list[str]:
    return [id_ for id_ in signal.journeys if id_ in places]


def _places(shown: JourneyMap) -> dict[str, range]:
    """The rows of each journey."""
    places, at = {}, 0
    for journey in shown.journeys:
        places[journey.id] = range(at, at + len(journey.rows))
        at += len(journey.rows)
    return places


def _heads(shown: JourneyMap, theme: Theme) -> Iterator[str]:
    for (left, width), head in zip(_COLUMNS, shown.heads, strict=True):
        yield _words(head, (left, 24), width, _SMALL, theme.muted)
        yield f"<line x1='{left}' x2='{left + width}' y1='32' y2='32' stroke='{theme.accent}' stroke-width='2'/>"


def _owners(shown: JourneyMap, signals: Mapping[int, MapSignal], grid: _Grid, theme: Theme) -> Iterator[str]:
    """A box for each team beside all that is theirs, with a line to each."""
    rows = sum(len(journey.rows) for journey in shown.journeys)
    for places in _places(shown).values():
        y = grid.middle((places.start + places.stop - 1) / 2)
        yield _line(sum(_COLUMNS[_OWNS]), y, _COLUMNS[_JOURNEY][0], y, theme.border)
    yield _box(shown.owners[0], _OWNS, (0, max(rows, 1)), grid, theme)
    for n in signals:
        y = grid.middle(n)
        yield _line(sum(_COLUMNS[_SIGNAL]), y, _COLUMNS[_CARRIES][0], y, theme.border)
    yield _box(shown.owners[1], _CARRIES, _of_signals(signals), grid, theme)


def _boxes(shown: JourneyMap, signals: Mapping[int, MapSignal], grid: _Grid, theme: Theme) -> Iterator[str]:
    at = 0
    for journey in shown.journeys:
        yield _box(journey.cell, _JOURNEY, (at, len(journey.rows)), grid, theme)
        for row in journey.rows:
            yield _box(row.sli, _SLI, (at, 1), grid, theme)
            yield _box(row.slo, _SLO, (at, 1), grid, theme)
            at += 1
    for at, signal in signals.items():
        yield _box(signal.cell, _SIGNAL, (at, 1), grid, theme)


def _box(cell: MapCell, column: int, rows: tuple[int, int], grid: _Grid, theme: Theme) -> str:
    """A box over some rows (the first one, and how many), with its words in lines."""
    (left, width), (top, height) = _COLUMNS[column], grid.span(*rows)
    room = _room(column)
    words = lines_of(cell.words, room / _LARGE, grid.lines)
    notes = lines_of(cell.note, room / _SMALL, _notes(grid.lines))
    color = theme.muted if cell.gap else theme.text
    middle = top + (grid.heights[rows[0]] if rows[1] > _TALL else height) / 2  # a taller box is not all in sight
    first = middle + 5 - ((len(words) - 1) * _LINE + len(notes) * _NOTE) / 2
    made = ""
    if cell.link:
        made = f"<a href='{escape(cell.link)}' target='_self' data-column='{column}' data-row='{rows[0]}'>"
    # The words are the name of a box; only where they are not whole on one line a title has them all.
    whole = words == (cell.words,) and (notes or ("",)) == (cell.note,)
    made += "<g>" if whole else f"<g><title>{escape(f'{cell.words} {cell.note}'.strip())}</title>"
    made += f"<rect x='{left}' y='{top}' width='{width}' height='{height}' rx='6' "
    made += f"fill='{theme.ground}' stroke='{theme.muted if cell.gap else theme.border}'"
    made += " stroke-dasharray='5 4'/>" if cell.gap else "/>"
    made += " ".join(_at(line, left + _PAD, first + n * _LINE, _LARGE, color) for n, line in enumerate(words))
    below = first + (len(words) - 1) * _LINE
    for n, line in enumerate(notes, start=1):
        made += " " + _at(line, left + _PAD, below + n * _NOTE, _SMALL, theme.muted)
    return f"{made}</g></a>" if cell.link else made + "</g>"


def _links(
    shown: JourneyMap, signals: Mapping[int, MapSignal], places: dict[str, range], grid: _Grid, theme: Theme
) -> Iterator[str]:
    rows = sum(len(journey.rows) for journey in shown.journeys)
    for n in range(rows):
        for first, second in ((_JOURNEY, _SLI), (_SLI, _SLO)):
            yield _line(sum(_COLUMNS[first]), grid.middle(n), _COLUMNS[second][0], grid.middle(n), theme.border)
    for n, signal in signals.items():
        for id_ in _carried(signal, places):
            middle = (places[id_].start + places[id_].stop - 1) / 2
            yield _curve(sum(_COLUMNS[_SLO]), grid.middle(middle), _COLUMNS[_SIGNAL][0], grid.middle(n), theme.accent)
    yield from _bracket(signals, places, rows, grid, theme)


def _bracket(
    signals: Mapping[int, MapSignal], places: dict[str, range], rows: int, grid: _Grid, theme: Theme
) -> Iterator[str]:
    """One line along all rows, from which the signals of all journeys hang."""
    of_all = [n for n, signal in signals.items() if not _carried(signal, places)]
    if not of_all or not rows:
        return
    x, ends = sum(_COLUMNS[_SLO]) + 14, [grid.middle(n) for n in (0, rows - 1, *of_all)]
    yield _line(x, min(ends), x, max(ends), theme.muted)
    for n in range(rows):
        yield _line(sum(_COLUMNS[_SLO]), grid.middle(n), x, grid.middle(n), theme.muted)
    for n in of_all:
        yield _line(x, grid.middle(n), _COLUMNS[_SIGNAL][0], grid.middle(n), theme.muted)


def _line(x1: float, y1: float, x2: float, y2: float, color: str) -> str:
    return f"<line x1='{x1:g}' y1='{y1:g}' x2='{x2:g}' y2='{y2:g}' stroke='{color}' stroke-width='1.5'/>"


def _curve(x1: float, y1: float, x2: float, y2: float, color: str) -> str:
    middle = (x1 + x2) / 2
    path = f"M{x1:g} {y1:g} C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"
    return f"<path d='{path}' fill='none' stroke='{color}' stroke-opacity='0.6' stroke-width='1.5'/>"


def _words(words: str, at: tuple[float, float], room: float, size: float, color: str) -> str:
    shown = escape(fitting(words, room / size))
    return f"<text x='{at[0]:g}' y='{at[1]:g}' font-size='{size:g}' fill='{color}'>{shown}</text>"


def _at(words: str, x: float, y: float, size: float, color: str) -> str:
    return f"<text x='{x:g}' y='{y:g}' font-size='{size:g}' fill='{color}'>{escape(words)}</text>"


@lru_cache(maxsize=4_096)
def lines_of(words: str, ems: float, most: int) -> tuple[str, ...]:
    """Words in at most so many lines of a width, with an ellipsis where some are left out; none of no words. Lines end
    between words, behind a sign that parts them, or between any two letters where neither is near."""
    made: list[str] = []
    left = words
    while left and len(made) < most - 1 and _wide(left) > ems:
        cut = _end_of_line(left, ems)
        made.append(left[:cut].rstrip())
        left = left[cut:].lstrip()
    return (*made, fitting(left, ems)) if left else tuple(made)


def _end_of_line(words: str, ems: float) -> int:
    """How many letters stand on a line: at least one."""
    fit = max(1, sum(used <= ems for used in accumulate(map(_width, words))))
    ends = [n for n in range(fit, fit // 2, -1) if words[n : n + 1] == " " or _parts(words[n - 1])]
    return ends[0] if ends else fit


def _parts(letter: str) -> bool:
    return letter in " _-:/.,(){}=" or unicodedata.east_asian_width(letter) in "WF"


def _wide(words: str) -> float:
    return sum(map(_width, words))


def fitting(words: str, ems: float) -> str:
    """As many of the words as fit into a width, with an ellipsis where some are left out."""
    if _wide(words) <= ems:
        return words
    kept, used = "", _width("…")
    for letter in words:
        used += _width(letter)
        if used > ems:
            break
        kept += letter
    return kept.rstrip() + "…"


def _width(letter: str) -> float:
    """The width of a letter in ems: full for those of East Asia, else that of a wide sans-serif."""
    if unicodedata.combining(letter):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.53
