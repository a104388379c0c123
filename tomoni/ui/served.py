"""What stands around the pages of this process: the API, the probes, and the guard before all of it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from tomoni.serving.around import Around, Served, around
from tomoni.settings import ProcessSettings
from tomoni.ui import embedding
from tomoni.ui.context import tomoni
from tomoni.ui.navigation import PLACES

_INDEX = Path(st.__file__).parent / "static" / "index.html"


def beside_pages() -> Around:
    """The routes and the middleware for the application of Streamlit."""
    paths = [place.path for place in PLACES.values()]
    base = st.get_option("server.baseUrlPath") or ""
    return around(Served(paths, base, _INDEX, embedding.scripts()), ProcessSettings(), tomoni)
