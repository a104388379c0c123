"""The bar at the top of every page: links to the pages, and the actions that every page offers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from streamlit.components.v2 import component

from tomoni.languages import LANGUAGES
from tomoni.ui import navigation
from tomoni.ui.choice import on_choice
from tomoni.ui.context import Context
from tomoni.ui.freezing import snapshot_button
from tomoni.ui.person import draw_account
from tomoni.ui.present import present_button
from tomoni.ui.url_state import View, apply_choice, complete_params, params

BRAND = "<div class='tm-brand'><span>共に</span> Tomoni</div>"
_SCRIPT = (Path(__file__).parent / "copy_link.js").read_text()
_CSS = """
button { font: inherit; font-size: 0.875rem; color: var(--st-text-color); background: transparent; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, 0.4rem);
  padding: 0.25rem 0.75rem; min-height: 2rem; white-space: nowrap; }
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
"""


def draw_bar(context: Context, shown: View) -> None:
    """Draw the bar. ``shown`` is the view with the defaults that the page itself chose, such as its first app."""
    with st.container(key="bar", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(BRAND, width="content")
        # A review goes on below the bar without drawing it again: its links lead to the app, not to a place in it.
        leads = replace(shown, journey=None, slo=None, episode=None) if shown.meeting else shown
        navigation.links(leads, context.text)
        st.space("stretch")
        if shown.meeting is None:  # closing takes the snapshot of a meeting
            snapshot_button(context, shown)
        _copy_link(context, shown)
        present_button(context)
        _language_switch(context)
        draw_account(context.tomoni, context.text)


def _language_switch(context: Context) -> None:
    """Draw the language switch, each language under its own name; the rest of the view stays."""
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
        **on_choice("lang", apply_choice, "lang", "lang"),
    )


def _copy_link(context: Context, shown: View) -> None:
    """Draw the button that copies a link on which everybody sees the same figures."""
    _ = context.text._
    mount = component("tomoni.copy_link", html="<button type='button'></button>", css=_CSS, js=_SCRIPT)
    mount(
        key="copy-link",
        data={
            "query": urlencode(link_params(context, shown)),
            "own": own_params(shown),
            "label": _("Copy link"),
            "done": _("Copied"),
            "by_hand": _("Copy this address:"),
        },
    )


def own_params(shown: View) -> list[str]:
    """The parameters that a part of the page changes without the rest of it being drawn: the browser knows them."""
    if shown.meeting:
        return ["step", "journey"]
    return ["tries"] if shown.tab == "workshop" and not shown.snapshot else []


def link_params(context: Context, shown: View) -> dict[str, str]:
    """The URL parameters with moment and language written out, so that the link keeps its meaning; an open snapshot
    needs neither moment nor period, nor does a meeting."""
    if shown.snapshot:
        return params(View(snapshot=shown.snapshot, other=shown.other, lang=context.text.language))
    if shown.meeting:
        place = View(meeting=shown.meeting, step=shown.step, journey=shown.journey, lang=context.text.language)
        return params(place)
    at = None if context.closed else context.moment
    return complete_params(replace(shown, at=at, lang=context.text.language, present=False))
