"""How to read all this."""

from __future__ import annotations

import streamlit as st

from ui import frame
from ui.context import Context


def draw(context: Context) -> None:
    """The page."""
    st.html("<p></p>")


frame.show(draw)
