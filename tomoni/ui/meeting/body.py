"""The meeting as a part of its page that is drawn anew alone: a step needs neither the bar nor the style sheets again.

What the rest of the page depends on draws all of it: another app, meeting or language, and present mode.
"""

from __future__ import annotations

from operator import attrgetter

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Meeting
from tomoni.meetings.remembered import Memory, remembering
from tomoni.snapshots.errors import SnapshotError
from tomoni.ui import frame, notices
from tomoni.ui.choice import all_shown_here
from tomoni.ui.context import Context, open_context
from tomoni.ui.meeting import frame as meeting_frame
from tomoni.ui.meeting.view import MeetingView, view_of
from tomoni.ui.present import present_keys
from tomoni.ui.written_address import is_of_fragment
from tomoni.words import exports

_OF_THE_PAGE = attrgetter("app", "meeting", "lang", "present")


def draw(context: Context, app: App, id_: str) -> None:
    """Draw a meeting by its id."""
    st.fragment(_part)(context, app.id, id_)


def _part(opened: Context, app: str, id_: str) -> None:
    with all_shown_here():
        frame.part(lambda: _meeting(opened, app, id_))


def _meeting(opened: Context, app_id: str, id_: str) -> None:
    context = _again(opened) if is_of_fragment() else opened
    app = context.tomoni.catalog.app(app_id)
    if app is None:
        st.rerun()
    version = context.tomoni.meetings.records.version(app.id)  # first: what is written meanwhile is newer
    with remembering(_memory(context.tomoni.seen_as, app.id, version)):
        view = _opened(context, app, id_, version)
        if view is not None:
            meeting_frame.draw(view)
        else:
            present_keys(context, "step", (), None)


@st.cache_resource(show_spinner=False, max_entries=16)
def _memory(seen_as: str, app: str, version: int) -> Memory:
    return Memory(app)


def _again(opened: Context) -> Context:
    """What the page knows by now, where this part is drawn alone; draws the whole page where that is another one, or
    where it says something of the address that no longer holds."""
    context = open_context()
    same = _OF_THE_PAGE(context.view) == _OF_THE_PAGE(opened.view)
    if not same or context.unapplied != opened.unapplied or not context.tomoni.grants.sees_any:
        st.rerun()
    return context


def _opened(context: Context, app: App, id_: str, version: int) -> MeetingView | None:
    """The meeting as it is seen; None after saying why it cannot be."""
    _ = context.text._
    try:
        return view_of(context, app, context.tomoni.meetings.records.read(Meeting, id_), version)
    except MeetingError:
        notices.empty(_("This review was removed."), _("The list of reviews has the others."))
    except SnapshotError as error:
        said = exports.describe(error.code, error.facts, error.detail, context.text)
        notices.empty(_("What this review was frozen as cannot be shown."), context.text.sentences(*said))
    return None
