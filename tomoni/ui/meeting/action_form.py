"""The fields of an action, and adding one: two clicks from whatever it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.meetings.model import Action, Origin
from tomoni.meetings.records import validated
from tomoni.ui.context import Context
from tomoni.ui.lazy_popover import begin_anew, lazy_popover
from tomoni.ui.meeting.writing import attempt, refusal, slug
from tomoni.use_cases.actions import teams_of
from tomoni.words.text import NOTHING, Text

MOST_CHARACTERS = 300
Fields = Mapping[str, Any]


def add_action(
    context: Context, app: App, origin: Origin, meeting: str | None = None, proposed: str = "", label: str = ""
) -> None:
    """Draw a button that opens the fields of a new action. ``origin`` is the step, episode, incident, risk or question
    that it comes from, ``meeting`` the id of the meeting in which it does, ``proposed`` a text to begin with."""
    text = context.text
    if not context.may_write(app.id):
        return
    name = f"add-action-{slug(app.id, origin.place, origin.ref, meeting)}"

    def work(fields: Fields) -> object:
        known = {"app": app.id, "origin": origin, "meeting": meeting}
        return context.tomoni.meetings.records.add(validated(Action, {**fields, **known}))

    with lazy_popover(label or text._("Add an action"), name, ":material/add_task:") as popover:
        if popover.open:
            action_form(name, app, {"text": proposed}, text, work, text._("Add"))


def action_form(name: str, app: App, start: Fields, text: Text, work: Callable[[Fields], object], label: str) -> None:
    """Draw the fields of an action, filled in with ``start``, and a button that stores them by ``work``. The popover
    of this name closes once they are stored."""
    teams = list(dict.fromkeys([*teams_of(app), start.get("team", "")] if "team" in start else teams_of(app)))
    with st.form(f"{name}-form", border=False):
        st.text_area(
            text._("What is to be done"),
            start.get("text", "")[:MOST_CHARACTERS],
            key=f"{name}-text",
            max_chars=MOST_CHARACTERS,
            height=80,
        )
        with st.container(horizontal=True, gap="small"):
            at = teams.index(start.get("team", teams[0])) if teams else None
            st.selectbox(text._("Team"), teams, at, _team, key=f"{name}-team", width=180)
            st.date_input(text._("Due"), start.get("due"), key=f"{name}-due", format="YYYY-MM-DD", width=160)
        st.text_input(text._("Ticket"), start.get("ticket", ""), key=f"{name}-ticket", placeholder="https://…")
        refusal(name, text)
        st.form_submit_button(label, key=f"{name}-store", type="primary", on_click=_store, args=(name, work))


def _team(name: str) -> str:
    return name or NOTHING


def _store(name: str, work: Callable[[Fields], object]) -> None:
    """Stores what was typed, and closes the popover where that was possible."""
    typed = {field: st.session_state.get(f"{name}-{field}") for field in ("text", "team", "due", "ticket")}
    fields = {**typed, "team": typed["team"] or "", "text": " ".join((typed["text"] or "").split())}
    if attempt(name, lambda: work(fields)):
        begin_anew(name)
        st.session_state[name] = False
