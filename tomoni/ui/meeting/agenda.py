"""What an app's agenda has for a step: the team's own questions and checks, and hints for whoever leads."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tomoni.ui.blocks import title
from tomoni.ui.escape import flowing
from tomoni.ui.meeting.view import MeetingView
from tomoni.words.hints import hints


def hints_button(view: MeetingView, step: str) -> None:
    """Draw what whoever leads may ask at a step, behind a small button; nothing where the agenda goes without."""
    found = hints(step, view.text)
    if not found or not view.agenda.hints or not view.goes_on:
        return
    with st.popover(
        view.text._("Hints"), icon=":material/lightbulb:", type="tertiary", key="meeting-hints", width="content"
    ):
        st.html(_list(found))


def own_points(view: MeetingView, step: str) -> None:
    """Draw what the team itself asks and checks at a step; nothing without any."""
    found, language = view.agenda.of(step), view.text.language
    if found is None or not (found.questions or found.checks):
        return
    with st.container(key="panel-agenda"):
        title(view.text._("From your agenda"))
        st.html(
            _list([each(language) for each in found.questions])
            + _list([each(language) for each in found.checks], "tm-checks")
        )


def _list(lines: Sequence[str], classes: str = "") -> str:
    items = "".join(f"<li>{flowing(line)}</li>" for line in lines)
    return f"<ul class='tm-list {classes}'>{items}</ul>" if items else ""
