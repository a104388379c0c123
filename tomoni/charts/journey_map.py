"""The journey map: journeys, how each is measured, what was agreed, the signals that carry it, and who owns what, as
one picture.

Rows are SLOs, so that journey, SLI and SLO stand beside each other without a crossing. Signals stand in the order of
what they carry; those that carry every journey hang on one bracket instead of a line to each. Each owner is one box
beside all that is theirs: journeys on the left, signals on the right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from statistics import fmean

from tomoni.charts.theme import Theme

WIDTH = 1344
_ROW, _TOP, _BOX, _PAD = 46, 44, 38, 10
# Left edge and width of the columns: owner, journey, SLI, SLO, signal, owner.
_COLUMNS = ((12, 136), (172, 172), (368, 256), (648, 250), (952, 220), (1196, 136))
_OWNS, _JOURNEY, _SLI, _SLO, _SIGNAL, _CARRIES = range(6)
_SMALL, _LARGE = 11.0, 13.0
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


def map_svg(shown: JourneyMap, theme: Theme, linked: bool = False) -> str:
    """The picture as a whole SVG file. ``linked``: its boxes lead to where they are about, each with its place
    (``data-column``, ``data-row``); a file that is taken away has no links."""
    places = _places(shown)
    rows = max(sum(len(journey.rows) for journey in shown.journeys), len(shown.signals), 1)
    signals = beside(shown, places, rows)
    height = _TOP + rows * _ROW + _PAD
    links, owners = _links(shown, signals, places, theme), _owners(shown, signals, theme)
    body = "".join([*_heads(shown, theme), *links, *owners, *_boxes(shown, signals, theme)])
    body = body if linked else _LINK.sub("", body)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height}' width='{WIDTH}' height='{height}' "
        f"font-family='sans-serif'><title>{escape(shown.title)}</title>"
        f"<rect width='{WIDTH}' height='{height}' fill='{theme.panel}'/>{body}</svg>"
    )


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


def _owners(shown: JourneyMap, signals: Mapping[int, MapSignal], theme: Theme) -> Iterator[str]:
    """A box for each team beside all that is theirs, with a line to each."""
    rows = sum(len(journey.rows) for journey in shown.journeys)
    middles = [(places.start + places.stop - 1) / 2 for places in _places(shown).values()]
    for n in middles:
        yield _line(sum(_COLUMNS[_OWNS]), _y(n), _COLUMNS[_JOURNEY][0], _y(n), theme.border)
    yield _box(shown.owners[0], _OWNS, 0, theme, max(rows, 1))
    for n in signals:
        yield _line(sum(_COLUMNS[_SIGNAL]), _y(n), _COLUMNS[_CARRIES][0], _y(n), theme.border)
    first, last = min(signals, default=0), max(signals, default=0)
    yield _box(shown.owners[1], _CARRIES, first, theme, last - first + 1)


def _y(row: float) -> float:
    """The height of the middle of a row."""
    return _TOP + row * _ROW + _BOX / 2


def _boxes(shown: JourneyMap, signals: Mapping[int, MapSignal], theme: Theme) -> Iterator[str]:
    at = 0
    for journey in shown.journeys:
        yield _box(journey.cell, _JOURNEY, at, theme, len(journey.rows))
        for row in journey.rows:
            yield _box(row.sli, _SLI, at, theme)
            yield _box(row.slo, _SLO, at, theme)
            at += 1
    for at, signal in signals.items():
        yield _box(signal.cell, _SIGNAL, at, theme)


def _box(cell: MapCell, column: int, row: int, theme: Theme, rows: int = 1) -> str:
    left, width = _COLUMNS[column]
    top, height = _TOP + row * _ROW, _BOX + (rows - 1) * _ROW
    line = theme.muted if cell.gap else theme.border
    dash = " stroke-dasharray='5 4'" if cell.gap else ""
    color = theme.muted if cell.gap else theme.text
    middle = top + (_BOX if rows > _TALL else height) / 2  # a taller box is not all in sight
    first = middle + (-2 if cell.note else 5)
    made = ""
    room = width - 2 * _PAD
    if cell.link:
        made = f"<a href='{escape(cell.link)}' target='_self' data-column='{column}' data-row='{row}'>"
    whole = fitting(cell.words, room / _LARGE) == cell.words and fitting(cell.note, room / _SMALL) == cell.note
    # The words are the name of a box; only where some are cut off a title has them all.
    made += "<g>" if whole else f"<g><title>{escape(f'{cell.words} {cell.note}'.strip())}</title>"
    made += f"<rect x='{left}' y='{top}' width='{width}' height='{height}' rx='6' "
    made += f"fill='{theme.ground}' stroke='{line}'{dash}/>"
    made += _words(cell.words, (left + _PAD, first), room, _LARGE, color)
    if cell.note:
        made += " " + _words(cell.note, (left + _PAD, middle + 13), room, _SMALL, theme.muted)
    return f"{made}</g></a>" if cell.link else made + "</g>"


def _links(
    shown: JourneyMap, signals: Mapping[int, MapSignal], places: dict[str, range], theme: Theme
) -> Iterator[str]:
    rows = sum(len(journey.rows) for journey in shown.journeys)
    for n in range(rows):
        for first, second in ((_JOURNEY, _SLI), (_SLI, _SLO)):
            yield _line(sum(_COLUMNS[first]), _y(n), _COLUMNS[second][0], _y(n), theme.border)
    for n, signal in signals.items():
        for id_ in _carried(signal, places):
            middle = (places[id_].start + places[id_].stop - 1) / 2
            yield _curve(sum(_COLUMNS[_SLO]), _y(middle), _COLUMNS[_SIGNAL][0], _y(n), theme.accent)
    yield from _bracket(signals, places, rows, theme)


def _bracket(signals: Mapping[int, MapSignal], places: dict[str, range], rows: int, theme: Theme) -> Iterator[str]:
    """One line along all rows, from which the signals of all journeys hang."""
    of_all = [n for n, signal in signals.items() if not _carried(signal, places)]
    if not of_all or not rows:
        return
    x, ends = sum(_COLUMNS[_SLO]) + 14, [_y(n) for n in (0, rows - 1, *of_all)]
    yield _line(x, min(ends), x, max(ends), theme.muted)
    for n in range(rows):
        yield _line(sum(_COLUMNS[_SLO]), _y(n), x, _y(n), theme.muted)
    for n in of_all:
        yield _line(x, _y(n), _COLUMNS[_SIGNAL][0], _y(n), theme.muted)


def _line(x1: float, y1: float, x2: float, y2: float, color: str) -> str:
    return f"<line x1='{x1:g}' y1='{y1:g}' x2='{x2:g}' y2='{y2:g}' stroke='{color}' stroke-width='1.5'/>"


def _curve(x1: float, y1: float, x2: float, y2: float, color: str) -> str:
    middle = (x1 + x2) / 2
    path = f"M{x1:g} {y1:g} C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"
    return f"<path d='{path}' fill='none' stroke='{color}' stroke-opacity='0.6' stroke-width='1.5'/>"


def _words(words: str, at: tuple[float, float], room: float, size: float, color: str) -> str:
    shown = escape(fitting(words, room / size))
    return f"<text x='{at[0]:g}' y='{at[1]:g}' font-size='{size:g}' fill='{color}'>{shown}</text>"


def fitting(words: str, ems: float) -> str:
    """As many of the words as fit into a width, with an ellipsis where some are left out."""
    if sum(map(_width, words)) <= ems:
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
