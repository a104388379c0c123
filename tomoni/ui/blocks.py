"""HTML fragments that several pages use: titles, tables, glossary terms and states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import streamlit as st

from tomoni.review.model import SloStatus
from tomoni.slo.model import RollingWindow, State, Window
from tomoni.ui.escape import flowing, html
from tomoni.words import states, terms
from tomoni.words.long_names import width
from tomoni.words.text import Text
from tomoni.words.windows import calendar_window

_NUMBER = " class='tm-number'"
Width = Literal["stretch", "content"]


# Two lines of a headline on a shared screen, in widths of a Latin letter.
_LONG = 190


def headline(sentence: str) -> None:
    """Draw the sentence that a page opens with; one of many words in smaller letters where a room reads it."""
    long = " tm-long" if width(sentence) > _LONG else ""
    st.html(f"<h1 class='tm-headline{long}'>{flowing(sentence)}</h1>")


def title(words: str, note: str = "", width: Width = "stretch") -> None:
    """Draw the title of a panel, followed by a muted note."""
    st.html(heading(html(words), note), width=width)


def heading(words: str, note: str = "") -> str:
    """The same as HTML, of words that are HTML already."""
    more = f" <span class='tm-small tm-muted'>{flowing(note)}</span>" if note else ""
    return f"<h2 class='tm-h2'>{words}{more}</h2>"


def parted(*parts: str) -> str:
    """HTML fragments below each other, as far apart as elements of a panel: one is drawn sooner than several."""
    return "".join(f"<div class='tm-part'>{part}</div>" for part in parts if part)


def remark(sentence: str) -> None:
    """Draw a muted sentence."""
    st.html(quiet(sentence))


def quiet(sentence: str) -> str:
    """A muted sentence as HTML."""
    return f"<p class='tm-small tm-muted'>{flowing(sentence)}</p>"


class Unseen(str):
    """The heading of a column that sight understands without one; screen readers say it."""


def unseen(words: str) -> str:
    """Words for screen readers alone, as HTML."""
    return f"<span class='tm-unseen'>{html(words)}</span>"


def _head(cell: str) -> str:
    return unseen(cell) if isinstance(cell, Unseen) else html(cell)


def html_table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], places: Sequence[str] = (), stacks: bool = True
) -> str:
    """An HTML table of plain texts; ``places`` are the names of its rows in addresses. On a phone it ``stacks``:
    each row is a card of its cells, empty ones left out, with their heads beside them."""
    head = "".join(f"<th>{_head(cell)}</th>" for cell in heads)
    ids = [f" id='{html(place)}'" for place in places]

    def told(row: Sequence[str]) -> str:
        first = f"<td>{flowing(row[0])}</td>"
        return first + "".join(
            f"<td><span class='tm-of'>{_head(name)}</span> {flowing(cell)}</td>"
            if stacks and cell
            else f"<td>{flowing(cell)}</td>"
            for name, cell in zip(heads[1:], row[1:], strict=True)
        )

    body = "".join(f"<tr{ids[n] if ids else ''}>{told(row)}</tr>" for n, row in enumerate(rows))
    kind = "tm-facts tm-stack" if stacks else "tm-facts"
    return f"<table class='{kind}'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def number_table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], texts: int, classes: str = "", name: str = ""
) -> str:
    """An HTML table of cells that are already HTML; all but the first ``texts`` columns are numbers. With a ``name``
    keys reach and scroll one that is wider than its place."""

    def row(tag: str, cells: Sequence[str]) -> str:
        shown = (f"<{tag}{'' if n < texts else _NUMBER}>{cell}</{tag}>" for n, cell in enumerate(cells))
        return f"<tr>{''.join(shown)}</tr>"

    body = "".join(row("td", cells) for cells in rows)
    head = row("th", [_head(cell) for cell in heads])
    whole = f"<table class='tm-facts {classes}'><thead>{head}</thead><tbody>{body}</tbody></table>"
    reached = f" tabindex='0' role='region' aria-label='{html(name)}'" if name else ""
    return f"<div class='tm-scroll'{reached}>{whole}</div>"


def stacking_table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], texts: int, name: str = "", classes: str = ""
) -> str:
    """The same, which on a narrow screen is a card for each row: each number below the first with its head beside."""

    def told(cells: Sequence[str]) -> list[str]:
        named = zip(heads[1:], cells[1:], strict=True)
        return [cells[0], *(f"<span class='tm-of'>{_head(head)}</span> {_held(cell)}" for head, cell in named)]

    return number_table(heads, [told(cells) for cells in rows], texts, f"tm-stack {classes}".strip(), name)


def _held(cell: str) -> str:
    """A cell of several parts as one, so that they stay together beside their head."""
    return f"<span class='tm-held'>{cell}</span>" if "<" in cell else cell


def window_name(window: Window | None, text: Text) -> str:
    """A window in a few words: "28 d, rolling", "calendar month"; a dash when only the source knows it."""
    if window is None:
        return text.duration(None)
    if isinstance(window, RollingWindow):
        return text._("%(duration)s, rolling") % {"duration": text.duration(window.seconds)}
    return calendar_window(window, text)


def term(key: str, label: str, text: Text) -> str:
    """A label with a dotted underline that shows the meaning of its glossary term on hover and focus."""
    tip, shown = html(terms.meaning(key, text)), html(label)
    return f"<span class='tm-term' role='note' tabindex='0' data-tip='{tip}' aria-label='{shown}: {tip}'>{shown}</span>"


def chip(state: State, text: Text) -> str:
    """A state as icon and word in its colour."""
    return f"<span class='tm-state tm-{state.value}'>{html(states.label(state, text))}</span>"


def budget_bar(status: SloStatus) -> str:
    """The budget as a bar in the colour of the state: full at 100 %, empty at 0 and below."""
    share = min(1.0, max(0.0, status.budget_left or 0.0))
    return f"<div class='tm-bar tm-{status.figures.state.value}'><i style='width:{share * 100:.1f}%'></i></div>"


def mark_of(state: State) -> str:
    """The icon of a state in its colour, hidden from screen readers because the word is nearby."""
    return f"<span class='tm-{state.value}' aria-hidden='true'>{states.icon(state)}</span>"
