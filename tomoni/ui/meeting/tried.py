"""What was tried in the workshop since the last review, for the step "Decide"."""

from __future__ import annotations

import streamlit as st

from tomoni.snapshots.record.listing import ListedSnapshot
from tomoni.ui.blocks import title
from tomoni.ui.escape import html
from tomoni.ui.freezing import short
from tomoni.ui.links import page_link
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.url_state import View

_MOST = 5


def draw(view: MeetingView) -> None:
    """Draw the snapshots of the workshop, the newest first; nothing where there are none."""
    found = [each for each in view.context.tomoni.snapshots.listed(view.app.id) if each.workshop]
    here = [each for each in found if each.made_at >= view.review.start][:_MOST]
    if not here:
        return
    with st.container(key="panel-tried"):
        title(view.text._("Tried in the workshop"), view.text._("since the beginning of the period"))
        st.html("".join(f"<p>{_line(view, each)}</p>" for each in here))


def _line(view: MeetingView, each: ListedSnapshot) -> str:
    text, there = view.text, View(app=each.app, snapshot=short(each.hash), lang=view.context.view.lang)
    made = html(text.moment(each.made_at))
    return f"{page_link('snapshots', there, _name(view, each.workshop))} <span class='tm-small tm-muted'>{made}</span>"


def _name(view: MeetingView, place: str) -> str:
    """The SLO that was tried on, by its title."""
    journey, _, slo = place.partition("/")
    found = (s for j in view.app.journeys if j.id == journey for s in j.slos if s.id == slo)
    named = next((s.title(view.text.language) for s in found), None)
    return named or view.text._("an SLI that is not agreed yet")
