"""Small pieces of HTML that several pages use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import streamlit as st

from tomoni.slo.model import CalendarUnit, RollingWindow, Window
from tomoni.ui.escape import html
from tomoni.words.text import Text, mark

_NUMBER = " class='tm-number'"
Width = Literal["stretch", "content"]
_PERIODS = {
    CalendarUnit.DAY: mark("calendar day"),
    CalendarUnit.WEEK: mark("calendar week"),
    CalendarUnit.MONTH: mark("calendar month"),
    CalendarUnit.QUARTER: mark("calendar quarter"),
}


def headline(sentence: str) -> None:
    """The one sentence that a page opens with."""
    st.html(f"<h1 class='tm-headline'>{html(sentence)}</h1>")


def title(words: str, note: str = "", width: Width = "stretch") -> None:
    """The title of a panel, with a quiet note behind it."""
    more = f" <span class='tm-small tm-muted'>{html(note)}</span>" if note else ""
    st.html(f"<h2 class='tm-h2'>{html(words)}{more}</h2>", width=width)


def remark(sentence: str) -> None:
    """A quiet sentence."""
    st.html(quiet(sentence))


def quiet(sentence: str) -> str:
    """A quiet sentence as HTML."""
    return f"<p class='tm-small tm-muted'>{html(sentence)}</p>"


def html_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of plain texts as HTML."""
    head = "".join(f"<th>{html(cell)}</th>" for cell in heads)
    body = "".join("<tr>" + "".join(f"<td>{html(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table class='tm-facts'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def number_table(heads: Sequence[str], rows: Iterable[Sequence[str]], texts: int, classes: str = "") -> str:
    """A table of cells that are HTML already; all but the first ``texts`` columns are numbers."""

    def row(tag: str, cells: Sequence[str]) -> str:
        shown = (f"<{tag}{'' if n < texts else _NUMBER}>{cell}</{tag}>" for n, cell in enumerate(cells))
        return f"<tr>{''.join(shown)}</tr>"

    body = "".join(row("td", cells) for cells in rows)
    head = row("th", [html(cell) for cell in heads])
    whole = f"<table class='tm-facts {classes}'><thead>{head}</thead><tbody>{body}</tbody></table>"
    return f"<div class='tm-scroll'>{whole}</div>"


def window_name(window: Window | None, text: Text) -> str:
    """A window in a few words: "28 d, rolling", "calendar month"; a dash where only the source knows it."""
    if window is None:
        return text.duration(None)
    if isinstance(window, RollingWindow):
        return text._("%(duration)s, rolling") % {"duration": text.duration(window.seconds)}
    return text._(_PERIODS[window.unit])
