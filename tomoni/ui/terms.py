"""Terms that explain themselves: a dotted underline, with the meaning on hover and focus."""

from __future__ import annotations

from tomoni.ui.escape import html
from tomoni.words import terms
from tomoni.words.text import Text


def term(key: str, label: str, text: Text) -> str:
    """A label as HTML that tells what the term means."""
    tip = html(terms.meaning(key, text))
    return f"<span class='tm-term' tabindex='0' data-tip='{tip}' aria-label='{html(label)}: {tip}'>{html(label)}</span>"
