"""Titles and answers are written by others: here they lose every meaning but their letters."""

from __future__ import annotations

import html as _html
import re
from urllib.parse import urlsplit

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:=^&])")


def html(value: object) -> str:
    """A text for HTML, inside elements and quoted attributes."""
    return _html.escape(str(value), quote=True)


def markdown(value: object) -> str:
    """A text for Markdown, on one line: nothing in it is emphasis, link, code, HTML or a directive."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(value).split()))


def link(url: str) -> str | None:
    """The address if it is one of the web (http, https), else None: no scripts, no files."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else None
