"""The heat strip as an HTML table, which screen readers can read too."""

from __future__ import annotations

import streamlit as st

from tomoni.charts.heat import Heat, HeatRow
from tomoni.ui.escape import html

_WEEK = 7


def heat_strip(heat: Heat) -> None:
    """Draw apps in rows and days in columns; hovering over a cell shows its value."""
    rows = "".join(_row(row, heat.days) for row in heat.rows)
    signs = "".join(f"<td>{html(sign)}</td>" for sign in heat.signs)
    head = f"<thead class='tm-muted'><tr><th></th>{signs}</tr></thead>" if any(heat.signs) else ""
    foot = "".join(f"<td><bdi>{html(day)}</bdi></td>" for day in _labels(heat.days))
    st.html(
        f"<div class='tm-scroll'><table class='tm-heat'>{head}<tbody>{rows}</tbody>"
        f"<tfoot class='tm-muted'><tr><th></th>{foot}</tr></tfoot></table></div>"
    )


def _row(row: HeatRow, days: tuple[str, ...]) -> str:
    cells = "".join(
        f"<td class='tm-burn-{'none' if cell.band is None else cell.band}{' tm-out' if cell.excluded else ''}' "
        f"title='{html(day)}: {html(cell.description)}'>{html(cell.label)}</td>"
        for day, cell in zip(days, row.cells, strict=True)
    )
    return f"<tr><th scope='row'>{html(row.title)}</th>{cells}</tr>"


def _labels(days: tuple[str, ...]) -> list[str]:
    """Labels for every seventh day, counted back from the newest; the others are empty."""
    return [day if (len(days) - 1 - n) % _WEEK == 0 else "" for n, day in enumerate(days)]
