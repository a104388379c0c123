"""What is done with a meeting as a whole: its period while it is prepared, its beginning, and how it ended."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import MeetingState
from tomoni.ui.choice import on_choice
from tomoni.ui.escape import flowing
from tomoni.ui.links import page_link
from tomoni.ui.meeting import follow, queue
from tomoni.ui.meeting.view import MeetingView, settled
from tomoni.ui.url_state import View
from tomoni.use_cases import meeting as meetings
from tomoni.use_cases.closing import begin_meeting
from tomoni.words import meeting as words

_PERIOD = "meeting-period"
_SINCE_LAST = 0


def draw(view: MeetingView) -> None:
    """Draw how the meeting stands, and what can be done with it."""
    state = view.meeting.value.state
    said = words.standing(view.meeting.value, view.context.tomoni.now(), view.text)
    st.html(f"<span class='tm-small tm-muted'>{flowing(said)}{_snapshot(view)}</span>", width="content")
    if state is MeetingState.DRAFT:
        if view.writable:
            _period(view)
            _begin_button(view)
    elif not view.goes_on and (following := queue.after(view.context, view.app)) is not None:
        queue.next_button(view.context, following, view.text._("Next: %(app)s"))


def _begin_button(view: MeetingView) -> None:
    st.button(
        view.text._("Begin"),
        key="meeting-begin",
        type="primary",
        icon=":material/play_arrow:",
        help=view.text._("Fixes the figures for everybody, and takes along whoever has this page open."),
        on_click=_begin,
        args=(view,),
    )


def _snapshot(view: MeetingView) -> str:
    """The link to what a closed meeting was frozen as, as HTML."""
    digest = view.meeting.value.snapshot.removeprefix("sha256:")[:16]
    if not digest:
        return ""
    label = view.text._("open the snapshot")
    return f" · {page_link('snapshots', View(snapshot=digest, lang=view.context.view.lang), label)}"


def _period(view: MeetingView) -> None:
    """Draw the choice of what the meeting looks at."""
    text, previous = view.text, view.meeting.value.previous is not None
    offered = [*([_SINCE_LAST] if previous else []), *meetings.DAYS]
    st.session_state[_PERIOD] = view.meeting.value.days or (_SINCE_LAST if previous else meetings.usual_days(view.app))
    names = {_SINCE_LAST: text._("since the last review")}
    st.segmented_control(
        text._("Period"),
        offered,
        key=_PERIOD,
        required=True,
        format_func=lambda days: names.get(days) or text.duration(days * 86_400),
        label_visibility="collapsed",
        **on_choice(_PERIOD, _choose, view),
    )


def _choose(view: MeetingView) -> None:
    with suppress(MeetingError):  # somebody began or ended it meanwhile: the page shows that
        meetings.choose_period(view.records, view.meeting.id, st.session_state[_PERIOD] or None)


def _begin(view: MeetingView) -> None:
    tomoni = view.context.tomoni
    with suppress(MeetingError):
        begin_meeting(tomoni, view.meeting.id, settled(view.context, view.app))
        follow.take_lead(view)
