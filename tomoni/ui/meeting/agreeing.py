"""What the policy proposes, confirmed or changed, exceptions from it, and the decisions that are in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from tomoni.meetings.held import corrected
from tomoni.meetings.model import Decision, DecisionKind, Meeting
from tomoni.meetings.records import Record, validated
from tomoni.ui.blocks import quiet, remark, title
from tomoni.ui.escape import flowing, html
from tomoni.ui.lazy_popover import lazy_popover
from tomoni.ui.meeting import decisions
from tomoni.ui.meeting.decision_form import Fields, decision_form
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.meeting.writing import attempt, attempted, refusal
from tomoni.use_cases.decisions import Proposal, answered, decide, decisions_in_force, proposals
from tomoni.words import concluding

Held = Sequence[Record[Decision]]


def draw(view: MeetingView) -> None:
    """Draw what the policy proposes, and what is in force."""
    held = decisions_in_force(view.records, view.app, view.context.tomoni.now())
    _proposed(view, held)
    _in_force(view, held)


def _proposed(view: MeetingView, held: Held) -> None:
    """Draw each level of the policy that was reached, with what it proposes."""
    found = proposals(view.review)
    before = corrected(view.meeting.value, view.records.listed(Meeting, view.app.id))
    with st.container(key="panel-proposed"):
        title(view.text._("What the policy proposes"))
        if not found:
            remark(view.text._("No level of the policy is reached; nothing is required."))
        for proposal in found:
            st.html(_proposal(view, proposal))
            decided = answered(proposal, held, (view.meeting.id, *before))
            if decided:
                st.html(quiet(concluding.decided(decided.value, view.text)))
            elif view.editable:
                _answer_buttons(view, proposal, held)


def _proposal(view: MeetingView, proposal: Proposal) -> str:
    """A level with its objectives and its actions, as HTML."""
    text, level = view.text, proposal.level
    actions = "".join(f"<li>{flowing(action(text.language))}</li>" for action in level.actions)
    names = html(concluding.objectives([track.status for track in proposal.tracks], text))
    return (
        f"<p><b>{html(level.title(text.language))}</b> · <span class='tm-muted'>{names}</span></p>"
        f"<ul class='tm-list'>{actions}</ul>"
    )


def _answer_buttons(view: MeetingView, proposal: Proposal, held: Held) -> None:
    """Draw confirming what is proposed, and changing it."""
    text, name = view.text, f"proposal-{proposal.policy.id}-{proposal.level.id}"
    start = {
        "what": DecisionKind.CONFIRMED,
        "text": concluding.proposed(proposal.level, text),
        "policy": proposal.policy.id,
        "level": proposal.level.id,
        "supersedes": _replaced(proposal, held),
    }
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(text._("Confirm"), key=f"{name}-confirm", type="primary", on_click=_confirm, args=(view, start, name))
        _decision_button(view, f"{name}-change", text._("Change it"), {**start, "what": DecisionKind.CHANGED}, held)
    refusal(name, text)


def _replaced(proposal: Proposal, held: Held) -> list[str]:
    """The decisions in force about the same policy: exceptions stay beside it."""
    about = (record for record in held if record.value.policy == proposal.policy.id)
    return [record.id for record in about if record.value.what is not DecisionKind.EXCEPTION]


def _confirm(view: MeetingView, start: Fields, name: str) -> None:
    attempt(name, lambda: _store(view, start, {}))


def _store(view: MeetingView, start: Fields, typed: Fields) -> Record[Decision]:
    """Stores a decision of the meeting."""
    fields: Mapping[str, Any] = {**start, **typed, "app": view.app.id, "meeting": view.meeting.id}
    return decide(view.records, validated(Decision, fields), fields.get("supersedes", ()))


def _decision_button(view: MeetingView, name: str, label: str, start: Fields, held: Held) -> None:
    """Draw a button that opens the fields of a new decision."""
    with lazy_popover(label, name, ":material/edit:") as popover:
        if popover.open:
            decision_form(name, start, held, view.text, lambda typed: _store(view, start, typed))


def _in_force(view: MeetingView, held: Held) -> None:
    """Draw the decisions that are in force, each with what can be done about it, and making another one."""
    text = view.text
    with st.container(key="panel-decisions"):
        title(text._("Decisions in force"))
        if not held:
            remark(text._("No decision is in force."))
        for record in held:
            _decision(view, record)
        if view.editable:
            with st.container(horizontal=True, gap="small"):
                _decision_button(
                    view, "decide-other", text._("Decide something"), {"what": DecisionKind.CONFIRMED}, held
                )
                start = {"what": DecisionKind.EXCEPTION}
                _decision_button(view, "decide-exception", text._("Agree on an exception"), start, held)


def _decision(view: MeetingView, record: Record[Decision]) -> None:
    name, text = f"decision-{record.id}", view.text
    with st.container(key=name, horizontal=True, vertical_alignment="center", gap="small"):
        st.html(decisions.said(view.context, record.value, text), width="stretch")
        if view.editable:
            with lazy_popover(text._("Change"), f"{name}-change", ":material/edit:") as popover:
                if popover.open:
                    _correct(view, record, f"{name}-change")
            args = (name, lambda: view.records.remove(Decision, record.id))
            st.button(text._("Take back"), key=f"{name}-remove", type="tertiary", on_click=attempted, args=args)
    refusal(name, text)


def _correct(view: MeetingView, record: Record[Decision], name: str) -> None:
    """Draw the fields of a decision; only what was changed is stored."""
    before: Fields = st.session_state.setdefault(
        f"before-{name}", {"text": record.value.text, "reason": record.value.reason, "until": record.value.until}
    )

    def work(typed: Fields) -> object:
        changes = {field: value for field, value in typed.items() if field in before and value != before[field]}
        return view.records.change(Decision, record.id, changes)

    decision_form(name, before, (), view.text, work)
