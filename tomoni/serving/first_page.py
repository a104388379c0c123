"""The HTML that every page begins with: Streamlit's own, with a script before the others that says where its server is,
and with the scripts that the elements of a page need.

Streamlit's frontend looks for its server below the address of a page first, and at the root once that has failed. On
every link to a page this put two errors into the browser's console, and the first drawing waited for a second try.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tomoni.serving.addresses import Addresses

# Relative to the page, as the addresses of Streamlit's scripts are: it holds behind a proxy that cuts a path off too.
_SERVER = "window.__streamlit = {BACKEND_BASE_URL: new URL('.', document.baseURI).href}"


def told_where_its_server_is(index: str) -> str:
    """Streamlit's HTML with the script before its own ones; as it is where it has none."""
    return index.replace("<script", f"<script>{_SERVER}</script>\n    <script", 1)


def told_what_it_needs(html: str, scripts: Iterable[str]) -> str:
    """The HTML with the scripts that a page will need after those that it names itself, so that all are asked for at
    once. ``scripts`` are relative to the page."""
    links = "".join(f'    <link rel="modulepreload" crossorigin href="./{script}">\n' for script in scripts)
    return html.replace("  </head>", f"{links}  </head>", 1)


@dataclass(frozen=True, slots=True)
class FirstPage:
    """Answers whoever asks for a page with its HTML, and leaves all else to ``app``. ``htmls`` are by the paths of
    pages; all others have that of the first one."""

    app: ASGIApp
    htmls: Mapping[str, str]
    addresses: Addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        await (self._answer(scope) if self._is_page(scope) else self.app)(scope, receive, send)

    def _is_page(self, scope: Scope) -> bool:
        """Whether a page is asked for by its one address, also one that is not there: the page says so itself. To any
        other spelling, such as one with a slash at its end, Streamlit answers with the way to this one."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return False
        path, base = self.addresses.within(scope), self.addresses.base
        asked = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
        if path is None or "/" in path or asked != f"/{base}/{path}".replace("//", "/"):
            return False
        return path in self.addresses.pages or path == "index.html" or not self.addresses.is_known(scope)

    def _answer(self, scope: Scope) -> Response:
        """The HTML, or that the browser has it already; it asks each time, for a new version has other scripts."""
        html = self.htmls.get(self.addresses.within(scope) or "", self.htmls[""])
        tag = f'"{sha256(html.encode()).hexdigest()[:32]}"'
        kept = {"Cache-Control": "no-cache", "ETag": tag}
        if tag in Headers(scope=scope).get("if-none-match", ""):
            return Response(status_code=304, headers=kept)
        return Response(html, media_type="text/html", headers=kept)
