"""Whether a page is read on a phone, which only the browser knows."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

_KEY = "narrow-window"
_SCRIPT = (Path(__file__).parent / "narrow.js").read_text()


def narrow_window() -> bool:
    """Whether the window is as narrow as a phone's; False until the browser has said so, which draws the page again."""
    narrow = bool(st.session_state.get(_KEY, {}).get("narrow", False))
    component("tomoni.narrow", js=_SCRIPT)(key=_KEY, data={"narrow": narrow}, on_narrow_change=_nothing, height=0)
    return narrow


def _nothing() -> None:
    """A value is only kept where something listens to its change."""
