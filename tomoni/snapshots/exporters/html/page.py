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

from markupsafe import Markup
from plotly.offline import get_plotlyjs

from tomoni.charts.theme import DARK, FONT, LIGHT, Theme
from tomoni.snapshots.document.model import Document
from tomoni.snapshots.exporters.html.blocks import TEMPLATES, escaped
from tomoni.snapshots.exporters.html.figures import as_data
from tomoni.snapshots.record.manifest import with_content
from tomoni.words.text import mark, text_for

_HERE = Path(__file__).parent
# Chapters that are the first page when printed, and those that a picture leaves out.
_FRONT = frozenset({"summary", "decide"})
_MAKING = frozenset({"appendix"})
_TOO_OLD = mark("This browser cannot unpack the figures; a newer one can. All numbers are in the tables.")


@dataclass(frozen=True, slots=True)
class Site:
    """Where a page stands among others: the address of plotly.js, which they share, links for its head (title,
    address), the addresses of scripts of the site that run at its end, and that of its feed (empty: none)."""

    library: str
    links: tuple[tuple[str, str], ...] = ()
    scripts: tuple[str, ...] = ()
    feed: str = ""


def page(document: Document, manifest: dict[str, Any], site: Site | None = None) -> str:
    """The whole file. ``manifest`` is what it says of itself to programs (`snapshots.manifest`)."""
    before = _head(document, site) + _body(document, site) + "<script type='application/json' id='tomoni-snapshot'>"
    more = "".join(f"<script src='{escaped(each)}'></script>" for each in (site.scripts if site else ()))
    after = f"</script>\n{_figures(document, site)}<script>{_script()}</script>{more}</body></html>\n"
    return before + _json(with_content(manifest, before + after)) + after


def scripts() -> tuple[str, ...]:
    """The scripts that run in a file, its own and plotly.js, by their hashes as a policy names them."""
    return f"'sha256-{_digest(_script())}'", f"'sha256-{_digest(get_plotlyjs())}'"


def _head(document: Document, site: Site | None) -> str:
    return TEMPLATES.get_template("head.html").render(
        document=document,
        title=_title(document),
        policy=Markup(_policy(site)),  # noqa: S704 - made here, of hashes
        style=_style(),
        feed=site.feed if site else "",
    )


def _body(document: Document, site: Site | None) -> str:
    text = text_for(document.languages[0])
    return TEMPLATES.get_template("body.html").render(
        document=document,
        title=_title(document),
        links=site.links if site else (),
        colors=text._("Light / dark"),
        too_old=text._(_TOO_OLD),
        no_script=text._("The figures need JavaScript."),
    )


def _title(document: Document) -> str:
    return " · ".join(part for part in (document.title, document.lead) if part)


def _section_classes(key: str) -> Markup:
    """How a chapter is printed: on the first page, or left out of a picture."""
    names = [name for name, there in (("front", key in _FRONT), ("making", key in _MAKING)) if there]
    return Markup(" class='{}'").format(" ".join(names)) if names else Markup()


TEMPLATES.filters["section_classes"] = _section_classes


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
    own, plotly = scripts()
    library = "'self'" if site else plotly
    return (
        f"default-src 'none'; script-src {own} {library}; style-src 'unsafe-inline'; "
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
