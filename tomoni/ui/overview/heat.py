"""The heat strip as an HTML table, which screen readers can read too."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from tomoni.charts.heat import Cell, Heat, HeatRow
from tomoni.ui.blocks import unseen
from tomoni.ui.escape import flowing, html
from tomoni.ui.url_state import View, params
from tomoni.words.text import Text

_WEEK = 7


def heat_strip(heat: Heat, view: View, text: Text) -> str:
    """Apps in rows and days in columns, as HTML; hovering over a cell shows its value, a click opens that day of the
    app.

    ``view`` is what the links keep, such as the language.
    """
    rows = "".join(_row(row, heat, view) for row in heat.rows)
    happened, day_word = unseen(text._("What happened")), unseen(text._("Day"))
    signs = "".join(f"<td>{flowing(sign)}</td>" for sign in heat.signs)
    head = f"<thead class='tm-muted'><tr><th scope='row'>{happened}</th>{signs}</tr></thead>" if any(heat.signs) else ""
    foot = "".join(f"<td><bdi>{html(day)}</bdi></td>" for day in _labels(heat.days))
    return (
        f"<div class='tm-scroll tm-newest'><table class='tm-heat'>{head}<tbody>{rows}</tbody>"
        f"<tfoot class='tm-muted'><tr><th scope='row'>{day_word}</th>{foot}</tr></tfoot></table></div>"
    )


def _row(row: HeatRow, heat: Heat, view: View) -> str:
    cells = "".join(
        _cell(cell, f"{row.title}, {day}: {cell.description}", replace(view, app=row.app, period=name))
        for day, name, cell in zip(heat.days, heat.names, row.cells, strict=True)
    )
    return f"<tr><th scope='row'>{html(row.title)}</th>{cells}</tr>"


def _cell(cell: Cell, words: str, target: View) -> str:
    """A day of an app, as a link to it; the Tab key stops at the days that have a number alone."""
    look = f"tm-burn-{'none' if cell.band is None else cell.band}{' tm-out' if cell.excluded else ''}"
    stop = "" if cell.label else " tabindex='-1'"
    said = f"{words} ({cell.label})" if cell.label else words  # a name has the words that are seen
    link = f"<a href='./app?{html(urlencode(params(target)))}' target='_self' aria-label='{html(said)}'{stop}>"
    return f"<td class='{look}' title='{html(words)}'>{link}{html(cell.label)}</a></td>"


def _labels(days: tuple[str, ...]) -> list[str]:
    """Labels for every seventh day, counted back from the newest; the others are empty."""
    return [day if (len(days) - 1 - n) % _WEEK == 0 else "" for n, day in enumerate(days)]
