"""Cards on slides: one SLO each, as large as there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pptx.util import Inches, Pt

from tomoni.snapshots.document.model import Card
from tomoni.snapshots.exporters.slides.measure import LINE, count_lines, fitted, largest_size, width_of
from tomoni.snapshots.exporters.slides.shapes import SMALL, Canvas, Type, add_box, add_text, describe

MOST = 12  # on a slide
LEAST_HEIGHT = Inches(1.72)
GAP, _PADDING = Inches(0.2), Inches(0.13)
_TALLEST = Inches(5.4)
_TALL = 1.0  # heights of a width
_ACROSS = {1: 1, 2: 2, 3: 3, 4: 2, 5: 3, 6: 3}
_MOST_ACROSS = 4
_MOST_TITLE = 3  # lines
_BAR = Inches(0.09)
_ROOMY = Inches(2.1)  # the height inside of a card whose foot may have two lines
_LARGEST = 96.0  # points of the main figure


def across(count: int, width: int) -> int:
    """How many cards stand beside each other."""
    return min(_ACROSS.get(count, _MOST_ACROSS), max(1, width // Inches(2.8)))


def most(width: int, height: int) -> int:
    """How many cards a place has room for, at least one row."""
    return min(MOST, across(MOST, width) * max(1, height // (LEAST_HEIGHT + GAP)))


def rows_of(count: int, width: int) -> int:
    """How many rows of cards there are."""
    return -(-count // across(count, width))


def add_cards(cards: Sequence[Card], place: Canvas) -> None:
    """The cards, in the whole place."""
    columns, rows = across(len(cards), place.width), rows_of(len(cards), place.width)
    width = (place.width - GAP * (columns - 1)) // columns
    height = min((place.height - GAP * (rows - 1)) // rows, _TALLEST)
    for n, card in enumerate(cards):
        row, column = divmod(n, columns)
        left, top = place.left + column * (width + GAP), place.top + row * (height + GAP)
        _card(card, replace(place, left=left, top=top, width=width, height=height))


def _card(card: Card, place: Canvas) -> None:
    """Title and journey above, what is left with its SLI, the bar, the state below. Where labels have no room for the
    window, it stands beside the journey."""
    theme = place.look.theme
    ink = theme.states[card.state]
    box = add_box(place, theme.panel, theme.border)
    facts = (f"{card.main.shown} {card.main_label}", f"{card.side.shown}, {card.side_label}", card.word, *card.notes)
    describe(box, f"{card.title}: {card.main.shown}", f"{card.subtitle} / {card.title}: {', '.join(facts)}")
    inside = replace(
        place,
        left=place.left + _PADDING,
        top=place.top + _PADDING // 2,
        width=place.width - 2 * _PADDING,
        height=place.height - _PADDING,
    )
    tall = place.height > _TALL * place.width
    small = min(20.0, max(SMALL, place.height / Pt(1) * (0.045 if tall else 0.062)))
    title = Type(small * 1.2 if small > SMALL else SMALL, theme.text, strong=True)
    foot = 2 if tall or _said_in_two(card, inside) else 1
    free = _lines(inside, card.title, title, 2 if tall else _title_lines(inside, title.size, small, foot))
    card = card if tall or not _narrow(card, inside.width, small) else _with_window_above(card)
    free = _lines(free, card.subtitle, Type(small, theme.muted), 1)
    free = _foot(card, free, small, ink, foot)
    (_tall if tall else _wide)(card, free, small, ink)


def _narrow(card: Card, width: int, small: float) -> bool:
    """Whether what is left and the objective do not find place beside each other with all that they say."""
    return bool(card.window) and width_of(card.main_label, small) + _beside(card, width, small) > width


def _beside(card: Card, width: int, small: float) -> int:
    """The width of the objective, which is whole where it can be; what is left says itself what it is."""
    return min(width * 2 // 3, int(width_of(card.side_label, small) * 1.02))


def _with_window_above(card: Card) -> Card:
    subtitle = f"{card.subtitle} · {card.window}" if card.subtitle else card.window
    return replace(card, main_label=card.short_label, subtitle=subtitle)


def _said_in_two(card: Card, place: Canvas) -> bool:
    """Whether the state with its notes takes two lines, and there is room for them."""
    return count_lines(_said(card), SMALL, place.width, bold=True) > 1 and place.height >= _ROOMY


def _said(card: Card) -> str:
    return " · ".join((card.word, *card.notes))


def _title_lines(place: Canvas, title: float, small: float, foot: int) -> int:
    """How many lines a title may have, so that the main figure stays larger than all other text: beside it are the
    journey, the label, the bar, and the state in the lines of the ``foot``."""
    left = place.height - (2 + foot) * _height(small) - _BAR - Pt(10) - _height(1.3 * SMALL)
    return min(_MOST_TITLE, max(1, left // _height(title)))


def _foot(card: Card, place: Canvas, small: float, ink: str, lines: int) -> Canvas:
    """The state with its notes at the foot, the bar above it, and what is left above both."""
    said = _said(card)
    size = largest_size(said, (small, SMALL), place.width, lines * _height(small))
    height = lines * _height(small)
    foot = replace(place, top=place.top + place.height - height, height=height)
    _lines(foot, said, Type(size, ink, strong=True), lines)
    _bar(replace(foot, top=foot.top - _BAR - Pt(5), height=_BAR), card.main.value, ink)
    return replace(place, height=place.height - height - _BAR - Pt(10))


def _wide(card: Card, place: Canvas, small: float, ink: str) -> None:
    """What is left at the left, the SLI at the right."""
    foot = _height(small)
    half = place.width // 2
    left = replace(place, width=place.width - half)
    right = replace(place, left=place.left + left.width, width=half)
    high = place.height - foot
    main = max(SMALL, min(_LARGEST, high / Pt(1) * 0.8, _widest(card.main.shown, left.width)))
    side = max(SMALL, min(main * 0.55, _widest(card.side.shown, right.width)))
    theme = place.look.theme
    add_text(replace(left, height=high), card.main.shown, Type(main, ink, strong=True), middle=True)
    add_text(replace(right, height=high), card.side.shown, Type(side, theme.text, strong=True, right=True), middle=True)
    needed = _beside(card, place.width, small)
    said = replace(place, width=place.width - needed)
    beside = replace(place, left=place.left + said.width, width=needed)
    _lines(said.below(high), card.main_label, Type(small, theme.muted), 1)
    _lines(beside.below(high), card.side_label, Type(small, theme.muted, right=True), 1)


def _tall(card: Card, place: Canvas, small: float, ink: str) -> None:
    """The SLI above, what is left below it, over its bar."""
    theme, foot = place.look.theme, _height(small)
    high = place.height - 2 * foot
    above = replace(place, height=high * 2 // 5)
    main = max(SMALL, min(_LARGEST, (high - above.height) / Pt(1) * 0.8, _widest(card.main.shown, place.width)))
    side = max(SMALL, min(32.0, main * 0.8, above.height / Pt(1) * 0.8, _widest(card.side.shown, place.width)))
    add_text(above, card.side.shown, Type(side, theme.text, strong=True), middle=True)
    place = _lines(place.below(above.height), card.side_label, Type(small, theme.muted), 1)
    add_text(replace(place, height=high - above.height), card.main.shown, Type(main, ink, strong=True), middle=True)
    _lines(place.below(high - above.height), card.main_label, Type(small, theme.muted), 1)


def _widest(value: str, width: int) -> float:
    """The size in which a figure is as wide as its place."""
    return 0.95 * width / max(1, width_of(value, 1.0, bold=True))


def _height(size: float) -> int:
    return round(Pt(size) * LINE)


def _lines(place: Canvas, value: str, type_: Type, most: int) -> Canvas:
    """Lines of text, and what is left below them."""
    shown = fitted(value, type_.size, place.width, most, bold=type_.strong)
    height = count_lines(shown, type_.size, place.width, bold=type_.strong) * _height(type_.size)
    add_text(replace(place, height=height), shown, type_)
    return place.below(height)


def _bar(place: Canvas, share: float | int | None, ink: str) -> None:
    """A budget as a bar: full at 100 %, empty at 0 and below."""
    add_box(place, place.look.theme.grid)
    width = int(place.width * min(1.0, max(0.0, share or 0.0)))
    if width > 0:
        add_box(replace(place, width=width), ink)
