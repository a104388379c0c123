"""The reviews of many apps in one sitting: which are due, 15 minutes each, and the next one at a key."""

from __future__ import annotations

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.meetings.model import MeetingState
from tomoni.slo.model import DAY
from tomoni.ui.blocks import headline, remark, stacking_table
from tomoni.ui.context import Context
from tomoni.ui.escape import html, markdown
from tomoni.ui.links import page_link
from tomoni.ui.meeting.calendar_link import calendar_link
from tomoni.ui.meeting.view import settled
from tomoni.ui.overview.filters import team_picker
from tomoni.ui.url_state import View, change_view
from tomoni.use_cases.meeting import MINUTES, Standing, prepared, standings
from tomoni.words import headlines
from tomoni.words import meeting as words
from tomoni.words.phrases import named

_SOON = DAY // 2


def draw_queue(context: Context) -> None:
    """Draw the apps by when their reviews are due, the earliest first."""
    with st.container(key="pickers", horizontal=True):
        team_picker(context)
    found = _queue(context)
    due = [each for each in found if is_due(each, context.tomoni.now())]
    coming = next((each for each in found if each.due is not None), None)
    name = coming.app.title(context.text.language) if coming else ""
    headline(words.queue(len(due), len(due) * MINUTES, name, coming.due if coming else None, context.text))
    if due:
        next_button(context, due[0].app, context.text._("Begin with %(app)s"))
    with st.container(key="panel-queue"):
        st.html(_table(context, found))
        remark(context.text._("Whatever was not held stays in the list until it is held, moved or skipped."))
        st.html(calendar_link(None, context.text))


def _queue(context: Context) -> tuple[Standing, ...]:
    """How the meetings of the apps stand, of one team where the address names it."""
    team = context.view.team
    apps = [app for app in context.tomoni.catalog.apps if team is None or team in app.teams.values()]
    return standings(context.tomoni.meetings.records, apps, context.tomoni.now())


def is_due(found: Standing, now: int) -> bool:
    """Whether a meeting is held now, or is due within half a day, or was before."""
    held = found.current is not None and found.current.value.state is MeetingState.OPEN
    return held or (found.due is not None and found.due <= now + _SOON)


def after(context: Context, app: App) -> App | None:
    """The app whose review comes next in the queue of those that are due; None after the last."""
    now = context.tomoni.now()
    due = [each.app for each in _queue(context) if is_due(each, now)]
    here = next((n for n, each in enumerate(due) if each.id == app.id), -1)
    others = [*due[here + 1 :], *due[: max(here, 0)]]
    return next((each for each in others if each.id != app.id), None)


def next_button(context: Context, app: App, phrase: str) -> None:
    """Draw the button that opens an app's review; N presses it. ``phrase`` has a place for the app's name."""
    label = markdown(phrase % {"app": named(app.title(context.text.language), context.text)})
    st.button(
        label,
        key="next-review",
        shortcut="N",
        icon=":material/arrow_forward:",
        on_click=_open,
        args=(context, app),
    )


def _open(context: Context, app: App) -> None:
    records, now = context.tomoni.meetings.records, context.tomoni.now()
    found = prepared(records, app, now, settled(context, app))
    here = {"journey": None, "slo": None, "episode": None, "zoom": None, "step": None}
    change_view(app=app.id, meeting=found.current.id if found.current else None, **here)


def _table(context: Context, found: tuple[Standing, ...]) -> str:
    _ = context.text._
    heads = (_("App"), _("Due"), _("State"), _("Objectives"), _("Last review"), _("Teams"))
    return stacking_table(heads, (_row(context, each) for each in found), texts=6)


def _row(context: Context, each: Standing) -> tuple[str, ...]:
    text, now = context.text_of(each.app), context.tomoni.now()
    shown = View(app=each.app.id, lang=context.view.lang, present=context.view.present)
    link = page_link("review", shown, each.app.title(text.language))
    statuses = [status for status in context.overview().statuses if status.app.id == each.app.id]
    past = each.past[0].value if each.past else None
    due = words.due(each.due, each.missed, now, text)
    return (
        f"<b>{link}</b>",
        f"<b>{html(due)}</b>" if is_due(each, now) else html(due),
        html(words.state(each.current.value.state if each.current else None, text)),
        html(headlines.states(statuses, text)),
        html(words.standing(past, now, text)) if past else html(text._("none yet")),
        html(text.join(list(dict.fromkeys(each.app.teams.values())))),
    )
