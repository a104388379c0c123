"""The scripts, styles and fonts of the pages, as Streamlit ships them: which of them a page needs, sent from memory.

A browser that opens a page for the first time asks for some 60 files before it draws anything, then for some 60 more as
it learns of each kind of element on the page. Streamlit reads each of them from the disk for each browser, in threads,
and never compresses them: the script of figures alone is 4.7 MB. So what pages need is read and compressed once, as
soon as a process has started; until then, and for whatever else is asked for, Streamlit answers as before. And the HTML
of a page names what its kinds of elements need, so that a browser asks for it with the rest.
"""

from __future__ import annotations

import gzip
import logging
import mimetypes
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tomoni.serving.addresses import Addresses

# The kinds of elements by the names of their scripts: those of every page, and what pages by their paths have besides.
EVERYWHERE = ("Html", "BidiComponent", "PageLink", "Button", "ButtonGroup")
BESIDES: Mapping[str, tuple[str, ...]] = {
    "": ("DataFrame", "Selectbox", "TextInput"),
    "app": ("PlotlyChart", "Selectbox"),
}
_SCRIPTS, _NAMED = "static/js", re.compile(r"\./(static/(?:js|css|media)/[^\"]+)")
_IMPORTED = re.compile(r"(?:from|import)\s*[`\"']\./([^`\"']+\.js)")
_BIG = 1000  # bytes below which a file gains nothing
_KEPT = {"Cache-Control": "public, immutable, max-age=31536000", "Vary": "Accept-Encoding"}  # as Streamlit says
_LOG = logging.getLogger("tomoni")


@dataclass(frozen=True)
class Shipped:
    """What Streamlit ships in the folder of its ``index``, the HTML that every page begins with."""

    index: Path

    def html(self) -> str:
        """The HTML itself."""
        return self.index.read_text(encoding="utf-8")

    def needed(self, page: str) -> list[str]:
        """The scripts that the elements of a page need and its HTML does not name, as paths in the folder; nothing of
        a kind of element that this Streamlit does not have."""
        named = set(_NAMED.findall(self.html()))
        kinds = (*EVERYWHERE, *BESIDES.get(page, ()))
        found = [path for kind in kinds for path in sorted((self.index.parent / _SCRIPTS).glob(f"{kind}.*.js"))]
        return [each for each in self._with_imports(path.name for path in found) if each not in named]

    def all_needed(self) -> list[str]:
        """The files that pages need, as paths in the folder: scripts, styles and fonts."""
        folder, named = self.index.parent, _NAMED.findall(self.html())
        scripts = [path for page in ("", *BESIDES) for path in self.needed(page)]
        fonts = sorted((folder / "static/media").glob("MaterialSymbols-Rounded.*.woff2"))
        return list(dict.fromkeys([*named, *scripts, *(str(font.relative_to(folder)) for font in fonts)]))

    def _with_imports(self, names: Iterable[str]) -> Iterator[str]:
        """Scripts and whatever they import, each once, as paths in the folder."""
        seen: dict[str, None] = {}
        waiting = list(names)
        while waiting:
            if (name := waiting.pop(0)) not in seen:
                seen[name] = None
                waiting += _imports(self.index.parent / _SCRIPTS / name)
        return (f"{_SCRIPTS}/{name}" for name in seen)


@cache
def _imports(script: Path) -> tuple[str, ...]:
    try:
        return tuple(_IMPORTED.findall(script.read_text(encoding="utf-8")))
    except OSError:  # the browser will say so where it asks for it
        return ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is sent of a file."""

    content: bytes
    kind: str
    headers: Mapping[str, str]


class FromMemory:
    """Answers whoever asks for one of the ``files`` in a folder, and leaves all else to ``app``."""

    def __init__(self, app: ASGIApp, shipped: Shipped, addresses: Addresses) -> None:
        self._app, self._addresses = app, addresses
        self._ready: dict[str, Prepared] = {}
        threading.Thread(target=self._prepare, args=(shipped,), name="tomoni-scripts", daemon=True).start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        await (self._answer(scope) or self._app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        found, headers = self._ready.get(self._addresses.within(scope) or ""), Headers(scope=scope)
        if found is None or any(each in headers for each in ("range", "if-none-match", "if-modified-since")):
            return None
        if "Content-Encoding" in found.headers and "gzip" not in headers.get("accept-encoding", ""):
            return None
        return Response(found.content, media_type=found.kind, headers=found.headers)

    def _prepare(self, shipped: Shipped) -> None:
        try:
            for path in shipped.all_needed():
                self._ready[path] = prepared(shipped.index.parent / path)
        except OSError:  # Streamlit answers
            _LOG.exception("what pages need could not be read before it is asked for")


def prepared(file: Path) -> Prepared:
    """A file as it is sent, compressed where that makes it smaller. Raises OSError."""
    content, kind = file.read_bytes(), mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    smaller = gzip.compress(content, 6, mtime=0) if len(content) >= _BIG and not kind.startswith("font/") else content
    encoded = {"Content-Encoding": "gzip"} if len(smaller) < len(content) else {}
    return Prepared(smaller if encoded else content, kind, {**_KEPT, **encoded})
