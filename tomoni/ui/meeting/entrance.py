"""Before a meeting: the review of an app that is prepared or held with those before it, and the queue of all apps."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.ui.blocks import headline, html_table
from tomoni.ui.context import Context
from tomoni.ui.links import page_link
from tomoni.ui.meeting.view import settled
from tomoni.ui.url_state import View, change_view
from tomoni.use_cases.meeting import Standing, draft, prepared, standings


def of_app(context: Context, app: App) -> None:
    """Draw the review of an app that is due, with a way into it."""
    text, records = context.text_of(app), context.tomoni.meetings.records
    found = prepared(records, app, context.tomoni.now(), settled(context, app))
    headline(text._("The next review of %(app)s") % {"app": text.quote(app.title(text.language))})
    if found.current is not None:
        st.button(text._("Open the review"), key="open", on_click=change_view, kwargs={"meeting": found.current.id})
    else:
        st.button(text._("Review now"), key="now", on_click=_now, args=(context, found))


def _now(context: Context, found: Standing) -> None:
    """Make a draft for this moment and open it."""
    records, now = context.tomoni.meetings.records, context.tomoni.now()
    made = draft(records, found, now, settled(context, found.app))
    change_view(app=found.app.id, meeting=made.id, step=None)


def queue(context: Context) -> None:
    """Draw the apps whose reviews are due, the earliest first."""
    text = context.text
    found = standings(context.tomoni.meetings.records, context.tomoni.catalog.apps, context.tomoni.now())
    headline(text._("Reviews that are due"))
    view = View(lang=context.view.lang, present=context.view.present)
    rows = [
        (page_link("review", replace(view, app=each.app.id), each.app.title(text.language)), text.near_moment(each.due))
        for each in found
    ]
    st.html(html_table((text._("App"), text._("Due")), rows))
