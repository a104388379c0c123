"""What stands around the pages of this process: the API, the probes, and the guard before all of it."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st
from streamlit.auth_util import encode_provider_token

from tomoni.charts.canvas import write_prepared_once
from tomoni.serving.arenas import keep_few_arenas
from tomoni.serving.around import Around, Served, around
from tomoni.serving.sign_in import SignInIncompleteError, is_exposed
from tomoni.settings import ProcessSettings
from tomoni.ui import embedding
from tomoni.ui.context import hand_over, tomoni
from tomoni.ui.delivered import deliver_whole_pages
from tomoni.ui.forgotten import forget_former_widgets
from tomoni.ui.navigation import PLACES
from tomoni.ui.prepared_tables import write_tables_once
from tomoni.ui.pushed import watching
from tomoni.ui.warming import warm_up
from tomoni.wiring import set_up_logs
from tomoni.words import sign_in as words

_INDEX = Path(st.__file__).parent / "static" / "index.html"


def beside_pages() -> Around:
    """The routes, the middleware and the secrets for the application of Streamlit.

    Ends the process where nobody could sign in, or everybody could come in without anyone having said so.
    """
    try:
        settings = ProcessSettings()
    except OSError as error:  # a file with a secret
        sys.exit(f"{error.filename}: {error.strerror or type(error).__name__}")
    set_up_logs(settings)
    if is_exposed(settings, st.get_option("server.address")):
        sys.exit(words.exposed())
    try:
        found = _around(settings)
    except SignInIncompleteError as missing:
        sys.exit(words.incomplete(missing.args))
    keep_few_arenas()
    deliver_whole_pages()
    forget_former_widgets()
    write_tables_once()
    write_prepared_once()
    warm_up(tomoni)
    return found


def _around(settings: ProcessSettings) -> Around:
    paths = [place.path for place in PLACES.values()]
    base = st.get_option("server.baseUrlPath") or ""
    return around(Served(paths, base, _INDEX, embedding.scripts(), _begin, hand_over, watching), settings, tomoni)


def _begin() -> str:
    """Where Streamlit leads to the provider, as `st.login` does; the path holds for two minutes."""
    return f"/auth/login?provider={encode_provider_token('default')}"
