"""The first step: what was agreed before, and what became of it."""

from __future__ import annotations

import streamlit as st

from tomoni.meetings.model import Meeting, Origin
from tomoni.ui.blocks import headline, remark, title
from tomoni.ui.meeting import decisions, questions
from tomoni.ui.meeting.action_form import add_action
from tomoni.ui.meeting.action_list import draw_actions
from tomoni.ui.meeting.view import MeetingView
from tomoni.use_cases.actions import ListedAction, actions_of, ended_since
from tomoni.use_cases.decisions import decisions_in_force
from tomoni.words import follow_ups as words


def draw(view: MeetingView) -> None:
    """Draw the step."""
    now = view.context.tomoni.now()
    opened = actions_of(view.records, view.app, now)
    held = decisions_in_force(view.records, view.app, now)
    past = sum(1 for each in opened if each.days_past)
    headline(words.headline(len(opened), past, len(held), view.text))
    with st.container(key="split"):
        with st.container(key="split-main"):
            _actions(view, opened)
            _ended(view)
        with st.container(key="split-side"):
            decisions.panel(view.context, view.app, held)
            questions.draw_parked(view)


def _actions(view: MeetingView, opened: tuple[ListedAction, ...]) -> None:
    """Draw the open actions."""
    with st.container(key="panel-actions"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            title(view.text._("Open actions"), width="content")
            add_action(view.context, view.app, Origin(place="step", ref="follow_ups"), view.meeting.id)
        if not opened:
            remark(view.text._("Nothing is open from before."))
        draw_actions(view.context, opened)


def _ended(view: MeetingView) -> None:
    """Draw the actions that ended since the review before; nothing without any."""
    ended = ended_since(view.records, view.app, _since(view))
    if ended:
        with st.container(key="panel-ended"):
            title(view.text._("Done or dropped since the last review"))
            draw_actions(view.context, ended)


def _since(view: MeetingView) -> int:
    """When the review before was closed, else the start of the period."""
    before = {record.id: record.value for record in view.records.listed(Meeting, view.app.id)}
    previous = before.get(view.meeting.value.previous or "")
    return (previous.closed_at if previous else None) or view.review.start
