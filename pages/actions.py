"""The actions of all apps: what both teams agreed to do, those first that were due."""

from __future__ import annotations

import streamlit as st

from tomoni.meetings.model import ActionState
from tomoni.ui import frame, notices
from tomoni.ui.blocks import headline
from tomoni.ui.choice import on_choice
from tomoni.ui.context import Context
from tomoni.ui.meeting.action_list import draw_actions
from tomoni.ui.overview.filters import team_picker
from tomoni.ui.present import present_keys
from tomoni.ui.url_state import ACTIONS, apply_choice
from tomoni.use_cases.actions import ActionFilter, ListedAction, listed_actions
from tomoni.words import choices, follow_ups
from tomoni.words.text import Text

_ALL = "all"


def draw(context: Context) -> frame.Drawn:
    """Draw the page."""
    view, text, tomoni = context.view, context.text, context.tomoni
    known = listed_actions(tomoni.meetings.records, tomoni.catalog, tomoni.now(), ActionFilter(view.app, view.team))
    headline(follow_ups.open_actions(len(known), sum(1 for each in known if each.days_past), text))
    _filters(context)
    found = _chosen(context)
    if found:
        with st.container(key="panel-actions"):
            draw_actions(context, found, with_app=True)
    else:
        notices.empty(
            text._("There are no such actions."), text._("Actions are added at a review, at any of its steps.")
        )
    present_keys(context, "app", (), None)
    return frame.Drawn(view, timed=False)


def _chosen(context: Context) -> tuple[ListedAction, ...]:
    """The actions in the state of the view."""
    view, tomoni = context.view, context.tomoni
    states = frozenset(ActionState) if view.actions == _ALL else frozenset({ActionState(view.actions)})
    chosen = ActionFilter(view.app, view.team, states)
    return listed_actions(tomoni.meetings.records, tomoni.catalog, tomoni.now(), chosen)


def _filters(context: Context) -> None:
    """Draw the choice of an app, a team and a state."""
    text, view = context.text, context.view
    apps = {app.id: app.title(text.language) for app in context.tomoni.catalog.apps}
    st.session_state["actions-app"] = view.app
    st.session_state["actions-state"] = view.actions
    with st.container(key="pickers", horizontal=True, vertical_alignment="center", gap="small"):
        st.selectbox(
            text._("App"),
            list(apps),
            key="actions-app",
            format_func=apps.__getitem__,
            placeholder=text._("All apps"),
            label_visibility="collapsed",
            **on_choice("actions-app", apply_choice, "app", "actions-app"),
            width=220,
        )
        team_picker(context)
        st.segmented_control(
            text._("State"),
            ACTIONS,
            key="actions-state",
            required=True,
            format_func=lambda code: _named(code, text),
            label_visibility="collapsed",
            **on_choice("actions-state", apply_choice, "actions", "actions-state"),
        )


def _named(code: str, text: Text) -> str:
    return text._("all") if code == _ALL else choices.action(ActionState(code), text)


frame.show(draw)
