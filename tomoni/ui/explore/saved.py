"""Views of `/explore` that teams keep, for everybody who looks at the app."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.meetings.model import SavedView
from tomoni.meetings.records import Record, validated
from tomoni.ui.blocks import remark, title
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.links import page_link
from tomoni.ui.meeting.writing import attempt, attempted, refusal
from tomoni.ui.url_state import View, params, parse
from tomoni.words.text import Text

_NAME = "saved-view"


def address_of(view: View) -> str:
    """A view as it is kept: without the moment, the period and the language, which belong to whoever opens it."""
    kept = replace(view, at=None, period=None, range=None, zoom=None, mark=None, episode=None, lang=None, present=False)
    return urlencode(params(kept))


def view_of(saved: SavedView, here: View) -> View:
    """The view that a saved one opens, at the moment, the period and the language of the page."""
    view = parse(dict(parse_qsl(saved.address)))
    return replace(view, at=here.at, days=here.days, period=here.period, range=here.range, lang=here.lang)


def panel(context: Context, app: App, text: Text, changeable: bool = True) -> None:
    """Draw the saved views of an app; nothing without any."""
    found = context.tomoni.meetings.records.listed(SavedView, app.id)
    if not found:
        return
    with st.container(key="panel-saved-views"):
        title(text._("Saved views"))
        for each in found:
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"saved-{each.id}"):
                team = f" <span class='tm-tag'>{html(each.value.team)}</span>" if each.value.team else ""
                link = page_link("explore", view_of(each.value, context.view), each.value.title)
                st.html(f"<p>{link}{team}</p>", width="stretch")
                if changeable and context.may_write(app.id):
                    _change(context, each, text)


def _change(context: Context, each: Record[SavedView], text: Text) -> None:
    records, key = context.tomoni.meetings.records, f"{_NAME}-{each.id}"
    with st.popover(text._("Change"), type="tertiary", key=f"{key}-change"):
        st.session_state.setdefault(key, each.value.title)
        st.text_input(text._("Name"), key=key, max_chars=300)
        st.button(
            text._("Rename"),
            key=f"{key}-rename",
            on_click=lambda: attempted(_NAME, lambda: records.change(SavedView, each.id, {"title": _typed(key)})),
        )
        st.button(
            text._("Remove"),
            key=f"{key}-remove",
            type="tertiary",
            on_click=lambda: attempted(_NAME, lambda: records.remove(SavedView, each.id)),
        )
        remark(text._("Earlier versions stay in the store."))
        refusal(_NAME, text)


def _typed(key: str) -> str:
    return str(st.session_state[key])


def save(exploration: Exploration, app: App, name: str) -> None:
    """Draw the field under whose name the view is kept."""
    text, context = exploration.text, exploration.context
    st.session_state.setdefault(f"{_NAME}-title", name[:100])
    st.text_input(text._("Name"), key=f"{_NAME}-title", max_chars=300)
    teams = list(dict.fromkeys(app.teams.values()))
    st.selectbox(text._("Team that keeps it"), ["", *teams], key=f"{_NAME}-team", format_func=lambda team: team or "–")
    st.button(text._("Save this view"), key=f"{_NAME}-save", on_click=_save, args=(context, app))
    refusal(_NAME, text)


def _save(context: Context, app: App) -> None:
    state = st.session_state
    fields = {"title": state[f"{_NAME}-title"], "team": state[f"{_NAME}-team"], "address": address_of(context.view)}

    def work() -> None:
        context.tomoni.meetings.records.add(validated(SavedView, {"app": app.id, **fields}))

    attempt(_NAME, work)
