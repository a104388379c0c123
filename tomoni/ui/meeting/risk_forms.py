"""Adding, changing, accepting and removing risks, and taking them in and out as a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.meetings.model import MOST_CHARACTERS, Origin
from tomoni.ui.escape import flowing
from tomoni.ui.lazy_popover import lazy_popover
from tomoni.ui.meeting.action_form import add_action
from tomoni.ui.meeting.risk_files import files
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.meeting.writing import attempt, refusal
from tomoni.use_cases import risks
from tomoni.use_cases.risks import ListedRisk, Written
from tomoni.words.text import Text

_CHOSEN = "risk-chosen"
_MOST_MINUTES, _MOST_DAYS, _LONGEST = 525_960.0, 365_250.0, 300
_NEW: Mapping[str, Any] = {
    "title": "",
    "text": "",
    "journeys": [],
    "detect_minutes": 5.0,
    "repair_minutes": 30.0,
    "share_of_users": 1.0,
    "days_between": 90.0,
    "accepted": False,
}


def controls(view: MeetingView, listed: Sequence[ListedRisk], ranked: Sequence[ListedRisk]) -> None:
    """Draw what changes the register, whose risks are offered as they are ranked; nothing once the meeting is over."""
    app = view.context.tomoni.catalog.app(view.app.id)
    if app is None or not view.editable:
        return
    with st.container(key="risk-controls", horizontal=True, vertical_alignment="center", gap="small"):
        if listed:
            _of_one(view, app, ranked)
            st.space("stretch")
        _add(view, app)
        files(view, app, listed)
    refusal("risk", view.text)
    _taken_off(view, app)


def _of_one(view: MeetingView, app: App, ranked: Sequence[ListedRisk]) -> None:
    """Draw the choice of a risk, and what can be done with it."""
    text, known = view.text, {each.ref: each for each in ranked}
    if st.session_state.get(_CHOSEN) not in known:
        st.session_state[_CHOSEN] = ranked[0].ref
    ref = st.selectbox(
        text._("Risk"),
        list(known),
        key=_CHOSEN,
        format_func=lambda each: known[each].title(text.language),
        width=360,
        label_visibility="collapsed",
    )
    risk = known[ref]
    _change(view, app, risk)
    label = text._("Do not accept") if risk.accepted else text._("Accept")
    args = (view, app, risk.ref, not risk.accepted)
    st.button(label, key="risk-accept", type="tertiary", icon=":material/check:", on_click=_accept, args=args)
    title = risk.title(text.language)
    add_action(view.context, view.app, Origin(place="risk", ref=risk.ref), view.meeting.id, title)


def _accept(view: MeetingView, app: App, ref: str, accepted: bool) -> None:
    attempt("risk", lambda: risks.change_risk(view.records, app, ref, {"accepted": accepted}, view.text.language))


def _change(view: MeetingView, app: App, risk: ListedRisk) -> None:
    text, name = view.text, f"risk-change-{risk.ref}"
    with lazy_popover(text._("Change"), name, ":material/edit:") as popover:
        if popover.open:
            start = risk.entry(app.id, text.language).model_dump()
            _form(view, app, name, start, risk.ref)
            with st.container(horizontal=True, gap="small"):
                args = (view, app, name, risk.ref)
                st.button(text._("Take off the register"), key=f"{name}-remove", on_click=_remove, args=args)
                if risk.written is Written.CHANGED:
                    st.button(text._("As in the file again"), key=f"{name}-file", on_click=_as_in_file, args=args)


def _remove(view: MeetingView, app: App, name: str, ref: str) -> None:
    if attempt(name, lambda: risks.remove_risk(view.records, app, ref, view.text.language)):
        st.session_state[name] = False


def _as_in_file(view: MeetingView, app: App, name: str, ref: str) -> None:
    if attempt(name, lambda: risks.as_in_file(view.records, app, ref)):
        st.session_state[name] = False


def _add(view: MeetingView, app: App) -> None:
    with lazy_popover(view.text._("Add a risk"), "risk-add", ":material/add:") as popover:
        if popover.open:
            _form(view, app, "risk-add", _NEW, None)


def _form(view: MeetingView, app: App, name: str, start: Mapping[str, Any], ref: str | None) -> None:
    """Draw the fields of a risk, filled in with ``start``, and a button that stores them."""
    text = view.text
    with st.form(f"{name}-form", border=False):
        st.text_input(text._("What may go wrong"), start["title"], key=f"{name}-title", max_chars=_LONGEST)
        _numbers(name, start, text)
        titles = {journey.id: journey.title(text.language) for journey in app.journeys}
        hit = [journey for journey in start["journeys"] if journey in titles]
        every = text._("all journeys")
        label = text._("Journeys that it hits")
        st.multiselect(label, list(titles), hit, lambda id_: titles[id_], key=f"{name}-journeys", placeholder=every)
        note = text._("Note, such as what would make it cheaper")
        st.text_area(note, start["text"], key=f"{name}-text", max_chars=MOST_CHARACTERS, height=80)
        st.checkbox(text._("Both teams accept what it costs"), start["accepted"], key=f"{name}-accepted")
        refusal(name, text)
        store = text._("Add") if ref is None else text._("Save")
        args = (view, app, name, ref)
        st.form_submit_button(store, key=f"{name}-store", type="primary", on_click=_store, args=args)


def _numbers(name: str, start: Mapping[str, Any], text: Text) -> None:
    def number(field: str, label: str, value: float, most: float) -> None:
        st.number_input(label, 0.0, most, value, key=f"{name}-{field}", format="%g", step=1.0, width=150)

    with st.container(horizontal=True, gap="small"):
        number("detect_minutes", text._("Minutes to detect"), start["detect_minutes"], _MOST_MINUTES)
        number("repair_minutes", text._("Minutes to repair"), start["repair_minutes"], _MOST_MINUTES)
        number("share_of_users", text._("Users, %"), start["share_of_users"] * 100, 100.0)
        number("days_between", text._("Days between"), start["days_between"], _MOST_DAYS)


def _store(view: MeetingView, app: App, name: str, ref: str | None) -> None:
    """Stores what was typed, and closes the fields where that was possible."""
    fields = {field: st.session_state.get(f"{name}-{field}") for field in _NEW}
    percent = fields["share_of_users"]
    fields["share_of_users"] = None if percent is None else percent / 100

    def work() -> None:
        if ref is None:
            st.session_state[_CHOSEN] = risks.add_risk(view.records, app, fields).id
        else:
            risks.change_risk(view.records, app, ref, fields, view.text.language)

    if attempt(name, work):
        st.session_state[name] = False


def _taken_off(view: MeetingView, app: App) -> None:
    """Draw the risks of the file that were taken off here, each with a way back."""
    gone, text = risks.taken_off(view.records, app), view.text
    if not gone:
        return
    with st.container(key="risks-off", horizontal=True, vertical_alignment="center", gap="small"):
        label = text._("Taken off here:")
        st.html(f"<span class='tm-small tm-muted'>{flowing(label)}</span>", width="content")
        for risk in gone:
            label = text._("Put %(risk)s back") % {"risk": text.quote(risk.title(text.language))}
            args = (view, app, f"risk-back-{risk.ref}", risk.ref)
            st.button(label, key=f"risk-back-{risk.ref}-do", type="tertiary", on_click=_as_in_file, args=args)
