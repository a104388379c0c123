"""A document as one HTML file that needs nothing else: no server, no network, no other file.

plotly.js is the bundle that plotly.py ships, once, compressed; the browser unpacks it. A content
security policy lets exactly the two scripts of the file run, and nothing leave it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from plotly.offline import get_plotlyjs

from tomoni.charts.theme import DARK, FONT, LIGHT, Theme
from tomoni.snapshots.document.model import Document, Part, Section
from tomoni.snapshots.exporters.html.blocks import escaped, in_lines, render
from tomoni.snapshots.exporters.html.figures import as_data
from tomoni.snapshots.record.manifest import with_content
from tomoni.words.text import mark, text_for

_HERE = Path(__file__).parent
# Chapters that begin a page of their own when printed, and those that a picture leaves out.
_NEW_PAGE = frozenset({"burned", "appendix"})
_MAKING = frozenset({"appendix"})
_TOO_OLD = mark("This browser cannot unpack the figures; a newer one can. All numbers are in the tables.")


@dataclass(frozen=True, slots=True)
class Site:
    """Where a page stands among others: the address of plotly.js, which they share, and links for its
    head (title, address)."""

    library: str
    links: tuple[tuple[str, str], ...] = ()


def page(document: Document, manifest: dict[str, Any], site: Site | None = None) -> str:
    """The whole file. ``manifest`` is what it says of itself to programs (`snapshots.manifest`)."""
    before = _head(document, site) + _body(document, site) + "<script type='application/json' id='tomoni-snapshot'>"
    after = f"</script>\n{_figures(document, site)}<script>{_script()}</script></body></html>\n"
    return before + _json(with_content(manifest, before + after)) + after


def _head(document: Document, site: Site | None) -> str:
    lines = (
        "<!doctype html>",
        f"<html lang='{document.languages[0]}'><head><meta charset='utf-8'>",
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(site)}">',
        "<meta name='viewport' content='width=device-width, initial-scale=1'><meta name='generator' content='Tomoni'>",
        f"<title>{escaped(' · '.join(part for part in (document.title, document.lead) if part))}</title>",
        f"<style>{_style()}</style></head>",
    )
    return "\n".join(lines)


def _body(document: Document, site: Site | None) -> str:
    text = text_for(document.languages[0])
    lead = escaped(" · ".join(part for part in (document.title, document.lead) if part))
    colors, no_script = escaped(text._("Light / dark")), escaped(text._("The figures need JavaScript."))
    lines = (
        f"<body><header><span class='brand'>共に Tomoni</span><span class='lead'>{lead}</span>",
        f"{_elsewhere(site)}<button id='theme'>{colors}</button></header><main>",
        _navigation(document),
        f"<p class='warning broken'>{escaped(text._(_TOO_OLD))}</p>",
        f"<noscript><p class='warning'>{no_script}</p></noscript>",
        *(_section(section, n == 0) for n, section in enumerate(document.sections)),
        f"<footer>{' · '.join(escaped(mark) for mark in document.marks)}</footer></main>",
    )
    return "\n".join(lines)


def _elsewhere(site: Site | None) -> str:
    """Links to the other pages of a site."""
    links = site.links if site else ()
    return "".join(f"<a class='elsewhere' href='{escaped(url)}'>{escaped(title)}</a>" for title, url in links)


def _navigation(document: Document) -> str:
    """Links to the chapters."""
    links = "".join(f"<a href='#{section.key}'>{escaped(section.title)}</a>" for section in document.sections)
    return f"<nav>{links}</nav>" if len(document.sections) > 1 else ""


def _section(section: Section, first: bool) -> str:
    """A chapter; the first one's message is the headline of the page."""
    names = [name for name, there in (("new", section.key in _NEW_PAGE), ("making", section.key in _MAKING)) if there]
    classes = f" class='{' '.join(names)}'" if names else ""
    parts = "".join(_part(part, headline=first and n == 0) for n, part in enumerate(section.parts))
    title = "" if first else f"<h2>{escaped(section.title)}</h2>"
    return f"<section id='{section.key}'{classes}>{title}{parts}</section>"


def _part(part: Part, headline: bool) -> str:
    title = f"<h3>{escaped(part.title)}</h3>" if part.title else ""
    if headline:
        message = f"<h1>{in_lines(part.message)}</h1>"
    else:
        message = f"<p class='message'>{in_lines(part.message)}</p>" if part.message else ""
    return f"<div id='{escaped(part.key)}-part'>{title}{message}{''.join(render(block) for block in part.blocks)}</div>"


def _figures(document: Document, site: Site | None) -> str:
    """The figures and what draws them, packed; nothing in a document without figures."""
    figures = document.figures()
    if not figures:
        return ""
    packed = json.dumps(as_data(figures), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    held = f"<script type='text/plain' id='tomoni-figures'>{_packed(packed.encode())}</script>\n"
    if site is not None:
        return f"{held}<script src='{escaped(site.library)}'></script>\n"
    return f"{held}<script type='text/plain' id='tomoni-plotly'>{_plotly()}</script>\n"


def _json(data: Any) -> str:  # noqa: ANN401 - any JSON data
    """JSON inside a script element: nothing in it can end the element or begin a comment."""
    shown = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return shown.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _packed(content: bytes) -> str:
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()


def _policy(site: Site | None) -> str:
    """What may run: the file's own script and plotly.js, by their hashes. Nothing may be loaded or sent.

    On a site plotly.js comes from the site itself.
    """
    library = "'self'" if site else f"'sha256-{_digest(get_plotlyjs())}'"
    return (
        f"default-src 'none'; script-src 'sha256-{_digest(_script())}' {library}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


@cache
def _digest(code: str) -> str:
    return base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()


@cache
def _plotly() -> str:
    return _packed(get_plotlyjs().encode())


@cache
def _script() -> str:
    return (_HERE / "page.js").read_text(encoding="utf-8")


@cache
def _style() -> str:
    css = (_HERE / "page.css").read_text(encoding="utf-8")
    return css.replace("__LIGHT__", _colors(LIGHT)).replace("__DARK__", _colors(DARK)).replace("__FONT__", FONT)


def _colors(theme: Theme) -> str:
    """The colours of a theme as CSS variables."""
    plain = {name: getattr(theme, name) for name in ("ground", "panel", "border", "text", "muted", "grid", "accent")}
    named = plain | {state.value: color for state, color in theme.states.items()}
    return " ".join(f"--{name}: {color};" for name, color in named.items())
