"""Decisions that are in force, as a panel of pages, and with what can be done about them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.meetings.model import Decision, DecisionKind
from tomoni.meetings.records import Record
from tomoni.ui.blocks import heading, quiet, title
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html
from tomoni.ui.links import app_link
from tomoni.use_cases.actions import local_day
from tomoni.use_cases.decisions import decisions_in_force
from tomoni.words import choices, follow_ups
from tomoni.words.text import Text


def of_app(context: Context, app: App) -> str:
    """The decisions that were in force at the moment of the page, below their heading, as HTML; empty without any."""
    text = context.text_of(app)
    shown = listed(context, _held(context, app), text)
    return heading(html(text._("Decisions in force"))) + shown if shown else ""


def overview_panel(context: Context, apps: Sequence[App]) -> None:
    """Draw the decisions in force of some apps, a line each that leads to its app; nothing without any."""
    rows = "".join(_line(context, app, record.value) for app in apps for record in _held(context, app))
    if rows:
        with st.container(key="panel-decisions"):
            title(context.text._("Decisions in force"))
            st.html(f"<ul class='tm-lines'>{rows}</ul>")


def _line(context: Context, app: App, decision: Decision) -> str:
    """A decision on one line: its app, what, and how long."""
    text = context.text_of(app)
    how_long = follow_ups.until(decision, local_day(context.tomoni.now(), text.zone), text)
    name = app_link(context.view, app, app.title(text.language))
    behind = f"<span class='tm-muted'>· <span class='tm-whole'>{html(how_long)}</span></span>"
    return f"<li>{name}: {html(decision.text)} {behind}</li>"


def _held(context: Context, app: App) -> tuple[Record[Decision], ...]:
    """The decisions that were in force at the moment of the page."""
    at = context.tomoni.now() if context.view.at is None else context.view.at
    return decisions_in_force(context.tomoni.meetings.records, app, at)


def panel(context: Context, app: App, held: Sequence[Record[Decision]]) -> None:
    """Draw the decisions that are in force."""
    text = context.text_of(app)
    with st.container(key="panel-decisions"):
        title(text._("Decisions in force"))
        st.html(listed(context, held, text) or quiet(text._("No decision is in force.")))


def listed(context: Context, held: Sequence[Record[Decision]], text: Text) -> str:
    """Decisions as an HTML list: what, how long, and why; empty without any."""
    rows = "".join(f"<li>{said(context, record.value, text)}</li>" for record in held)
    return f"<ul class='tm-list tm-decisions'>{rows}</ul>" if rows else ""


def said(context: Context, decision: Decision, text: Text) -> str:
    """A decision in words, as HTML."""
    today = local_day(context.tomoni.now(), text.zone)
    behind = [follow_ups.until(decision, today, text), decision.reason]
    if decision.what is not DecisionKind.CONFIRMED:
        behind.insert(0, choices.decision(decision.what, text))
    below = " · ".join(flowing(part) for part in behind if part)
    return f"<b>{html(decision.text)}</b><br><span class='tm-small tm-muted'>{below}</span>"
