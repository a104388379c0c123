"""Escaping of untrusted text, such as titles and answers of sources, for HTML, Markdown and links."""

from __future__ import annotations

import html as _html
import re
from urllib.parse import urlsplit

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:=^&])")


def html(value: object) -> str:
    """Escape a text for HTML elements and quoted attributes."""
    return _html.escape(str(value), quote=True)


def markdown(value: object) -> str:
    """Escape a text for one line of Markdown, so that nothing in it is markup, HTML or a directive."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(value).split()))


def link(url: str) -> str | None:
    """The address if it is http or https, else None."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else None
