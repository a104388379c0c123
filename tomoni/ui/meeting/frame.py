"""The frame of a meeting: its line, its steps with the keys that lead through them, and the step that is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from tomoni.meetings.model import Origin
from tomoni.ui.bar import BRAND
from tomoni.ui.blocks import remark
from tomoni.ui.choice import on_choice, on_press_here
from tomoni.ui.escape import html
from tomoni.ui.meeting import (
    agenda,
    ahead,
    burned,
    close,
    control,
    decide,
    follow,
    follow_ups,
    journeys,
    questions,
    since,
)
from tomoni.ui.meeting.action_form import add_action
from tomoni.ui.meeting.notes import notes_box
from tomoni.ui.meeting.places import Place, go, place_of, shown_at, stops
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.present import end_button, help_button
from tomoni.words import choices
from tomoni.words.text import Text, mark

# What draws each step below the line of the meeting, the sentence of the step first, by the codes of
# `catalog.for_reviews.Step`.
STEPS: Mapping[str, Callable[[MeetingView], None]] = {
    "follow_ups": follow_ups.draw,
    "since": since.draw,
    "journeys": journeys.draw,
    "burned": burned.draw,
    "ahead": ahead.draw,
    "decide": decide.draw,
    "close": close.draw,
}
_CHOICE = "meeting-step"
# What teams go on working on after a review, by the steps that show it.
_GOES_ON = ("follow_ups", "since", "decide")
_LIST_ACTIONS = ("follow_ups", "decide")
_AS_OF_NOW = mark(
    "Actions, decisions and questions are shown as they are now; "
    "the snapshot has them as they were when the review was closed."
)
_KEYS = (
    ("← →", mark("previous or next place of the review")),
    ("E", mark("next episode, then the whole period; with Shift the previous one")),
    ("L", mark("enlarge the next row of the figure")),
    ("Esc", mark("back to the whole period, then out of present mode")),
)


def draw(view: MeetingView) -> None:
    """Draw the meeting at the place of its view."""
    view, followed = follow.follow(view)
    here = place_of(view)
    shown = replace(view, context=replace(view.context, view=shown_at(view.context.view, here)))
    with st.container(key="meeting-bar", horizontal=True, vertical_alignment="center", gap="small"):
        if shown.context.view.present:
            st.html(BRAND, width="content")
        st.html(_line(shown), width="content")
        st.space("stretch")
        _steps(shown, here)
    with st.container(key="meeting-control", horizontal=True, vertical_alignment="center", gap="small"):
        control.draw(shown)
        with st.container(key="meeting-clock", width="content"):
            follow.watch(shown, followed.led)
        follow.follow_buttons(shown, followed.led)
        agenda.hints_button(shown, here.step)
        _action_button(shown, here)
        st.space("stretch")
        _keys(shown, here)
    STEPS[here.step](shown)
    if shown.snapshot is not None and here.step in _GOES_ON:
        remark(shown.text._(_AS_OF_NOW))
    agenda.own_points(shown, here.step)
    questions.draw_open(shown, here.step)
    notes_box(shown, here.step)
    follow.remember_lead(shown, followed.led)
    follow.tell(shown, followed)


def _line(view: MeetingView) -> str:
    """The app, the period and the moment of the figures."""
    text, review = view.text, view.review
    name = f"<b>{html(view.app.title(text.language))}</b>"
    since_when = text._("since %(day)s") % {"day": text.day(review.start, year=False)}
    as_of = text._("as of %(moment)s") % {"moment": text.near_moment(review.as_of)}
    return f"<p class='tm-sub'>{name} · {html(since_when)} · {html(as_of)}</p>"


def _steps(view: MeetingView, here: Place) -> None:
    """Draw the steps, numbered; the one that is shown is chosen."""
    offered = [step.step.value for step in view.agenda.steps]
    st.session_state[_CHOICE] = here.step
    st.segmented_control(
        view.text._("Steps of the review"),
        offered,
        key=_CHOICE,
        required=True,
        format_func=lambda code: _numbered(code, offered, view.text),
        label_visibility="collapsed",
        **on_choice(_CHOICE, _chosen),
    )


def _numbered(code: str, offered: list[str], text: Text) -> str:
    """A step as it is called: "2 Journeys"; closing has no number."""
    title = choices.step(code, text)
    return title if code == "close" else f"{offered.index(code)} {title}"


def _chosen() -> None:
    go(Place(st.session_state[_CHOICE]))


def _keys(view: MeetingView, here: Place) -> None:
    """Draw the buttons to the places before and after; the arrow keys press them, and Esc ends present mode."""
    known, _ = stops(view), view.text._
    at = known.index(here.stop)
    with st.container(key="meeting-keys", horizontal=True, gap="xsmall", width="content"):
        _button("Left", _("Previous"), known[max(0, at - 1)], at == 0)
        _button("Right", _("Next"), known[min(len(known) - 1, at + 1)], at == len(known) - 1)
        if view.context.view.present:
            help_button(view.context, _KEYS)
            shown = view.context.view
            end_button(view.context, esc=(shown.episode, shown.zoom, shown.large) == (None, None, None))


def _action_button(view: MeetingView, here: Place) -> None:
    """Draw the way to a new action, which a step that lists actions has beside them."""
    if view.editable and here.step not in _LIST_ACTIONS:
        add_action(view.context, view.app, Origin(place="step", ref=here.step), view.meeting.id)


def _button(key: str, label: str, place: Place, disabled: bool) -> None:
    name = f"meeting-{key.lower()}"
    st.button(label, key=name, shortcut=key, disabled=disabled, **on_press_here(go, place))
