"""The joint view of one app: a card for each SLO, and app and infrastructure on one time axis."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from tomoni.catalog.schema import App, Journey, Severity
from tomoni.ui import frame, loading, notices
from tomoni.ui.address import Reason, Unapplied
from tomoni.ui.blocks import headline
from tomoni.ui.context import Context
from tomoni.ui.escape import link, markdown
from tomoni.ui.explore import entrances, saved
from tomoni.ui.freshness import freshness
from tomoni.ui.joint import burn_panels, cards, side_panels
from tomoni.ui.joint.app_keys import app_keys
from tomoni.ui.joint.events_panel import events_panel
from tomoni.ui.joint.figure import joint_panel
from tomoni.ui.joint.fired_panel import fired_panel
from tomoni.ui.joint.parts_panel import parts_panel
from tomoni.ui.joint.told import told
from tomoni.ui.meeting import decisions, questions
from tomoni.ui.period_notice import period_notice
from tomoni.ui.pickers import pick
from tomoni.ui.present import present_keys
from tomoni.ui.selection import Selection, select
from tomoni.ui.url_state import View, write_moment, write_stretch
from tomoni.words import periods


def resolve(context: Context) -> View:
    """The view with the default app and journey when the URL names none."""
    app = _app(context)
    journey = _journey(app, context.view) if app else None
    return replace(context.view, app=app.id if app else None, journey=journey.id if journey else None)


def draw(context: Context) -> frame.Drawn:
    """Draw the page."""
    app = _app(context)
    if app is None:
        notices.no_apps(context.text, alone=True)
        return frame.Drawn(resolve(context))
    if loading.still_empty(context):
        loading.first_start(context)
        return frame.Drawn(resolve(context))
    journey = _journey(app, context.view)
    pick(context, app, journey)
    if journey is None or not journey.slos:
        _nothing_agreed(context, app)
        return frame.Drawn(resolve(context))
    return _draw_journey(context, app, journey)


def _draw_journey(context: Context, app: App, journey: Journey) -> frame.Drawn:
    """Draw one journey of the app."""
    selection = select(context, app, journey)
    here = replace(context, text=selection.text)
    headline(told(here, selection.review, journey.id))
    freshness(here, _lead(selection))
    period_notice(here, [app], [track.status for track in selection.review.tracks])
    cards.journey_line(selection, context.view.present)
    cards.card_rows(context, selection)
    parts_panel(selection)
    with st.container(key="split"):
        with st.container(key="split-main"):
            joint_panel(context, selection)
            entrances.lanes(context, selection)
            _links(selection)
        with st.container(key="split-side"):
            _beside(context, selection)
    with st.container(key="app-below"):
        _below(context, selection)
    steps = [journey.id for journey in app.journeys]
    app_keys(context, selection)
    present_keys(context, "journey", steps, journey.id, esc=not selection.closer and context.view.large is None)
    return frame.Drawn(
        replace(resolve(context), slo=selection.focus.status.slo.id),
        (*_no_episode(context, selection), *_no_zoom(context, selection)),
    )


def _no_episode(context: Context, selection: Selection) -> tuple[Unapplied, ...]:
    """That the address names an episode which is not there, with the nearest one."""
    at = context.view.episode
    if at is None or selection.closeup is not None:
        return ()
    near = min((each for each in selection.episodes), key=lambda each: abs(each.episode.start - at), default=None)
    if near is None:
        return (Unapplied("episode", write_moment(at), Reason.ABSENT),)
    when = selection.text.near_span(near.episode.start, near.episode.end)
    meant = {"episode": write_moment(near.episode.start)}
    return (Unapplied("episode", write_moment(at), Reason.ABSENT, meant, f"{near.letter}, {when}"),)


def _no_zoom(context: Context, selection: Selection) -> tuple[Unapplied, ...]:
    """That the address zooms to where the figure has nothing."""
    zoom = context.view.zoom
    if zoom is None or selection.zoom is not None or zoom == selection.axis:
        return ()
    return (Unapplied("zoom", write_stretch(zoom), Reason.ABSENT, {"zoom": None}),)


def _app(context: Context) -> App | None:
    """The app in the URL, else the first one."""
    catalog = context.tomoni.catalog
    return catalog.app(context.view.app or "") or next(iter(catalog.apps), None)


def _journey(app: App, view: View) -> Journey | None:
    """The journey in the URL, else the first one."""
    return next((j for j in app.journeys if j.id == view.journey), None) or next(iter(app.journeys), None)


def _lead(selection: Selection) -> str:
    """The text before the freshness: teams and period."""
    teams = selection.text.join(list(dict.fromkeys(selection.app.teams.values())))
    period = periods.of_review(selection.review, selection.text)
    return " · ".join(part for part in (teams, period) if part)


def _beside(context: Context, selection: Selection) -> None:
    """Draw the panels beside the figure: what burned, and what was agreed."""
    burn_panels.burned_panel(context, selection)
    burn_panels.moved_panel(context, selection)
    side_panels.agreed_panel(selection, decisions.of_app(context, selection.app))
    side_panels.alerts_panel(context, selection)


def _below(context: Context, selection: Selection) -> None:
    """Draw the panels below the figure and what is beside it: alerts and events, and what to know of the data."""
    fired_panel(context, selection.app, selection.review, selection.text)
    events_panel(context, selection)
    side_panels.exclusions_panel(selection)
    side_panels.data_panel(selection)
    saved.panel(context, selection.app, selection.text)
    questions.panel(replace(context, text=selection.text), selection.app)


def _nothing_agreed(context: Context, app: App) -> None:
    """Draw that there are no objectives, or what keeps those from being used that are written."""
    _ = context.text._
    wrong = [each for each in context.tomoni.catalog.problems if each.spot.file == app.file]
    if found := [each for each in wrong if each.severity is Severity.ERROR]:
        phrase = _("No objective of %(who)s can be used as it is written.")
        notices.empty_page(phrase % {"who": context.text.quote(app.title(context.text.language))})
        st.html(notices.definition_lines(found, context.text))
        return
    what = _("%(who)s has no objectives yet.") % {"who": context.text.quote(app.title(context.text.language))}
    notices.empty_page(
        what, _("Write the first one into %(file)s; the guide shows how.") % {"file": context.text.quote(app.file)}
    )


def _links(selection: Selection) -> None:
    """Draw the app's links, such as its runbook."""
    known = [(entry.title(selection.text.language), link(entry.url)) for entry in selection.app.links]
    shown = [(name, url) for name, url in known if url]
    if shown:
        with st.container(horizontal=True, gap="small"):
            for name, url in shown:
                st.link_button(markdown(name), url or "", type="tertiary", icon=":material/open_in_new:")


frame.show(draw, resolve)
