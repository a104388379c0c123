"""The application under its former name: `streamlit run asgi.py` does what `streamlit run app.py` does."""

from __future__ import annotations

import streamlit as st

import app as entry
from tomoni.ui.refusing import refused
from tomoni.ui.served import beside_pages

_around = beside_pages()
app = st.App(
    entry.__file__,
    routes=_around.routes,
    middleware=_around.middleware,
    secrets=_around.secrets,
    on_script_error=refused,
    lifespan=_around.lifespan,
)
