"""Why a page has nothing that writes, in one line: the reader's role reads, and whom to ask."""

from __future__ import annotations

import streamlit as st

from tomoni.ui.blocks import remark
from tomoni.ui.context import Context
from tomoni.ui.url_state import View
from tomoni.words import access

# Pages on which somebody who may write finds something that does.
_WRITING = frozenset({"app", "explore", "review", "actions", "snapshots", "postmortems"})


def draw_reading_only(context: Context, shown: View, place: str) -> None:
    """Draw that the reader does not write of the app that a page shows, or of any; nothing while it is presented."""
    if place not in _WRITING or shown.present:
        return
    text, apps = context.text, context.tomoni.catalog.apps
    app = context.tomoni.catalog.app(shown.app or "")
    concerned = apps if app is None else (app,)
    if not concerned or any(context.may_write(each.id) for each in concerned):
        return
    name = app.title(text.language) if app else ""
    teams = list(dict.fromkeys(app.teams.values())) if app else []
    with st.container(key="reading-only"):
        remark(access.reads_only(name, teams, text))
