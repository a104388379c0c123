"""Which addresses there are: the pages, what Streamlit serves for them, and what is answered beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.types import Scope

# What Streamlit serves for its pages; `tests/serving` asks Streamlit itself whether one is missing.
_SERVED = ("static", "media", "component", "_stcore", "auth", "oauth2callback")
_FILES = ("favicon.png", "manifest.json", "index.html")
_BESIDE = ("api", "healthz", "readyz", "metrics", "sign-in", "sign-out")
# Streamlit's own figures are for nobody but whoever runs it, and its interface for programs is not ours.
CLOSED = ("/_stcore/metrics", "/_stcore/agent")


@dataclass(frozen=True, slots=True)
class Addresses:
    """The paths of the pages (empty for the first one), below ``base``, the path at which Tomoni is served."""

    pages: frozenset[str]
    base: str = ""

    @classmethod
    def of(cls, pages: Iterable[str], base: str = "") -> Addresses:
        """The addresses of pages by their paths."""
        return cls(frozenset(pages), base.strip("/"))

    def within(self, scope: Scope) -> str | None:
        """The path of a request below the base, without the slash before it; None where it is not below it."""
        path = str(scope.get("path", "")).removeprefix(str(scope.get("root_path", ""))).strip("/")
        if not self.base:
            return path
        return path[len(self.base) :].lstrip("/") if (path + "/").startswith(self.base + "/") else None

    def is_known(self, scope: Scope) -> bool:
        """Whether something is there: a page, or what Streamlit or Tomoni answers beside them."""
        path = self.within(scope)
        if path is None:
            return False
        first = path.partition("/")[0]
        return path in self.pages or path in _FILES or first in _SERVED or first in _BESIDE

    def is_closed(self, scope: Scope) -> bool:
        """Whether it is there in Streamlit and nobody may ask it."""
        path = f"/{self.within(scope) or ''}"
        return any(path == each or path.startswith(each + "/") for each in CLOSED)
