"""The choice of a year on the page of snapshots, and the button that freezes its review."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.snapshots.record.year import short_name
from tomoni.ui.context import Context
from tomoni.ui.freezing import short
from tomoni.use_cases.yearly import freeze_year, span_of_year
from tomoni.words import years

_OFFERED = 2  # the year that goes on, and the one before it


def chosen_year(context: Context, app: App) -> int | None:
    """Draw the choice of a year and its button; the year if it is to be frozen now."""
    text, first_month = context.text, context.tomoni.catalog.settings.first_month
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="make-year", width="content"):
        year = st.selectbox(
            text._("Year"),
            _begun(app, first_month, context.tomoni.now()),
            key="made-year",
            format_func=lambda each: years.title(short_name(each, first_month), text),
            label_visibility="collapsed",
            width=180,
        )
        pressed = st.button(
            text._("Freeze the year"),
            key="make-year-now",
            icon=":material/calendar_month:",
            help=text._(
                "Quarters and months of every SLO, incidents with their price, decisions and what was learned, "
                "as far as the year has come."
            ),
        )
    return year if pressed else None


def freeze_chosen(context: Context, app: App, year: int, notes: str) -> str:
    """Save the snapshot of a year; return its short hash for links."""
    with st.spinner(context.text._("freezing…")):
        snapshot = freeze_year(context.tomoni, app, year, context.tomoni.catalog.settings.first_month, notes)
        context.tomoni.snapshots.keep(snapshot)
    return short(snapshot.hash)


def _begun(app: App, first_month: int, now: int) -> list[int]:
    """The newest years that have begun by the clocks of an app."""
    here, zone = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(app.timezone)).year, app.timezone
    return [year for year in (here, here - 1, here - 2) if span_of_year(year, first_month, zone)[0] < now][:_OFFERED]
