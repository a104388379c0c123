"""All apps at a glance: one sentence, one table with the worst first, and when it burned."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from tomoni.charts.annotations import Stretch
from tomoni.charts.heat import heat_of
from tomoni.review.agreements import excluded_of_app
from tomoni.review.model import Overview, SloStatus
from tomoni.slo.model import DAY, State
from tomoni.ui import frame, loading, notices, table
from tomoni.ui.blocks import headline, remark, title
from tomoni.ui.context import Context
from tomoni.ui.escape import markdown
from tomoni.ui.freshness import freshness
from tomoni.ui.heat import heat_strip
from tomoni.ui.navigation import open_page
from tomoni.ui.present import present_keys, scale
from tomoni.ui.url_state import View, follow
from tomoni.words import headlines, states


def draw(context: Context) -> None:
    """The page."""
    if not context.tomoni.catalog.apps:
        notices.no_apps(context.text)
        return
    if loading.still_empty(context):
        loading.first_start(context)
        return
    overview = context.overview()
    headline(headlines.overview(overview, context.text))
    freshness(context)
    notices.source_problems(overview.problems, context.text)
    _filters(context, overview)
    shown = Overview(overview.as_of, tuple(narrowed(overview.statuses, context.view)), overview.problems)
    _table(context, shown)
    _heat(context, shown)
    present_keys(context, "app", (), None)


def narrowed(statuses: tuple[SloStatus, ...], view: View) -> list[SloStatus]:
    """The SLOs that the view's filters leave, worst first."""
    kept = table.worst_first(statuses)
    if view.team:
        kept = [status for status in kept if view.team in status.app.teams.values()]
    if view.state:
        kept = [status for status in kept if status.figures.state == view.state]
    words = (view.find or "").casefold().split()
    return [status for status in kept if all(word in _haystack(status) for word in words)]


def _haystack(status: SloStatus) -> str:
    """All names of an SLO, in every language, for finding words in."""
    named = (status.app, status.journey, status.slo)
    texts = [text for thing in named for text in (thing.id, *thing.title.by_language.values())]
    return " ".join(texts).casefold()


def _filters(context: Context, overview: Overview) -> None:
    """Words, team and state, side by side."""
    _, view = context.text._, context.view
    teams = sorted({team for status in overview.statuses for team in status.app.teams.values()})
    st.session_state["find"] = view.find or ""
    st.session_state["team"] = view.team if view.team in teams else None
    st.session_state["state"] = view.state
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key="filters"):
        st.text_input(
            _("Find"),
            key="find",
            placeholder=_("app, journey or objective"),
            on_change=follow,
            args=("find", "find"),
            width=280,
        )
        st.selectbox(
            _("Team"), teams, key="team", placeholder=_("all teams"), on_change=follow, args=("team", "team"), width=200
        )
        st.pills(
            _("State"),
            [state.value for state in states.ORDER],
            key="state",
            format_func=lambda code: states.label(State(code), context.text),
            on_change=follow,
            args=("state", "state"),
        )


def _table(context: Context, shown: Overview) -> None:
    """The table; a click on a row leads to its app."""
    _ = context.text._
    if not shown.statuses:
        notices.empty(_("Nothing matches these filters."), _("Take one of them away to see more."))
        return
    told = headlines.overview(shown, context.text)
    clicked = table.draw(shown.statuses, context.text, context.theme, told, scale(context))
    remark(_("A click on a row opens its app."))
    if clicked is not None and clicked < len(shown.statuses):
        status = shown.statuses[clicked]
        here = replace(View(), at=context.view.at, lang=context.view.lang, present=context.view.present)
        target = replace(here, app=status.app.id, journey=status.journey.id, slo=status.slo.id)
        open_page("app", target, markdown(status.app.title(context.text.language)))


def _heat(context: Context, shown: Overview) -> None:
    """When it burned: apps by days."""
    _ = context.text._
    if not any(len(status.daily_burn.times) for status in shown.statuses):
        return
    with st.container(key="panel-heat"):
        title(_("When it burned"), _("fastest hour of each day; a number is the burn rate where it was above 1"))
        heat_strip(heat_of(shown, context.text, excluded=_excluded(shown)))


def _excluded(shown: Overview) -> dict[str, tuple[Stretch, ...]]:
    """What was agreed not to count of each app over the days of the strip."""
    apps = {status.app.id: status.app for status in shown.statuses if status.app.exclusions}
    days = [int(end) for status in shown.statuses for end in status.daily_burn.times]
    start, end = min(days) - DAY, max(days)
    return {
        app_id: tuple(Stretch(span.start, span.end) for span in excluded_of_app(app, start, end))
        for app_id, app in apps.items()
    }


frame.show(draw)
