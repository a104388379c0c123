"""The choice of app, journey and period."""

from __future__ import annotations

import streamlit as st

from tomoni.catalog.local_text import apart
from tomoni.catalog.schema import App, Journey
from tomoni.ui.choice import on_choice
from tomoni.ui.context import Context
from tomoni.ui.escape import markdown
from tomoni.ui.period_picker import period_picker
from tomoni.ui.url_state import change_view


def pick(context: Context, app: App, journey: Journey | None) -> None:
    """Draw the choices; each one is kept in the URL."""
    _, language = context.text._, context.text.language
    apps, journeys = apart(context.tomoni.catalog.apps, language), apart(app.journeys, language)
    key = f"app-{language}"  # the browser keeps the choice by its title, which another language does not have
    st.session_state[key] = app.id
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="pickers"):
        st.selectbox(
            _("App"),
            list(apps),
            key=key,
            format_func=apps.__getitem__,
            label_visibility="collapsed",
            **on_choice(key, _choose_app, key),
            width=260,
        )
        if journey is not None:
            st.session_state["journey"] = journey.id
            st.segmented_control(
                _("Journey"),
                list(journeys),
                key="journey",
                required=True,
                label_visibility="collapsed",
                format_func=lambda code: markdown(journeys[code]),
                **on_choice("journey", _choose_journey),
            )
        st.space("stretch")
        period_picker(context, app)


def _choose_app(key: str) -> None:
    change_view(app=st.session_state[key], journey=None, slo=None, episode=None, lanes=None, large=None)


def _choose_journey() -> None:
    change_view(journey=st.session_state["journey"], slo=None, episode=None, lanes=None, large=None)
