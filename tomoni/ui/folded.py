"""Lists that show their first lines, and the rest when it is opened: nothing is dropped."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tomoni.ui.blocks import quiet
from tomoni.ui.escape import html
from tomoni.words.text import Text


def folded_list(lines: Sequence[str], nothing: str, text: Text, shown: int) -> None:
    """Draw lines of HTML, the first ``shown`` of them open; ``nothing`` stands there without any."""
    st.html(folded(lines, text, shown) if lines else quiet(nothing))


def folded(lines: Sequence[str], text: Text, shown: int) -> str:
    """The list as HTML; one more than ``shown`` is shown at once, for the line that opens it takes as much room."""
    if len(lines) <= shown + 1:
        return _list(lines)
    rest = lines[shown:]
    more = text.n_("and %(n)s more", "and %(n)s more", len(rest)) % {"n": len(rest)}
    return _list(lines[:shown]) + fold(more, rest)


def fold(summary: str, lines: Sequence[str]) -> str:
    """Lines of HTML behind a line of plain text that opens them."""
    return f"<details class='tm-more'><summary>{html(summary)}</summary>{_list(lines)}</details>"


def _list(lines: Sequence[str]) -> str:
    return f"<ul class='tm-lines'>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
