"""Escaping of untrusted text, such as titles and answers of sources, for HTML, Markdown and links."""

from __future__ import annotations

import html as _html
import re
from urllib.parse import urlsplit

# A day, a length, and a time with its zone, which read badly where a line ends within them.
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_WHOLE = re.compile(
    r"(?:\d[\d.,]*(?:年|か月|月|週間|日|時間|分|秒)間?){2,}"
    r"|\d\d:\d\d [A-Z]{2,5}(?![A-Za-z])"
    rf"|\b\d{{1,2}} (?:{_MONTHS})\b(?: \d{{4}}\b)?"
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:=^&])")


def html(value: object) -> str:
    """Escape a text for HTML elements and quoted attributes."""
    return _html.escape(str(value), quote=True)


def flowing(value: object) -> str:
    """Escape a text for HTML elements, never for attributes; its days and lengths stay on one line each."""
    return _WHOLE.sub(r"<span class='tm-whole'>\g<0></span>", html(value))


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
