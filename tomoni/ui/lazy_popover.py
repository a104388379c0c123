"""Popovers whose content is drawn only while they are open, so that many of them cost little."""

from __future__ import annotations

from typing import Any

import streamlit as st

from tomoni.ui.choice import on_choice
from tomoni.ui.meeting.writing import forget


def lazy_popover(label: str, name: str, icon: str) -> Any:  # noqa: ANN401 - Streamlit does not export the type
    """A popover by its key; what is in it is drawn where its ``open`` is true."""
    st.session_state.setdefault(name, False)
    return st.popover(label, key=name, type="tertiary", icon=icon, **on_choice(name, begin_anew, name))


def begin_anew(name: str) -> None:
    """Begins the fields of a popover with what is stored, whatever was typed before."""
    forget(name)
    st.session_state.pop(f"before-{name}", None)
