"""What narrows the overview, kept in the URL: the team, whose home it then is, and a search by name and state."""

from __future__ import annotations

import streamlit as st

from tomoni.review.model import SloStatus
from tomoni.slo.model import State
from tomoni.ui.choice import on_choice
from tomoni.ui.context import Context
from tomoni.ui.overview.slo_table import worst_first
from tomoni.ui.team.memory import choose_team
from tomoni.ui.url_state import View, apply_choice
from tomoni.words import states


def matching(statuses: tuple[SloStatus, ...], view: View) -> list[SloStatus]:
    """The SLOs that match the filters of a view, worst first."""
    kept = worst_first(statuses)
    if view.team:
        kept = [status for status in kept if view.team in status.app.teams.values()]
    if view.state:
        kept = [status for status in kept if status.figures.state == view.state]
    words = (view.find or "").casefold().split()
    return [status for status in kept if all(word in _searchable_text(status) for word in words)]


def _searchable_text(status: SloStatus) -> str:
    """All names of an SLO, in every language, for the search."""
    named = (status.app, status.journey, status.slo)
    texts = [text for thing in named for text in (thing.id, *thing.title.by_language.values())]
    return " ".join(texts).casefold()


def team_picker(context: Context) -> None:
    """Draw the choice of a team, which the browser remembers, and the way back to all of them."""
    _, view = context.text._, context.view
    st.session_state["team"] = view.team
    with st.container(horizontal=True, width="content", vertical_alignment="center", gap="small", key="team-picker"):
        st.selectbox(
            _("Team"),
            sorted({team for app in context.tomoni.catalog.apps for team in app.teams.values()}),
            key="team",
            placeholder=_("All teams"),
            label_visibility="collapsed",
            **on_choice("team", _choose),
            width=220,
        )
        if view.team:
            icon = ":material/arrow_back:"
            st.button(_("All teams"), key="all-teams", type="tertiary", icon=icon, on_click=choose_team, args=(None,))


def _choose() -> None:
    choose_team(st.session_state["team"])


def draw_filters(context: Context) -> None:
    """Draw the search by name and state."""
    _, view = context.text._, context.view
    st.session_state["find"] = view.find or ""
    st.session_state["state"] = view.state
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key="filters"):
        st.text_input(
            _("Find"),
            key="find",
            placeholder=_("app, journey or objective"),
            **on_choice("find", apply_choice, "find", "find"),
            width=280,
        )
        st.pills(
            _("State"),
            [state.value for state in states.ORDER],
            key="state",
            format_func=lambda code: states.label(State(code), context.text),
            **on_choice("state", apply_choice, "state", "state"),
        )
