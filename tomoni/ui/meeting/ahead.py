"""The step "Ahead": where the budgets lead, what is planned, and what may go wrong."""

from __future__ import annotations

import streamlit as st

from tomoni.catalog.occurrences import occurrences
from tomoni.review.model import SloTrack
from tomoni.review.outlook import AHEAD_DAYS
from tomoni.slo.model import DAY
from tomoni.snapshots.document.sections.ahead import message, outlook
from tomoni.snapshots.document.sections.edition import name_of, worst_first
from tomoni.ui.blocks import budget_bar, chip, headline, stacking_table, title
from tomoni.ui.escape import flowing, html
from tomoni.ui.folded import folded_list
from tomoni.ui.links import slo_link
from tomoni.ui.meeting import risks
from tomoni.ui.meeting.view import MeetingView
from tomoni.words.text import Text

_SHOWN = 6


def draw(view: MeetingView) -> None:
    """Draw the step."""
    text = view.text
    tracks = [track for track in worst_first(view.review.tracks) if track.forecast is not None]
    register = risks.register_of(view)
    forecast = message(tracks, text) if tracks else text._("There is no forecast yet.")
    headline(text.sentences(forecast, risks.sentence(view, register)))
    with st.container(key="ahead-top", horizontal=True, gap="small"):
        with st.container(key="panel-forecast"):
            title(text._("Budgets at this pace"))
            st.html(_forecasts(view, tracks))
        with st.container(key="panel-planned"):
            within = text._("within %(duration)s") % {"duration": text.duration(AHEAD_DAYS * DAY)}
            title(text._("Planned exclusions"), within)
            folded_list(planned(view), text._("No exclusion is planned."), text, _SHOWN)
    risks.panels(view, register)


def _forecasts(view: MeetingView, tracks: list[SloTrack]) -> str:
    text = view.text
    rows = (
        (
            slo_link(view.context.view, track.status, name_of(track.status, text)),
            chip(track.status.figures.state, text),
            html(outlook(track, text)),
            _budget(track, text),
        )
        for track in tracks
    )
    heads = (text._("SLO"), text._("State"), text._("At this pace"), text._("Budget left"))
    return stacking_table(heads, rows, texts=3)


def _budget(track: SloTrack, text: Text) -> str:
    left = html(text.budget(track.status.budget_left))
    return f"<div class='tm-budget-left'>{budget_bar(track.status)}<span>{left}</span></div>"


def planned(view: MeetingView) -> list[str]:
    """The exclusions of the next four weeks as lines of HTML, in order of time; of those that repeat the next one."""
    text, start = view.text, view.review.as_of
    found = []
    for exclusion in view.app.exclusions:
        spans = [span for span in occurrences(exclusion, start, start + AHEAD_DAYS * DAY) if span[1] > start]
        if spans:
            more = len(spans) - 1
            again = text.n_("and %(n)s more", "and %(n)s more", more) % {"n": more} if more else ""
            when = f"<b class='tm-when'>{html(text.span(*spans[0]))}</b>"
            line = f"{when} {html(exclusion.reason(text.language))} <span class='tm-muted'>{flowing(again)}</span>"
            found.append((spans[0], line))
    return [line for _, line in sorted(found)]
