"""Whether a page is read on a phone, and how large the shared screen is, which only the browser knows."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

_KEY = "narrow-window"
_SCRIPT = (Path(__file__).parent / "narrow.js").read_text()
_SIXTHS = 6  # of a window of 1920 by 1080


def narrow_window(present: bool = False) -> bool:
    """Whether the window is as narrow as a phone's; False until the browser has said so, which draws the page again.
    Of a page that is presented the browser says how large its window is too (`growth`)."""
    narrow = bool(st.session_state.get(_KEY, {}).get("narrow", False))
    data = {"narrow": narrow, "sixths": _sixths(), "present": present}
    component("tomoni.narrow", js=_SCRIPT)(
        key=_KEY, data=data, on_narrow_change=_nothing, on_sixths_change=_nothing, height=0
    )
    return narrow


def growth() -> float:
    """How much larger than 1920 by 1080 the window of a presented page is, from 1 to 2; 1 until the browser has said
    so of a page that draws `narrow_window`."""
    return _sixths() / _SIXTHS


def _sixths() -> int:
    said = st.session_state.get(_KEY, {}).get("sixths")
    return int(said) if isinstance(said, int | float) and _SIXTHS <= said <= 2 * _SIXTHS else _SIXTHS


def _nothing() -> None:
    """A value is only kept where something listens to its change."""
