"""Decisions that are in force, as a panel of pages, and with what can be done about them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.meetings.model import Decision, DecisionKind
from tomoni.meetings.records import Record
from tomoni.ui.blocks import quiet, title
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.use_cases.actions import local_day
from tomoni.use_cases.decisions import decisions_in_force
from tomoni.words import choices, follow_ups
from tomoni.words.text import Text


def of_app(context: Context, app: App) -> None:
    """Draw the decisions that were in force at the moment of the page; nothing without any."""
    at = context.tomoni.now() if context.view.at is None else context.view.at
    held = decisions_in_force(context.tomoni.meetings.records, app, at)
    if held:
        panel(context, app, held)


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
    below = " · ".join(html(part) for part in behind if part)
    return f"<b>{html(decision.text)}</b><br><span class='tm-small tm-muted'>{below}</span>"
