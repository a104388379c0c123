"""Blocks as HTML. Everything that others wrote loses every meaning but its letters here."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from tomoni.snapshots.document.model import (
    Block,
    Card,
    Cards,
    Cell,
    Column,
    Facts,
    Figure,
    Listing,
    Multiples,
    Panel,
    Paragraph,
    Query,
    Table,
    Tone,
)

_TONES = {Tone.PLAIN: "", Tone.QUIET: " class='quiet'", Tone.WARNING: " class='warning'"}


def escaped(value: object) -> str:
    """A text for HTML, inside elements and quoted attributes."""
    return html.escape(str(value), quote=True)


def web_address(url: str) -> str | None:
    """The address if it is one of the web (http, https), else None: no scripts, no files."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else None


def render(block: Block) -> str:
    """One block."""
    return _WAYS[type(block)](block)


def _paragraph(block: Paragraph) -> str:
    return f"<p{_TONES[block.tone]}>{in_lines(block.text)}</p>"


def _listing(block: Listing) -> str:
    return "<ul>" + "".join(f"<li>{in_lines(item)}</li>" for item in block.items) + "</ul>"


def _cards(block: Cards) -> str:
    return f"<div class='cards'>{''.join(_card(card) for card in block.cards)}</div>"


def in_lines(value: str) -> str:
    """A text whose line ends are kept."""
    return escaped(value).replace("\n", "<br>")


def _card(card: Card) -> str:
    share = min(1.0, max(0.0, card.main.value or 0.0))
    notes = "".join(f"<div class='small'>{escaped(note)}</div>" for note in card.notes)
    return (
        f"<article class='card'><div class='top'><b>{escaped(card.title)}</b>"
        f"<span class='word {card.state.value}'>{escaped(card.word)}</span></div>"
        f"<div class='small'>{escaped(card.subtitle)}</div>"
        f"<div class='figures'><div><div class='main {card.state.value}'{_value(card.main)}>{escaped(card.main.shown)}"
        f"</div><div class='label'>{escaped(card.main_label)}</div></div>"
        f"<div class='side'><span{_value(card.side)}>{escaped(card.side.shown)}</span>"
        f"<div class='label'>{escaped(card.side_label)}</div></div></div>"
        f"<div class='bar {card.state.value}'><i style='width:{share * 100:.1f}%'></i></div>{notes}</article>"
    )


def _value(cell: Cell) -> str:
    """The exact number behind a cell, for programs that read the page."""
    return "" if cell.value is None else f" data-value='{cell.value!r}'"


def _table(table: Table) -> str:
    head = "".join(f"<th{_numeric(column)}>{in_lines(column.title)}</th>" for column in table.columns)
    body = "".join(f"<tr>{_cells(row, table.columns)}</tr>" for row in table.rows)
    foot = f"<tfoot><tr>{_cells(table.total, table.columns)}</tr></tfoot>" if table.total else ""
    words = escaped(table.search)
    search = f"<input type='search' data-search placeholder='{words}' aria-label='{words}'>" if table.search else ""
    whole = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table>"
    return f"<div class='panel scroll'>{search}{whole}</div>"


def _numeric(column: Column) -> str:
    return " class='n'" if column.numeric else ""


def _cells(row: Sequence[Cell], columns: Sequence[Column]) -> str:
    return "".join(_cell(cell, column) for cell, column in zip(row, columns, strict=True))


def _cell(cell: Cell, column: Column) -> str:
    classes = ["n"] if column.numeric else [] if column.title else ["k"]
    if cell.state is not None:
        classes += [cell.state.value] if column.numeric else ["state", cell.state.value]
    named = f" class='{' '.join(classes)}'" if classes else ""
    shown = in_lines(cell.shown)
    shown = f"<a href='{escaped(cell.link)}'>{shown}</a>" if cell.link else shown
    return f"<td{named}{_value(cell)}>{shown}</td>"


def _facts(facts: Facts) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{escaped(name)}</th><td{_value(cell)}>{in_lines(cell.shown)}</td></tr>"
        for name, cell in facts.rows
    )
    return f"<div class='panel'><table class='facts'><tbody>{rows}</tbody></table></div>"


def _query(query: Query) -> str:
    address = web_address(query.url)
    role = escaped(query.role)
    shown = f"<a href='{escaped(address)}' rel='noreferrer noopener' target='_blank'>{role}</a>" if address else role
    return f"<div class='query'><span class='small'>{shown}</span><pre><code>{escaped(query.text)}</code></pre></div>"


def _figure(figure: Figure) -> str:
    return (
        f"<figure class='figure panel'><figcaption>{escaped(figure.title)}</figcaption>"
        f"<div data-figure='{escaped(figure.key)}' role='img' aria-label='{escaped(figure.alt)}'></div></figure>"
    )


_WIDE, _HIGH = 220.0, 56.0  # of a small line, in its own units


def _multiples(block: Multiples) -> str:
    """Small lines as drawings of the page itself, which need no script."""
    values = [cell.value for panel in block.panels for _, cell in panel.points if cell.value is not None]
    low = min([0.0, *values])
    shown = "".join(_panel(panel, low) for panel in block.panels)
    return f"<div class='cards'>{shown}</div>"


def _panel(panel: Panel, low: float) -> str:
    last_day, last = panel.points[-1]
    step = _WIDE / max(1, len(panel.points) - 1)
    zero = _level(0.0, low)
    line, dots, pen_up = "", "", True
    for n, (day, cell) in enumerate(panel.points):
        if cell.value is None:
            pen_up = True
            continue
        x, y = n * step, _level(cell.value, low)
        line += f"{'M' if pen_up else 'L'}{x:.1f},{y:.1f}"
        pen_up = False
        told = f"<title>{escaped(f'{day}: {cell.shown}')}</title>"
        dots += f"<circle cx='{x:.1f}' cy='{y:.1f}' r='2.4'{_value(cell)}>{told}</circle>"
    return (
        f"<article class='card'><div class='top'><b>{escaped(panel.title)}</b>"
        f"<span class='word {panel.state.value}'>{escaped(last.shown)}</span></div>"
        f"<svg class='small-line {panel.state.value}' viewBox='-4 -4 {_WIDE + 8} {_HIGH + 8}' role='img' "
        f"aria-label='{escaped(panel.title)}: {escaped(last.shown)}'>"
        f"<line x1='0' x2='{_WIDE}' y1='{zero:.1f}' y2='{zero:.1f}'/><path d='{line}'/>{dots}</svg>"
        f"<div class='small'>{escaped(panel.points[0][0])} – {escaped(last_day)}</div></article>"
    )


def _level(value: float, low: float) -> float:
    return _HIGH * (1.0 - (min(1.0, value) - low) / (1.0 - low))


_WAYS: Mapping[type, Callable[[Any], str]] = {
    Paragraph: _paragraph,
    Listing: _listing,
    Cards: _cards,
    Table: _table,
    Facts: _facts,
    Query: _query,
    Figure: _figure,
    Multiples: _multiples,
}
