"""The step "Journeys": the joint view of one journey over the meeting's period."""

from __future__ import annotations

import streamlit as st

from tomoni.ui.blocks import headline
from tomoni.ui.joint import burn_panels, cards, side_panels
from tomoni.ui.joint.app_keys import episode_keys
from tomoni.ui.joint.figure import joint_panel
from tomoni.ui.joint.parts_panel import parts_panel
from tomoni.ui.joint.told import told
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.notices import empty
from tomoni.ui.selection import Selection, select


def draw(view: MeetingView) -> None:
    """Draw the journey of the view."""
    known = [journey for journey in view.app.journeys if journey.slos]
    journey = next((each for each in known if each.id == view.context.view.journey), None)
    if journey is None:
        empty(view.text._("%(who)s has no objectives yet.") % {"who": view.text.quote(view.app.id)})
        return
    selection = select(view.context, view.app, journey)
    headline(told(view.context, view.review, journey.id))
    cards.card_rows(view.context, selection)
    parts_panel(selection)
    with st.container(key="split"):
        with st.container(key="split-main"):
            joint_panel(view.context, selection)
        with st.container(key="split-side"):
            _beside(view, selection)
    episode_keys(view.context, selection)


def _beside(view: MeetingView, selection: Selection) -> None:
    burn_panels.burned_panel(view.context, selection)
    burn_panels.moved_panel(view.context, selection)
    side_panels.agreed_panel(selection)
    side_panels.alerts_panel(view.context, selection)
    side_panels.data_panel(selection)
