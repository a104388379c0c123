"""What was learned: the postmortems of all apps, searched, read and written; and the factors that recur."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from tomoni.meetings.model import Incident, Postmortem
from tomoni.meetings.records import Record
from tomoni.ui import frame
from tomoni.ui.blocks import headline, number_table, remark, stacking_table, title
from tomoni.ui.choice import on_choice
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.links import page_link
from tomoni.ui.postmortems.page import draw_postmortem
from tomoni.ui.present import present_keys
from tomoni.ui.url_state import apply_choice
from tomoni.use_cases.postmortems import Library, library, recurring
from tomoni.words.postmortems import headline as sentence

_MOST = 100
_MOST_FACTORS = 15


def draw(context: Context) -> frame.Drawn:
    """The page."""
    if context.view.postmortem is not None:
        draw_postmortem(context, context.tomoni.meetings.records.read(Postmortem, context.view.postmortem))
    else:
        _library(context)
    present_keys(context, "app", (), None)
    return frame.Drawn(context.view, timed=False)


def _library(context: Context) -> None:
    found = library(context.tomoni.meetings, context.view.find or "")
    headline(sentence(found.total, len(found.shown) if found.searched else None, context.text))
    _search(context)
    with st.container(key="split"):
        with st.container(key="split-main"), st.container(key="panel-library"):
            _list(context, found)
        with st.container(key="split-side"):
            _factors(context, found)


def _search(context: Context) -> None:
    text = context.text
    st.session_state["find"] = context.view.find or ""
    st.text_input(
        text._("Search all postmortems"),
        key="find",
        max_chars=100,
        icon=":material/search:",
        label_visibility="collapsed",
        placeholder=text._("Search all postmortems"),
        **on_choice("find", apply_choice, "find", "find"),
    )


def _list(context: Context, found: Library) -> None:
    text = context.text
    if not found.shown:
        remark(
            text._("Nothing to show.")
            if found.total
            else text._("The step “What burned” of a review has incidents; each can begin a postmortem.")
        )
        return
    heads = (text._("Postmortem"), text._("App"), text._("Incident"), text._("Contributing factors"))
    rows = (_row(context, each, found.incidents.get(each.value.incident or "")) for each in found.shown[:_MOST])
    st.html(stacking_table(heads, rows, texts=4))
    if len(found.shown) > _MOST:
        remark(text._("Only the newest %(n)s are shown: search for more words.") % {"n": _MOST})


def _row(context: Context, each: Record[Postmortem], incident: Record[Incident] | None) -> tuple[str, ...]:
    text, value = context.text, each.value
    app = context.tomoni.catalog.app(value.app)
    target = replace(context.view, app=value.app, postmortem=each.id)
    tags = " ".join(f"<span class='tm-tag'>{html(factor)}</span>" for factor in value.factors)
    when = text.span(incident.value.start, incident.value.end) if incident else text.day(each.created_at)
    name = app.title(text.language) if app else value.app
    return page_link("postmortems", target, value.title), html(name), html(when), tags


def _factors(context: Context, found: Library) -> None:
    """Draw the contributing factors of what is shown, by how often they recur."""
    text, factors = context.text, recurring(found.shown)
    if not factors:
        return
    with st.container(key="panel-factors"):
        title(text._("Contributing factors"), text._("named as systems"))
        heads = (text._("Factor"), text._("Postmortems"), text._("Apps"))
        rows = [
            (
                page_link("postmortems", replace(context.view, find=each.name[:100]), each.name),
                text.number(each.count, 0),
                text.number(each.apps, 0),
            )
            for each in factors[:_MOST_FACTORS]
        ]
        st.html(number_table(heads, rows, texts=1))


frame.show(draw)
