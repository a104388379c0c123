"""What a reader sees who presses what their role does not let them: a callback runs before the page is drawn."""

from __future__ import annotations

import streamlit as st

from tomoni.access.pace import TooOftenError
from tomoni.access.policy import NotAllowedError
from tomoni.ui.context import reader
from tomoni.ui.notices import empty_page
from tomoni.ui.style import apply_style
from tomoni.words import access


def refused(error: Exception) -> bool:
    """Draw why something was refused, with the way back; False for any other error."""
    if not isinstance(error, (NotAllowedError, TooOftenError)):
        return False
    view, text = reader()
    apply_style(view.present)
    empty_page(*(access.describe(error, text) if isinstance(error, NotAllowedError) else access.too_often(error, text)))
    st.button(text._("Show the page again"), key="refused-back")
    return True
