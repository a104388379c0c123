"""What a page says of itself as a whole: whether it is light or dark, which the reader's system may change while it is
open, and its language."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from tomoni.words.text import Text

_SCRIPT = "".join((Path(__file__).parent / name).read_text() for name in ("popovers.js", "scheme.js"))


def follow_scheme(text: Text) -> None:
    """Draw the page again when the theme changes: Streamlit recolours what is its own, and figures are not. Its link
    past the bar gets the reader's language, and the page says which one that is: screen readers speak it, and lines are
    broken and glyphs chosen by it. Popovers have their place in the order of the keyboard."""
    component("tomoni.scheme", js=_SCRIPT)(
        key="scheme",
        data={"theme": st.context.theme.type, "language": text.language, "skip": text._("Skip to main content")},
        on_changed_change=_nothing,
        height=0,
    )


def _nothing() -> None:
    """A trigger draws the page again only where something listens to it."""
