"""The application under its former name: `streamlit run asgi.py` does what `streamlit run app.py` does."""

from __future__ import annotations

import streamlit as st

import app as entry
from tomoni.api.routes import routes
from tomoni.ui.context import tomoni

app = st.App(entry.__file__, routes=routes(tomoni))
