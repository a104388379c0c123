"""One app: its journeys, a card for each SLO, and the app and its infrastructure on one time axis."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from tomoni.catalog.schema import App, Journey
from tomoni.slo.journeys import CompositeMethod
from tomoni.ui import aside, burned, cards, frame, loading, notices
from tomoni.ui.blocks import headline
from tomoni.ui.context import Context
from tomoni.ui.escape import html, link, markdown
from tomoni.ui.freshness import freshness
from tomoni.ui.joint import joint_panel
from tomoni.ui.pickers import pick
from tomoni.ui.present import present_keys
from tomoni.ui.stage import Stage, stage_of
from tomoni.ui.states import chip
from tomoni.ui.terms import term
from tomoni.ui.url_state import View
from tomoni.words import headlines
from tomoni.words.text import mark

_CARDS_A_ROW = 4
_COMPOSITES = {
    CompositeMethod.EVENTS_SUMMED: mark("the events of all objectives added up"),
    CompositeMethod.WORST_OF: mark("that of the worst objective"),
}


def resolve(context: Context) -> View:
    """The view with the app and the journey that the page shows when the URL names none."""
    app = _app(context)
    journey = _journey(app, context.view) if app else None
    return replace(context.view, app=app.id if app else None, journey=journey.id if journey else None)


def draw(context: Context) -> None:
    """The page."""
    app = _app(context)
    if app is None:
        notices.no_apps(context.text)
        return
    if loading.still_empty(context):
        loading.first_start(context)
        return
    journey = _journey(app, context.view)
    pick(context, app, journey)
    if journey is None or not journey.slos:
        _nothing_agreed(context, app)
        return
    stage = stage_of(context, app, journey)
    headline(headlines.journey(stage.review, journey.id, stage.text))
    freshness(replace(context, text=stage.text), _lead(stage))
    notices.source_problems(stage.review.problems, stage.text)
    _journey_line(stage)
    _cards(context, stage)
    with st.container(key="split"):
        with st.container(key="split-main"):
            joint_panel(context, stage)
            _links(stage)
        with st.container(key="split-side"):
            _beside(context, stage)
    steps = [journey.id for journey in app.journeys]
    present_keys(context, "journey", steps, journey.id, esc=stage.closer is None)


def _app(context: Context) -> App | None:
    """The app of the URL, else the first one."""
    catalog = context.tomoni.catalog
    return catalog.app(context.view.app or "") or next(iter(catalog.apps), None)


def _journey(app: App, view: View) -> Journey | None:
    """The journey of the URL, else the first one."""
    return next((j for j in app.journeys if j.id == view.journey), None) or next(iter(app.journeys), None)


def _lead(stage: Stage) -> str:
    """What stands before the freshness: teams and period."""
    teams = stage.text.join(list(dict.fromkeys(stage.app.teams.values())))
    period = stage.text.span(stage.review.start, stage.review.end)
    return " · ".join(part for part in (teams, period) if part)


def _journey_line(stage: Stage) -> None:
    """The journey as a whole: its worst state, how many are in which, and its one budget where it has one."""
    standing, text = stage.standing, stage.text
    if standing is None or standing.state is None or (len(stage.tracks) < 2 and standing.composite is None):
        return
    found = headlines.states([track.status for track in stage.tracks], text)
    label = term("journey", text._("Journey"), text)
    parts = [f"{label}: {chip(standing.state.state, text)}", html(found)]
    if standing.composite is not None:
        facts = {
            "left": text.budget(standing.composite.remaining if standing.composite.total else None),
            "method": text._(_COMPOSITES[standing.composite.method]),
        }
        parts.append(html(text._("budget of the journey %(left)s (%(method)s)") % facts))
    st.html(f"<p class='tm-sub tm-journey'>{' · '.join(parts)}</p>")


def _cards(context: Context, stage: Stage) -> None:
    """A card for each SLO of the journey, four in a row."""
    for first in range(0, len(stage.tracks), _CARDS_A_ROW):
        some = stage.tracks[first : first + _CARDS_A_ROW]
        for column, track in zip(st.columns(max(2, len(some))), some, strict=False):
            with column:
                focus = track is stage.focus and len(stage.tracks) > 1
                cards.card(track, context.explain(track), stage.text, focus=focus)


def _beside(context: Context, stage: Stage) -> None:
    """What burned, what moved, what was agreed, and what to know of the data."""
    burned.burned_panel(stage)
    burned.moved_panel(context, stage)
    aside.policy_panel(stage)
    aside.alerts_panel(stage)
    aside.exclusions_panel(stage)
    aside.data_panel(stage)


def _nothing_agreed(context: Context, app: App) -> None:
    _ = context.text._
    what = _("%(app)s has no objectives yet.") % {"app": app.title(context.text.language)}
    notices.empty(what, _("Write the first one into %(file)s; the guide shows how.") % {"file": app.file})


def _links(stage: Stage) -> None:
    """Places that belong to the app, such as its runbook."""
    known = [(entry.title(stage.text.language), link(entry.url)) for entry in stage.app.links]
    shown = [(name, url) for name, url in known if url]
    if shown:
        with st.container(horizontal=True, gap="small"):
            for name, url in shown:
                st.link_button(markdown(name), url or "", type="tertiary", icon=":material/open_in_new:")


frame.show(draw, resolve)
