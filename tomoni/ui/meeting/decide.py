"""The step "Decide": a conclusion for each SLO, what the policy proposes, and the decisions of the teams."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from tomoni.meetings.model import Choice, Conclusion, Origin
from tomoni.meetings.records import Record
from tomoni.review.model import SloTrack
from tomoni.ui.blocks import chip, headline, remark, title
from tomoni.ui.choice import on_choice
from tomoni.ui.escape import flowing, html
from tomoni.ui.lazy_popover import lazy_popover
from tomoni.ui.meeting import agreeing, tried
from tomoni.ui.meeting.action_form import add_action
from tomoni.ui.meeting.action_list import draw_actions
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.meeting.writing import attempt, refusal, slug
from tomoni.use_cases.actions import actions_of
from tomoni.use_cases.decisions import conclude, conclusions_of
from tomoni.words import choices, concluding

_CHOICES = tuple(choice.value for choice in Choice)


def draw(view: MeetingView) -> None:
    """Draw the step."""
    known = conclusions_of(view.records, view.app.id, view.meeting.id)
    discussed = [each for each in known.values() if each.value.choice is not Choice.NOT_DISCUSSED]
    headline(concluding.headline(len(discussed), len(view.review.tracks), view.text))
    with st.container(key="split"):
        with st.container(key="split-main"):
            _conclusions(view, known)
            tried.draw(view)
            _actions(view)
        with st.container(key="split-side"):
            agreeing.draw(view)


def _conclusions(view: MeetingView, known: Mapping[str, Record[Conclusion]]) -> None:
    """Draw each SLO with what is known of it and what can be concluded."""
    with st.container(key="panel-conclusions"):
        title(view.text._("Conclusions"), view.text._("a click chooses, another one changes it"))
        for track in view.review.tracks:
            _conclusion(view, track, known.get(track.status.path))


def _conclusion(view: MeetingView, track: SloTrack, found: Record[Conclusion] | None) -> None:
    name = f"conclude-{slug(view.meeting.id, track.status.path)}"
    with st.container(key=name, horizontal=True, vertical_alignment="center", gap="small"):
        st.html(_facts(view, track), width="stretch")
        _choice(view, track, found, f"{name}-choice")
        if view.editable:
            _words(view, track, found, f"{name}-words")
    if found and found.value.text:
        st.html(f"<p class='tm-small tm-said'>{flowing(found.value.text)}</p>")
    refusal(f"{name}-choice", view.text)


def _facts(view: MeetingView, track: SloTrack) -> str:
    """What is known of an SLO on which is concluded, as HTML."""
    text, status = view.text, track.status
    names = f"{html(status.journey.title(text.language))} · {html(status.slo.title(text.language))}"
    facts, state = html(concluding.facts(track, text)), chip(status.figures.state, text)
    return f"<div class='tm-action'><p>{names} {state}</p><p class='tm-small tm-muted'>{facts}</p></div>"


def _choice(view: MeetingView, track: SloTrack, found: Record[Conclusion] | None, key: str) -> None:
    """Draw the choices, those of the store; other participants may choose as well."""
    st.session_state[key] = found.value.choice.value if found else None
    st.pills(
        view.text._("Conclusion"),
        _CHOICES,
        key=key,
        format_func=lambda code: choices.choice(Choice(code), view.text),
        label_visibility="collapsed",
        disabled=not view.editable,
        **on_choice(key, _chosen, view, track, found, key),
    )


def _chosen(view: MeetingView, track: SloTrack, found: Record[Conclusion] | None, key: str) -> None:
    """Stores the choice; one that is taken back leaves the SLO not discussed."""
    choice = Choice(st.session_state[key] or Choice.NOT_DISCUSSED)
    said = found.value.text if found else ""
    attempt(key, lambda: conclude(view.records, view.meeting.id, track, choice, said))


def _words(view: MeetingView, track: SloTrack, found: Record[Conclusion] | None, name: str) -> None:
    """Draw the button that opens what else is to be said of a conclusion."""
    text = view.text
    with lazy_popover(text._("In words"), name, ":material/edit_note:") as popover:
        if popover.open:
            with st.form(f"{name}-form", border=False):
                st.text_area(text._("In words"), found.value.text if found else "", key=f"{name}-text", max_chars=4_000)
                refusal(name, text)
                args = (view, track, found, name)
                st.form_submit_button(text._("Save"), key=f"{name}-store", type="primary", on_click=_said, args=args)


def _said(view: MeetingView, track: SloTrack, found: Record[Conclusion] | None, name: str) -> None:
    said, choice = st.session_state.get(f"{name}-text") or "", found.value.choice if found else Choice.NOT_DISCUSSED
    if attempt(name, lambda: conclude(view.records, view.meeting.id, track, choice, said)):
        st.session_state[name] = False


def _actions(view: MeetingView) -> None:
    """Draw the actions of this meeting."""
    found = actions_of(view.records, view.app, view.context.tomoni.now())
    mine = [each for each in found if each.action.meeting == view.meeting.id]
    with st.container(key="panel-actions"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            title(view.text._("Actions of this review"), width="content")
            add_action(view.context, view.app, Origin(place="step", ref="decide"), view.meeting.id)
        if not mine:
            remark(view.text._("None yet. An action is a team's, with a day on which it is due."))
        draw_actions(view.context, mine)
