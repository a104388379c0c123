"""The meeting: one review that is led through its steps; without one the reviews that are due."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.ui import frame, loading, notices
from tomoni.ui.context import Context
from tomoni.ui.meeting import body, entrance
from tomoni.ui.meeting.queue import draw_queue
from tomoni.ui.present import present_keys
from tomoni.ui.url_state import View, change_view


def resolve(context: Context) -> View:
    """The view of the page: other moments and periods than those of its meeting are not its own."""
    return replace(context.view, at=None, period=None, range=None)


def draw(context: Context) -> frame.Drawn:
    """Draw the page."""
    app = context.tomoni.catalog.app(context.view.app or "")
    if not context.tomoni.catalog.apps:
        notices.no_apps(context.text, alone=True)
    elif loading.still_empty(context):
        loading.first_start(context)
    elif app is None:
        draw_queue(context)
        present_keys(context, "app", (), None)
    elif context.tomoni.tells_story_of(app):
        loading.story(context, app)
    elif context.view.meeting is None:
        entrance.of_app(context, app)
        present_keys(context, "app", (), None)
    else:
        _meeting(context, app, context.view.meeting)
    return frame.Drawn(resolve(context), timed=context.view.meeting is not None)


def _meeting(context: Context, app: App, id_: str) -> None:
    """Draw a meeting, in the language of its app's reviews where the address names none."""
    if context.view.lang is None and app.agenda.language not in (None, context.text.language):
        change_view(lang=app.agenda.language)
        st.rerun()
    body.draw(context, app, id_)


frame.show(draw, resolve)
