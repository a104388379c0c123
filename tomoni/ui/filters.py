"""The filters of the overview: search, team and state, which are kept in the URL."""

from __future__ import annotations

import streamlit as st

from tomoni.review.model import Overview, SloStatus
from tomoni.slo.model import State
from tomoni.ui.context import Context
from tomoni.ui.slo_table import worst_first
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


def draw_filters(context: Context, overview: Overview) -> None:
    """Draw the filters: search, team and state."""
    _, view = context.text._, context.view
    teams = sorted({team for status in overview.statuses for team in status.app.teams.values()})
    st.session_state["find"] = view.find or ""
    st.session_state["team"] = view.team if view.team in teams else None
    st.session_state["state"] = view.state
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key="filters"):
        st.text_input(
            _("Find"),
            key="find",
            placeholder=_("app, journey or objective"),
            on_change=apply_choice,
            args=("find", "find"),
            width=280,
        )
        st.selectbox(
            _("Team"),
            teams,
            key="team",
            placeholder=_("all teams"),
            on_change=apply_choice,
            args=("team", "team"),
            width=200,
        )
        st.pills(
            _("State"),
            [state.value for state in states.ORDER],
            key="state",
            format_func=lambda code: states.label(State(code), context.text),
            on_change=apply_choice,
            args=("state", "state"),
        )
