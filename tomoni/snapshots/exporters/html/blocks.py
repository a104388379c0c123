"""Blocks as HTML, by one template each. Autoescaping takes every meaning but its letters from what others wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from tomoni.snapshots.document.model import Block, Cell, Column, Multiples, Panel, Table
from tomoni.words.text import text_for

_WIDE, _HIGH = 220.0, 56.0  # of a small line, in its own units


def escaped(value: object) -> str:
    """A text for HTML, inside elements and quoted attributes."""
    return str(escape(str(value)))


def web_address(url: str) -> str | None:
    """The address if it is one of the web (http, https), else None: no scripts, no files."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else None


def render(block: Block) -> Markup:
    """One block."""
    template = TEMPLATES.get_template(f"blocks/{type(block).__name__.lower()}.html")
    return Markup(template.render(block=block))  # noqa: S704 - the template escapes


def lines(value: str) -> Markup:
    """A text whose line ends are kept."""
    return Markup("<br>").join(value.split("\n"))


def _prose(source: str, language: str) -> Markup:
    """What people wrote in Markdown, cleaned of all that is not text, emphasis, lists and links."""
    from tomoni.words.prose import prose  # noqa: PLC0415 - most snapshots have none

    return Markup(prose(source, text_for(language)))  # noqa: S704 - cleaned there


def _exact(cell: Cell) -> Markup:
    """The exact number behind a cell as an attribute, for programs that read the page."""
    return Markup() if cell.value is None else Markup(" data-value='{}'").format(repr(cell.value))


def _share(cell: Cell) -> float:
    """A budget as a bar: full at 100 %, empty at 0 and below."""
    return min(1.0, max(0.0, cell.value or 0.0)) * 100


def _classes(cell: Cell, column: Column) -> Markup:
    classes = ["n"] if column.numeric else [] if column.title else ["k"]
    if cell.state is not None:
        classes += [cell.state.value] if column.numeric else ["state", cell.state.value]
    return Markup(" class='{}'").format(" ".join(classes)) if classes else Markup()


def _heading_class(table: Table, index: int) -> Markup:
    """Numbers stand at the right; a column that is to be filled in has room for it."""
    column = table.columns[index]
    if column.numeric:
        return Markup(" class='n'")
    blank = column.title and table.rows and not any(row[index].shown for row in table.rows)
    return Markup(" class='blank'") if blank else Markup()


@dataclass(frozen=True, slots=True)
class Dot:
    """A value of a small line at its place."""

    x: str
    y: str
    day: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Drawing:
    """A small line in its own units: the place of zero, the path, which breaks at gaps, and the dots."""

    zero: str
    path: str
    dots: tuple[Dot, ...]
    width: float = _WIDE
    box: str = f"-4 -4 {_WIDE + 8} {_HIGH + 8}"


def _drawings(block: Multiples) -> Iterator[tuple[Panel, Drawing]]:
    """Small lines as drawings of the page itself, which need no script; all on one scale."""
    values = [cell.value for panel in block.panels for _, cell in panel.points if cell.value is not None]
    low = min([0.0, *values])
    for panel in block.panels:
        yield panel, _drawing(panel, low)


def _drawing(panel: Panel, low: float) -> Drawing:
    step = _WIDE / max(1, len(panel.points) - 1)
    path, dots, pen_up = "", [], True
    for n, (day, cell) in enumerate(panel.points):
        if cell.value is None:
            pen_up = True
            continue
        x, y = f"{n * step:.1f}", f"{_level(cell.value, low):.1f}"
        path += f"{'M' if pen_up else 'L'}{x},{y}"
        pen_up = False
        dots.append(Dot(x, y, day, cell))
    return Drawing(f"{_level(0.0, low):.1f}", path, tuple(dots))


def _level(value: float, low: float) -> float:
    return _HIGH * (1.0 - (min(1.0, value) - low) / (1.0 - low))


TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    auto_reload=False,
)
TEMPLATES.filters |= {
    "render": render,
    "lines": lines,
    "exact": _exact,
    "prose": _prose,
    "share": _share,
    "classes": _classes,
    "heading_class": _heading_class,
    "drawings": _drawings,
    "web_address": web_address,
}
