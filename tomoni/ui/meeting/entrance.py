"""Before a meeting: the review of one app that is prepared or held, with those before it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import MeetingState
from tomoni.slo.typed_moments import local, typed
from tomoni.ui.blocks import headline, remark, stacking_table, title
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.links import page_link
from tomoni.ui.meeting.calendar_link import calendar_link
from tomoni.ui.meeting.view import settled
from tomoni.ui.url_state import View, change_view
from tomoni.use_cases import meeting as meetings
from tomoni.use_cases.meeting import Held, Standing
from tomoni.words import meeting as words
from tomoni.words.phrases import plain
from tomoni.words.text import Text

_WHEN, _REASON = "review-moved-to", "review-skipped-for"


def of_app(context: Context, app: App) -> None:
    """Draw the review of an app that is due, with a way into it, and those that were."""
    context = replace(context, text=context.text_of(app))
    records, now = context.tomoni.meetings.records, context.tomoni.now()
    found = meetings.prepared(records, app, now, settled(context, app))
    name = context.text.quote(plain(app.title(context.text.language)))
    headline(words.next_review(name, found.current.value if found.current else None, found.due, now, context.text))
    with st.container(key="panel-next-review"):
        _next(context, found)
        if found.due is not None:
            st.html(calendar_link(app.id, context.text))
    with st.container(key="panel-past-reviews"):
        _past(context, found)


def _next(context: Context, found: Standing) -> None:
    """Draw the ways into the next review, and what else can become of it."""
    text, current = context.text, found.current
    title(text._("Next review"), words.due(found.due, found.missed, context.tomoni.now(), text))
    writes = context.may_write(found.app.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if current is not None:
            _open_button(text, current)
            if writes and current.value.state is MeetingState.DRAFT:
                _move(context, current)
                _skip(context, current)
        elif writes:
            icon = ":material/play_arrow:"
            st.button(text._("Review now"), key="now", icon=icon, type="primary", on_click=_now, args=(context, found))
        st.space("stretch")
        leave = {"app": None, "journey": None}
        st.button(text._("All reviews"), key="all-reviews", type="tertiary", on_click=change_view, kwargs=leave)
    if current is None and found.due is None:
        hint = text._("With “review: {every: 2 weeks, starting: …}” in the app's file, reviews open by themselves.")
        remark(hint)
    elif current is not None and current.value.state is MeetingState.DRAFT:
        remark(text._("The draft can be read, and notes and questions put on it, by everybody who has its link."))


def _open_button(text: Text, current: Held) -> None:
    """Draw the button into the draft or the meeting that is held."""
    held = current.value.state is MeetingState.OPEN
    st.button(
        text._("Join the review") if held else text._("Open the draft"),
        key="open",
        type="primary",
        icon=":material/groups:",
        on_click=change_view,
        kwargs={"meeting": current.id, "step": None, "journey": None},
    )


def _now(context: Context, found: Standing) -> None:
    """Make a draft for this moment and open it."""
    made = meetings.draft(context.tomoni.meetings.records, found, context.tomoni.now(), settled(context, found.app))
    change_view(app=found.app.id, meeting=made.id, step=None)


def _move(context: Context, current: Held) -> None:
    """Draw the choice of another moment."""
    text = context.text
    with st.popover(text._("Move"), icon=":material/event:", type="tertiary"):
        st.datetime_input(
            text._("When (%(zone)s)") % {"zone": text.zone_name(current.value.planned_at)},
            local(current.value.planned_at, ZoneInfo(text.zone)),
            key=_WHEN,
            step=900,
        )
        st.button(text._("Move the review"), key="move", on_click=_moved, args=(context, current))


def _moved(context: Context, current: Held) -> None:
    when: datetime | None = st.session_state[_WHEN]
    if when is not None:
        at = typed(when, ZoneInfo(context.text.zone), current.value.planned_at)
        with suppress(MeetingError):  # it was begun or skipped meanwhile: the page shows that
            meetings.move(context.tomoni.meetings.records, current.id, at)


def _skip(context: Context, current: Held) -> None:
    """Draw the way to leave a review out."""
    text = context.text
    with st.popover(text._("Skip"), icon=":material/skip_next:", type="tertiary"):
        st.text_input(text._("Reason (optional)"), key=_REASON, max_chars=300)
        st.button(text._("Skip this review"), key="skip", on_click=_skipped, args=(context, current.id))


def _skipped(context: Context, id_: str) -> None:
    with suppress(MeetingError):
        meetings.skip(context.tomoni.meetings.records, id_, st.session_state[_REASON].strip())


def _past(context: Context, found: Standing) -> None:
    """Draw the reviews that were closed, and those that were not held, the newest first."""
    text = context.text
    title(text._("Past reviews"))
    if not found.past:
        remark(text._("None yet. Each review that is closed is kept here with its snapshot."))
        return
    heads = (text._("Review"), text._("Period"), text._("What became of it"))
    st.html(stacking_table(heads, (_past_row(context, each) for each in found.past), texts=3))


def _past_row(context: Context, each: Held) -> tuple[str, str, str]:
    text, value = context.text, each.value
    shown = View(app=value.app, meeting=each.id, lang=context.view.lang, present=context.view.present)
    day = page_link("review", shown, text.day(value.closed_at or value.planned_at))
    state = words.standing(value, context.tomoni.now(), text)
    reason = f"{state}: {value.reason}" if value.reason else state
    return day, html(text.days(value.start, value.as_of)), html(reason)
