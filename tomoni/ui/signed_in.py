"""Who looks at a page, as the guard said it."""

from __future__ import annotations

import streamlit as st

from tomoni.access.identity import Identity
from tomoni.access.seal import HEADER, opened


def identity() -> Identity | None:
    """Who signed in; None where nobody has to."""
    return opened(st.context.headers.get(HEADER) or "")
