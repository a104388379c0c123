"""One run of a page: language, navigation, set-up. No logic."""

from __future__ import annotations

import streamlit as st

from tomoni.ui.context import reader
from tomoni.ui.navigation import pages


def run_page() -> None:
    """Run the page that the browser requested."""
    _, text = reader()
    page = st.navigation(pages(text), position="hidden")
    st.set_page_config(
        page_title=f"{page.title} · Tomoni", page_icon="🤝", layout="wide", initial_sidebar_state="collapsed"
    )
    page.run()
