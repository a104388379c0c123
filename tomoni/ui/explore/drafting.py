"""An SLI that no file has yet: written into the workshop, checked, and tried on like any other."""

from __future__ import annotations

import streamlit as st

from tomoni.exploring.drafted import MOST_CHARACTERS, read_sli
from tomoni.ui.choice import on_choice
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.notices import refused
from tomoni.ui.url_state import change_view

_KEY = "drafted-sli"
_FAULT = "drafted-sli-fault"


def draw(exploration: Exploration) -> None:
    """Draw the field, open where an SLI is written."""
    text, view = exploration.text, exploration.context.view
    with st.expander(text._("Try an SLI that is not agreed yet"), expanded=view.sli is not None, key="drafting"):
        if _KEY not in st.session_state:
            st.session_state[_KEY] = view.sli or ""
        st.text_area(
            text._("The SLI as a file has it, with its source"),
            key=_KEY,
            height=100,
            max_chars=MOST_CHARACTERS,
            placeholder="{source: prometheus, bad: 'http_requests_total{code=~\"5..\"}', total: http_requests_total}",
            **on_choice(_KEY, _written),
        )
        if fault := st.session_state.get(_FAULT):
            refused([text._("This is no SLI: %(fault)s") % {"fault": fault}])
        if view.sli is not None:
            st.button(text._("Back to the SLO"), key="drop-draft", type="tertiary", on_click=_dropped)


def try_sli(written: str) -> None:
    """Callback: opens the workshop on an SLI."""
    st.session_state[_KEY] = written
    change_view(sli=written, tab="workshop", tries=None)


def _written() -> None:
    written = str(st.session_state[_KEY]).strip()
    st.session_state[_FAULT] = ""
    if not written:
        _dropped()
        return
    try:
        read_sli(written)
    except ValueError as error:
        st.session_state[_FAULT] = str(error).splitlines()[0]
        return
    change_view(sli=written, tries=None)


def _dropped() -> None:
    st.session_state[_KEY] = ""
    change_view(sli=None, tries=None)
