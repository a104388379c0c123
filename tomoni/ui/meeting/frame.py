"""The frame of a meeting: its line, its steps with the keys that lead through them, and the step that is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import streamlit as st

from tomoni.ui.escape import html
from tomoni.ui.meeting import coming, journeys, since
from tomoni.ui.meeting.places import Place, places
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.url_state import change_view
from tomoni.words.text import Text, mark


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the meeting: its title (a msgid), and what draws it below the line of the meeting, the sentence
    of the step first."""

    title: str
    draw: Callable[[MeetingView], None]


# The steps by their codes, in their usual order (`meetings.steps.STEPS`).
STEPS: Mapping[str, Step] = {
    "follow_ups": Step(mark("Follow-ups"), coming.draw),
    "since": Step(mark("Since last time"), since.draw),
    "journeys": Step(mark("Journeys"), journeys.draw),
    "burned": Step(mark("What burned"), coming.draw),
    "ahead": Step(mark("Ahead"), coming.draw),
    "decide": Step(mark("Decide"), coming.draw),
    "close": Step(mark("Close"), coming.draw),
}
_CHOICE = "meeting-step"


def draw(view: MeetingView) -> None:
    """Draw the meeting at the step of its view."""
    here = _here(view)
    with st.container(key="meeting-bar", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(_line(view), width="content")
        st.space("stretch")
        _steps(view)
        _keys(view, here)
    STEPS[here.step].draw(at_place(view, here))


def at_place(view: MeetingView, place: Place) -> MeetingView:
    """The view with what a place shows, where the address left that open."""
    shown = replace(view.context.view, step=place.step, journey=place.journey or view.context.view.journey)
    return replace(view, context=replace(view.context, view=shown))


def _here(view: MeetingView) -> Place:
    """The place that the address names, else the first one of its step."""
    wanted = Place(view.step, view.context.view.journey)
    known = places(view)
    same = [place for place in known if place.step == wanted.step]
    return next((place for place in same if place.journey == wanted.journey), (same or known)[0])


def _line(view: MeetingView) -> str:
    """The app, the period and the moment of the figures."""
    text, review = view.text, view.review
    name = f"<b>{html(view.app.title(text.language))}</b>"
    as_of = text._("as of %(moment)s") % {"moment": text.near_moment(review.as_of)}
    return f"<p class='tm-sub'>{name} · {html(text.days(review.start, review.as_of))} · {html(as_of)}</p>"


def _steps(view: MeetingView) -> None:
    """Draw the steps, numbered; the one that is shown is chosen."""
    offered = list(dict.fromkeys(place.step for place in places(view)))
    st.session_state[_CHOICE] = view.step if view.step in offered else offered[0]
    st.segmented_control(
        view.text._("Steps of the review"),
        offered,
        key=_CHOICE,
        required=True,
        format_func=lambda code: _numbered(code, offered, view.text),
        label_visibility="collapsed",
        on_change=_chosen,
    )


def _numbered(code: str, offered: list[str], text: Text) -> str:
    """A step as it is called: "2 Journeys"; closing has no number."""
    title = text._(STEPS[code].title)
    return title if code == "close" else f"{offered.index(code)} {title}"


def _chosen() -> None:
    go(Place(st.session_state[_CHOICE]))


def go(place: Place) -> None:
    """Lead to a place of the meeting."""
    change_view(step=place.step, journey=place.journey, slo=None, episode=None, zoom=None)


def _keys(view: MeetingView, here: Place) -> None:
    """Draw the buttons to the places before and after; the arrow keys press them."""
    known = places(view)
    at, _ = known.index(here), view.text._
    with st.container(key="meeting-keys", horizontal=True, gap="xsmall", width="content"):
        _button("Left", _("Previous"), known[max(0, at - 1)], at == 0)
        _button("Right", _("Next"), known[min(len(known) - 1, at + 1)], at == len(known) - 1)


def _button(key: str, label: str, place: Place, disabled: bool) -> None:
    name = f"meeting-{key.lower()}"
    st.button(label, key=name, shortcut=key, on_click=go, args=(place,), disabled=disabled)
