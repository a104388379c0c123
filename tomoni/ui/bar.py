"""The bar at the top: name, pages, and what every page offers."""

from __future__ import annotations

import streamlit as st

from tomoni.languages import LANGUAGES
from tomoni.ui import copy_link, navigation
from tomoni.ui.context import Context
from tomoni.ui.freezing import snapshot_button
from tomoni.ui.present import present_button
from tomoni.ui.url_state import View, follow

BRAND = "<div class='tm-brand'><span>共に</span> Tomoni</div>"


def draw_bar(context: Context, shown: View) -> None:
    """Name, links, "Snapshot", "Copy link", present mode and language, on one line."""
    with st.container(key="bar", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(BRAND, width="content")
        navigation.links(shown, context.text)
        st.space("stretch")
        snapshot_button(context, shown)
        copy_link.copy_link(context, shown)
        present_button(context)
        _language_switch(context)


def _language_switch(context: Context) -> None:
    """Each language by its own name; the view stays as it is."""
    known = [code for code in context.tomoni.catalog.settings.languages if code in LANGUAGES]
    offered = list(dict.fromkeys([*known, context.text.language]))
    st.session_state["lang"] = context.text.language
    st.segmented_control(
        context.text._("Language"),
        offered,
        key="lang",
        required=True,
        format_func=LANGUAGES.__getitem__,
        label_visibility="collapsed",
        on_change=follow,
        args=("lang", "lang"),
    )
