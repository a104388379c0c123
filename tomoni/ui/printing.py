"""What the browser's own print adds to a page and leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from streamlit.components.v2 import component

from tomoni.charts.theme import DARK, LIGHT, Theme
from tomoni.ui.bar import link_params, own_params
from tomoni.ui.context import Context
from tomoni.ui.url_state import View

_HERE = Path(__file__).parent
_SCRIPT = (_HERE / "print.js").read_text()
_QUERY = "QUERY-OF-THE-PAGE"


def prepare_print(context: Context, shown: View) -> None:
    """Give the printed page the moment and the address of ``shown`` at the foot of every sheet, and its figures the
    paper's width and colours that can be read on white."""
    left, right = (_quoted(part) for part in _foot(context))
    foot = f"font: 9px sans-serif; color: {LIGHT.muted};"
    sheet = (
        f"@page {{ @bottom-left {{ content: {left}; {foot} }} @bottom-right {{ content: {right}; {foot} }} }}\n"
        f"{_on_white()}"
    )
    query = urlencode(link_params(context, shown))
    data = {"sheet": sheet, "query": query, "own": own_params(shown)}
    component("tomoni.print", js=_SCRIPT)(key="print", data=data, height=0)


def _quoted(words: str) -> str:
    """Words as a string of a style sheet."""
    plain = "".join(each if each.isalnum() or each in " .,:/?&=-_%+()" else f"\\{ord(each):x} " for each in words)
    return f'"{plain}"'


def _foot(context: Context) -> tuple[str, str]:
    """The moment of the figures, and the address at which everybody sees them; the browser fills in its query."""
    text, place = context.text, st.context.url or ""
    when = text._("as of %(moment)s") % {"moment": text.moment(context.as_of)}
    return when, f"{place.split('?')[0]}?{_QUERY}" if place else ""


@cache
def _on_white() -> str:
    """The colours of figures drawn for a dark ground become those of the light one."""
    rules = "".join(
        f".js-plotly-plot [style*='{what}: {_rgb(dark)}'] {{ {what}: {light} !important; }}\n"
        for dark, light in dict(_pairs()).items()
        for what in ("fill", "stroke")
    )
    return f"@media print {{ {rules} }}"


def _pairs() -> Iterator[tuple[str, str]]:
    yield from zip(_drawn(DARK), _drawn(LIGHT), strict=True)


def _drawn(theme: Theme) -> tuple[str, ...]:
    """The colours that figures are drawn in."""
    return (theme.panel, theme.border, theme.grid, theme.text, theme.muted, *theme.categorical, *theme.states.values())


def _rgb(color: str) -> str:
    """A #rrggbb colour as browsers write it into a style."""
    return f"rgb({', '.join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5))})"
