"""Which team a browser has chosen: it opens with that team's home until another choice.

Only a choice on the page is remembered, in a cookie that has nothing but the team's name; a link that somebody
follows changes nothing. What an address says always comes first: the remembered team is written into one that
says nothing about what the overview shows.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlencode

import streamlit as st
from streamlit.components.v2 import component

from tomoni.catalog.schema import Catalog
from tomoni.ui.url_state import View, change_view, params
from tomoni.ui.written_address import address

COOKIE = "tomoni_team"
_CHOICE = "team-choice"  # in the session: the last choice on the page, and how many there were
_SCRIPT = (Path(__file__).parent / "memory.js").read_text()
# Parameters that do not change what the overview shows.
_SILENT = frozenset({"lang", "present", "app", "journey", "slo", "days", "episode", "lanes", "linear"})


def choose_team(team: str | None) -> None:
    """Show the home of a team, or all teams (None), and let the browser remember it."""
    _, count = st.session_state.get(_CHOICE, (None, 0))
    st.session_state[_CHOICE] = (team, count + 1)
    change_view(team=team)


def with_remembered_team(view: View, catalog: Catalog) -> View:
    """The view with the team that the browser chose, where the address leaves it open."""
    if set(address()) - _SILENT:
        return view
    team = _remembered()
    known = any(team in app.teams.values() for app in catalog.apps)
    return replace(view, team=team) if team and known else view


def remember_team(view: View) -> None:
    """Let the browser keep the last choice, and write a remembered team into the address without a further step in
    the browser's history."""
    team, count = st.session_state.get(_CHOICE, (None, 0))
    query = urlencode(params(view)) if view.team and "team" not in address() else ""
    data = {"cookie": COOKIE, "count": count, "team": team or "", "query": query}
    component("tomoni.team_memory", js=_SCRIPT)(key="team-memory", data=data, height=0)


def _remembered() -> str | None:
    """The last choice of this session, else that of the browser when the session began."""
    if _CHOICE in st.session_state:
        team: str | None = st.session_state[_CHOICE][0]
        return team
    return unquote(st.context.cookies.get(COOKIE, "")) or None
