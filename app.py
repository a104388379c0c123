"""The entry of every page: set-up, language, navigation. No logic. Started by asgi.py."""

from __future__ import annotations

import streamlit as st

from ui.context import reader
from ui.navigation import pages

st.set_page_config(page_title="Tomoni", page_icon="🤝", layout="wide", initial_sidebar_state="collapsed")
_, text = reader()
st.navigation(pages(text), position="hidden").run()
