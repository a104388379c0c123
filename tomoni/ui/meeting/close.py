"""The step "Close": what is still open, what the minutes will say, and after closing where everything is."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import ActionState, Choice, MeetingState, QuestionState
from tomoni.review.model import Review
from tomoni.snapshots import minutes
from tomoni.snapshots.record.meeting import MeetingRecord
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.ui import notices
from tomoni.ui.blocks import headline, remark, title
from tomoni.ui.escape import flowing, html
from tomoni.ui.freezing import short
from tomoni.ui.links import page_link
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.snapshots import exporting
from tomoni.ui.url_state import View, change_view
from tomoni.use_cases.closing import close_meeting, correct_meeting, preview
from tomoni.use_cases.product import Tomoni
from tomoni.words import meeting_errors
from tomoni.words.prose import prose
from tomoni.words.text import Text

_REFUSED = "meeting-close-refused"


def draw(view: MeetingView) -> None:
    """Draw the step."""
    if error := st.session_state.pop(_REFUSED, None):
        notices.refused(meeting_errors.describe(error, view.text))
    state = view.meeting.value.state
    if view.snapshot is not None:
        _closed(view, view.snapshot)
    elif state is MeetingState.SKIPPED:
        headline(view.text._("This review was skipped."))
    else:
        _before(view)


def _before(view: MeetingView) -> None:
    tomoni = view.context.tomoni
    version = tomoni.meetings.records.version(view.app.id)
    shown = _preview(tomoni, (view.context.state, version, tomoni.now() // 3600), view.meeting.id, view.review)
    held = shown.beside.meeting
    open_points = list(_open_points(held, view.review, view.text)) if held else []
    headline(_sentence(open_points, view.text))
    left, right = st.columns([1, 2], gap="medium")
    with left, st.container(key="panel-closing"):
        _points(open_points, view.text)
        _close_button(view)
    with right, st.container(key="panel-minutes"):
        title(view.text._("Minutes"), view.text._("as they stand now"))
        _minutes(shown, view.text, draft=True)


@st.cache_resource(show_spinner=False, max_entries=8)
def _preview(_tomoni: Tomoni, state: object, id_: str, _review: Review) -> Snapshot:
    return preview(_tomoni, id_, _review)


def _sentence(points: list[str], text: Text) -> str:
    if not points:
        return text._("Everything is there: the review can be closed.")
    phrase = text.n_(
        "%(n)s point is still open; the review can be closed with it.",
        "%(n)s points are still open; the review can be closed with them.",
        len(points),
    )
    return phrase % {"n": text.number(len(points), 0)}


def _open_points(held: MeetingRecord, review: Review, text: Text) -> Iterable[str]:
    """What is not there yet, a sentence each; none of it keeps a review from being closed."""
    concluded = {each.value.slo for each in held.conclusions if each.value.choice is not Choice.NOT_DISCUSSED}
    slos = sum(track.status.path not in concluded for track in review.tracks)
    still = [each.value for each in held.actions if each.value.state is ActionState.OPEN]
    teams, dates = sum(not action.team for action in still), sum(action.due is None for action in still)
    asked = sum(each.value.state is QuestionState.OPEN for each in held.questions)
    counts = (
        (slos, text.n_("%(n)s SLO without a conclusion", "%(n)s SLOs without a conclusion", slos)),
        (teams, text.n_("%(n)s action without a team", "%(n)s actions without a team", teams)),
        (dates, text.n_("%(n)s action without a date", "%(n)s actions without a date", dates)),
        (asked, text.n_("%(n)s question without an answer", "%(n)s questions without an answer", asked)),
    )
    yield from (phrase % {"n": text.number(n, 0)} for n, phrase in counts if n)


def _points(points: list[str], text: Text) -> None:
    title(text._("Still open"))
    if not points:
        remark(text._("Nothing is left open."))
        return
    st.html("<ul class='tm-points'>" + "".join(f"<li>{flowing(point)}</li>" for point in points) + "</ul>")
    remark(text._("What is left open comes back at the next review."))


def _close_button(view: MeetingView) -> None:
    """Draw the button, which asks once more."""
    text = view.text
    if view.meeting.value.state is not MeetingState.OPEN:
        remark(text._("The review has to begin before it can be closed."))
        return
    if not view.writable:
        return
    with st.popover(text._("Close the review"), icon=":material/lock:", key="meeting-close"):
        remark(
            text._(
                "Freezes figures, notes, actions, incidents and decisions as one snapshot. "
                "What is corrected later is a review of its own, which names this one."
            )
        )
        st.button(text._("Close and freeze"), key="meeting-close-now", type="primary", on_click=_close, args=(view,))


def _close(view: MeetingView) -> None:
    try:
        close_meeting(view.context.tomoni, view.meeting.id)
    except MeetingError as error:
        st.session_state[_REFUSED] = error


def _minutes(snapshot: Snapshot, text: Text, draft: bool = False) -> None:
    shown = minutes.as_text(snapshot, text.language, draft)
    st.html(f"<div class='tm-prose'>{prose(shown, text, top=3)}</div>")


def _closed(view: MeetingView, snapshot: Snapshot) -> None:
    text, held = view.text, snapshot.beside.meeting
    at = view.meeting.value.closed_at
    headline(text._("This review was closed on %(moment)s.") % {"moment": text.moment(at)})
    left, right = st.columns([1, 2], gap="medium")
    with left, st.container(key="panel-closed"):
        title(text._("What remains of it"))
        _where(view, snapshot, held)
        if held is not None:
            _downloads(view, snapshot)
        _correct_button(view)
    if held is not None:
        with right, st.container(key="panel-minutes"):
            title(text._("Minutes"))
            _minutes(snapshot, text)


def _where(view: MeetingView, snapshot: Snapshot, held: MeetingRecord | None) -> None:
    """Draw the link to the snapshot, and when the next review is due."""
    text, lang = view.text, view.context.view.lang
    link = page_link("snapshots", View(snapshot=short(snapshot.hash), lang=lang), text._("Open the snapshot"))
    following = text.moment(held.next_at) if held and held.next_at else text._("no date yet")
    said = html(text._("Next review: %(moment)s") % {"moment": following})
    st.html(f"<div class='tm-remains'><p>{link}</p><p>{said}</p></div>")


def _downloads(view: MeetingView, snapshot: Snapshot) -> None:
    """Draw the minutes as files, and as text to copy."""
    text, settings = view.text, view.context.tomoni.settings
    exporting.minutes_buttons(snapshot, exporting.Tools(settings.chromium, settings.template), text)
    with st.popover(text._("Copy the minutes"), icon=":material/content_copy:", key="minutes-copy"):
        remark(text._("Markdown, to paste into a chat or a wiki."))
        st.code(minutes.as_text(snapshot, text.language), language="markdown", wrap_lines=True, height=320)


def _correct_button(view: MeetingView) -> None:
    text = view.text
    if not view.writable:
        return
    with st.popover(text._("Correct it"), icon=":material/edit:", key="meeting-correct"):
        remark(text._("Opens a review of the same figures, with its notes and conclusions to be changed."))
        st.button(text._("Open the correction"), key="meeting-correct-now", on_click=_correct, args=(view,))


def _correct(view: MeetingView) -> None:
    try:
        made = correct_meeting(view.context.tomoni, view.meeting.id)
    except MeetingError as error:
        st.session_state[_REFUSED] = error
        return
    change_view(meeting=made.id)
