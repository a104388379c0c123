"""The very first step of the guided start: naming a server, where no source is configured."""

from __future__ import annotations

import streamlit as st

from tomoni.ui.blocks import title
from tomoni.ui.context import Context
from tomoni.ui.local import is_local
from tomoni.ui.notices import no_apps
from tomoni.ui.overview.guided_write import keep
from tomoni.use_cases.first_app import may_write
from tomoni.words.app_file import scalar


def draw(context: Context) -> None:
    """Draw the address of a Prometheus server; the demo's data where somebody only wants to look."""
    text = context.text
    # A visitor from elsewhere must not choose which servers this machine talks to.
    if not (is_local() and may_write(context.tomoni.settings, is_local(), context.tomoni.grants)):
        no_apps(text)
        return
    with st.container(key="panel-guided-source"):
        title(text._("Where the numbers come from"))
        with st.form("guided-source-form", border=False):
            url = st.text_input(
                text._("Address of a Prometheus server"), "http://127.0.0.1:9090", max_chars=300, key="guided-url"
            )
            wanted = st.form_submit_button(text._("Look at its metrics"), type="primary")
        if wanted and url.strip():
            address = scalar(url.strip().replace("${", "$${"))  # what is typed names no variable of the environment
            keep(context, "sources.yaml", f"sources:\n  prometheus:\n    kind: prometheus\n    url: {address}\n")
