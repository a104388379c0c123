"""Draws the heat strip as a table that screen readers can read, too."""

from __future__ import annotations

import streamlit as st

from tomoni.charts.heat import Heat, HeatRow
from tomoni.ui.escape import html

_WEEK = 7


def heat_strip(heat: Heat) -> None:
    """Apps in rows, days in columns; a cell tells itself on hover."""
    rows = "".join(_row(row, heat.days) for row in heat.rows)
    signs = "".join(f"<td>{html(sign)}</td>" for sign in heat.signs)
    head = f"<thead class='tm-muted'><tr><th></th>{signs}</tr></thead>" if any(heat.signs) else ""
    foot = "".join(f"<td><bdi>{html(day)}</bdi></td>" for day in _some(heat.days))
    st.html(
        f"<div class='tm-scroll'><table class='tm-heat'>{head}<tbody>{rows}</tbody>"
        f"<tfoot class='tm-muted'><tr><th></th>{foot}</tr></tfoot></table></div>"
    )


def _row(row: HeatRow, days: tuple[str, ...]) -> str:
    cells = "".join(
        f"<td class='tm-burn-{'none' if cell.band is None else cell.band}{' tm-out' if cell.excluded else ''}' "
        f"title='{html(day)}: {html(cell.told)}'>{html(cell.label)}</td>"
        for day, cell in zip(days, row.cells, strict=True)
    )
    return f"<tr><th scope='row'>{html(row.title)}</th>{cells}</tr>"


def _some(days: tuple[str, ...]) -> list[str]:
    """Every seventh day, counted back from the newest; the others stay without a name."""
    return [day if (len(days) - 1 - n) % _WEEK == 0 else "" for n, day in enumerate(days)]
