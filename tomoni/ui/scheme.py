"""Whether a page is light or dark, which the reader's system may change while it is open."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from tomoni.words.text import Text

_SCRIPT = (Path(__file__).parent / "scheme.js").read_text()


def follow_scheme(text: Text) -> None:
    """Draw the page again when the theme changes: Streamlit recolours what is its own, and figures are not. Its link
    past the bar gets the reader's language."""
    component("tomoni.scheme", js=_SCRIPT)(
        key="scheme",
        data={"theme": st.context.theme.type, "skip": text._("Skip to main content")},
        on_changed_change=_nothing,
        height=0,
    )


def _nothing() -> None:
    """A trigger draws the page again only where something listens to it."""
