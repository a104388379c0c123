"""The actions of apps as a list: each with its ticket, and with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.meetings.model import Action, ActionState
from tomoni.meetings.records import Record
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html, link
from tomoni.ui.lazy_popover import lazy_popover
from tomoni.ui.links import page_link
from tomoni.ui.meeting.action_form import Fields, action_form
from tomoni.ui.meeting.writing import attempt, refusal
from tomoni.ui.url_state import View
from tomoni.use_cases.actions import ListedAction, local_day, set_state
from tomoni.use_cases.tickets import NewTicket, new_ticket_url
from tomoni.words import follow_ups
from tomoni.words.text import Text


def draw_actions(context: Context, actions: Sequence[ListedAction], with_app: bool = False) -> None:
    """Draw actions in their order; ``with_app`` names the app of each and leads to it."""
    for each in actions:
        _row(context, each, with_app)


def _row(context: Context, listed: ListedAction, with_app: bool) -> None:
    """Draw one action: what it is, and what can be done about it."""
    record = listed.record
    text = context.text_of(listed.app) if listed.app else context.text
    with st.container(key=f"action-{record.id}", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(_said(context, listed, text, with_app), width="stretch")
        if not context.may_write(record.value.app):
            return
        if record.value.state is ActionState.OPEN:
            _open_buttons(context, listed, text)
        else:
            _button(context, record, ActionState.OPEN, text._("Open again"), ":material/undo:")
    refusal(f"action-{record.id}-state", text)


def _said(context: Context, listed: ListedAction, text: Text, with_app: bool) -> str:
    """The text of an action with whose it is, its day and its ticket, as HTML."""
    action, today = listed.action, local_day(context.tomoni.now(), text.zone)
    parts = [
        _app(context, listed, text) if with_app else "",
        html(action.team),
        _due(listed, today, text),
        html(follow_ups.ended(action, text)),
        _ticket(listed, today, text),
        html(follow_ups.came_from(action.origin, text)),
    ]
    below = "&nbsp;· ".join(part for part in parts if part)  # no line begins with a dot
    return f"<div class='tm-action'><p>{flowing(action.text)}</p><p class='tm-small tm-muted'>{below}</p></div>"


def _due(listed: ListedAction, today: date, text: Text) -> str:
    words = html(follow_ups.due(listed.action, today, text))
    return f"<b class='tm-due tm-whole'>{words}</b>" if listed.days_past else f"<span class='tm-whole'>{words}</span>"


def _app(context: Context, listed: ListedAction, text: Text) -> str:
    """The app as a link to it; only its id where it is no longer configured."""
    if listed.app is None:
        return html(listed.action.app)
    view = replace(View(), app=listed.app.id, lang=context.view.lang)
    return page_link("app", view, listed.app.title(text.language))


def _ticket(listed: ListedAction, today: date, text: Text) -> str:
    """A link to the ticket of an action; while it is open and has none, one to the tracker's new ticket."""
    url, words = link(listed.action.ticket), text._("Ticket")
    if not url and listed.action.state is ActionState.OPEN:
        url, words = _new_ticket(listed, today, text), text._("New ticket")
    return f"<a href='{html(url)}' target='_blank' rel='noopener noreferrer'>{html(words)}</a>" if url else ""


def _new_ticket(listed: ListedAction, today: date, text: Text) -> str | None:
    """The address of a new ticket with all that is known filled in, where the app names its tracker."""
    action, app = listed.action, listed.app
    if app is None or app.tickets is None:
        return None
    body = follow_ups.ticket_body(action, app.title(text.language), today, text)
    ticket = NewTicket(action.text, body, action.due, action.team, app.title(text.language))
    return link(new_ticket_url(app.tickets, ticket))


def _open_buttons(context: Context, listed: ListedAction, text: Text) -> None:
    """Draw what can be done about an open action."""
    record = listed.record
    _button(context, record, ActionState.DONE, text._("Done"), ":material/check:")
    name = f"action-{record.id}-change"
    with lazy_popover(text._("Change"), name, ":material/edit:") as popover:
        if popover.open and listed.app:
            _change(context, name, record, listed.app, text)
            _drop(context, name, record, text)


def _button(context: Context, record: Record[Action], state: ActionState, label: str, icon: str) -> None:
    key = f"action-{record.id}-{state.value}"
    st.button(label, key=key, type="tertiary", icon=icon, on_click=_end, args=(context, record, state))


def _end(context: Context, record: Record[Action], state: ActionState) -> None:
    records, now = context.tomoni.meetings.records, context.tomoni.now()
    attempt(f"action-{record.id}-state", lambda: set_state(records, record.id, state, now))


def _change(context: Context, name: str, record: Record[Action], app: App, text: Text) -> None:
    """Draw the fields of an action. Only what was changed is stored: others may change the rest meanwhile."""
    before: Fields = st.session_state.setdefault(f"before-{name}", _fields(record.value))

    def work(fields: Fields) -> object:
        changes = {field: value for field, value in fields.items() if value != before[field]}
        return context.tomoni.meetings.records.change(Action, record.id, changes)

    action_form(name, app, before, text, work, text._("Save"))


def _fields(action: Action) -> Fields:
    return {"text": action.text, "team": action.team, "due": action.due, "ticket": action.ticket}


def _drop(context: Context, name: str, record: Record[Action], text: Text) -> None:
    """Draw the field of the reason for which an action is dropped."""
    key = f"{name}-reason"
    with st.form(f"{name}-drop-form", border=False):
        st.text_input(text._("Reason"), key=key, placeholder=text._("why it is no longer needed"), max_chars=1000)
        refusal(f"{name}-drop", text)
        st.form_submit_button(text._("Drop"), key=f"{name}-drop-it", on_click=_dropped, args=(context, name, record))


def _dropped(context: Context, name: str, record: Record[Action]) -> None:
    records, reason = context.tomoni.meetings.records, st.session_state.get(f"{name}-reason") or ""
    now = context.tomoni.now()
    if attempt(f"{name}-drop", lambda: set_state(records, record.id, ActionState.DROPPED, now, reason)):
        st.session_state[name] = False
