"""Views of `/explore` that teams keep, for everybody who looks at the app."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from data_sources.exploring import Explores, Lines, WrittenQuestion
from data_sources.kinds import KINDS
from tomoni.catalog.schema import App
from tomoni.exploring.rows import row_query
from tomoni.exploring.written import measured
from tomoni.meetings.model import SavedView
from tomoni.meetings.records import Record, validated
from tomoni.ui.blocks import remark, title
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.links import page_link
from tomoni.ui.meeting.writing import attempt, attempted, refusal
from tomoni.ui.url_state import View, params, parse
from tomoni.use_cases.viewed import MOST, rows_of
from tomoni.words.text import Text, mark

_NAME = "saved-view"
_ROW_HELP = mark(
    "It is asked for and remembered like the signals of the app's file: the joint view, the reviews and the snapshots "
    "show it, and the same interval has the same numbers whenever it is looked at. At most %(n)s of an app."
)
_NO_ROW = mark("A row is one series: heat maps and several series are none. Choose another way to add them up.")


def address_of(view: View) -> str:
    """A view as it is kept: without the moment, the period and the language, which belong to whoever opens it."""
    kept = replace(view, at=None, period=None, range=None, zoom=None, mark=None, episode=None, lang=None, present=False)
    return urlencode(params(kept))


def view_of(saved: SavedView, here: View) -> View:
    """The view that a saved one opens, at the moment, the period and the language of the page."""
    view = parse(dict(parse_qsl(saved.address)))
    return replace(view, at=here.at, days=here.days, period=here.period, range=here.range, lang=here.lang)


def panel(context: Context, app: App, text: Text) -> None:
    """Draw the saved views of an app, and which of them are rows of its joint view; nothing without any."""
    found = context.tomoni.meetings.records.listed(SavedView, app.id)
    if not found:
        return
    with st.container(key="panel-saved-views"):
        title(text._("Saved views"))
        for each in found:
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"saved-{each.id}"):
                tags = [each.value.team, text._("in the figure") if each.value.row else ""]
                shown = "".join(f" <span class='tm-tag'>{html(tag)}</span>" for tag in tags if tag)
                link = page_link("explore", view_of(each.value, context.view), each.value.title)
                st.html(f"<p>{link}{shown}</p>", width="stretch")
                if context.may_write(app.id):
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
        _row(context, each, text)
        remark(text._("Earlier versions stay in the store."))
        refusal(_NAME, text)


def _row(context: Context, each: Record[SavedView], text: Text) -> None:
    """Draw what makes a view a row of the joint view, or why it can be none."""
    records, key = context.tomoni.meetings.records, f"{_NAME}-{each.id}-row"
    if not each.value.query:
        remark(text._(_NO_ROW))
        return
    full = not each.value.row and len(rows_of(records, each.value.app)) >= MOST
    st.session_state[key] = each.value.row
    st.toggle(
        text._("A row of the joint view"),
        key=key,
        disabled=full,
        help=text._(_ROW_HELP) % {"n": MOST},
        on_change=lambda: attempted(_NAME, lambda: _set_row(context, each.id, bool(st.session_state[key]))),
    )


def _set_row(context: Context, id_: str, row: bool) -> None:
    context.tomoni.meetings.records.change(SavedView, id_, {"row": row})
    if row:
        context.tomoni.background.start_soon()


def _typed(key: str) -> str:
    return str(st.session_state[key])


def save(exploration: Exploration, app: App, name: str, answer: Lines) -> None:
    """Draw the field under whose name the view is kept."""
    text, context = exploration.text, exploration.context
    st.session_state.setdefault(f"{_NAME}-title", name[:100])
    st.text_input(text._("Name"), key=f"{_NAME}-title", max_chars=300)
    teams = list(dict.fromkeys(app.teams.values()))
    st.selectbox(text._("Team that keeps it"), ["", *teams], key=f"{_NAME}-team", format_func=lambda team: team or "–")
    query = _query(exploration, answer)
    if query:
        st.checkbox(text._("A row of the joint view"), key=f"{_NAME}-row", help=text._(_ROW_HELP) % {"n": MOST})
    else:
        remark(text._(_NO_ROW))
    asked = {"source": exploration.source.id if exploration.source else "", "query": query}
    asked["unit"] = _unit(exploration, answer)
    st.button(text._("Save this view"), key=f"{_NAME}-save", on_click=_save, args=(context, app, asked))
    refusal(_NAME, text)


def _query(exploration: Exploration, answer: Lines) -> str:
    """What is asked, as one series; empty where it is none."""
    source, ask = exploration.source, exploration.ask
    if source is None or ask is None or not isinstance(source, Explores):
        return ""
    config = exploration.context.tomoni.catalog.sources.get(source.id)
    if config is None or (isinstance(ask, WrittenQuestion) and len(answer.lines) > 1):
        return ""
    return row_query(KINDS[config.kind], source.texts, ask, exploration.interval.end, answer.unit)


def _unit(exploration: Exploration, answer: Lines) -> str:
    """What a row of what is asked is measured in."""
    sources, source = exploration.context.tomoni.catalog.sources, exploration.source
    config = sources.get(source.id) if source is not None else None
    return measured(KINDS[config.kind], answer.unit).unit.value if config is not None else answer.unit


def _save(context: Context, app: App, asked: dict[str, str]) -> None:
    state = st.session_state
    room = len(rows_of(context.tomoni.meetings.records, app.id)) < MOST
    row = bool(asked["query"] and state.get(f"{_NAME}-row") and room)
    fields = {"title": state[f"{_NAME}-title"], "team": state[f"{_NAME}-team"], "address": address_of(context.view)}

    def work() -> None:
        context.tomoni.meetings.records.add(validated(SavedView, {"app": app.id, **fields, **asked, "row": row}))

    if attempt(_NAME, work) and row:
        context.tomoni.background.start_soon()
