"""The overview of all apps, or the home of a team: one sentence, the table of SLOs with the worst first, and the
heat strip."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from tomoni.charts.annotations import Stretch
from tomoni.charts.heat import heat_of
from tomoni.review.agreements import excluded_of_app
from tomoni.review.model import Overview
from tomoni.slo.model import DAY
from tomoni.ui import frame, loading, notices
from tomoni.ui.blocks import headline, remark, title
from tomoni.ui.context import Context
from tomoni.ui.escape import markdown
from tomoni.ui.freshness import freshness
from tomoni.ui.kept import kept_of
from tomoni.ui.meeting import decisions
from tomoni.ui.narrow import narrow_window
from tomoni.ui.navigation import open_page
from tomoni.ui.overview import guided, paper_table, slo_table
from tomoni.ui.overview.daily_table import daily_table
from tomoni.ui.overview.filters import draw_filters, matching, team_picker
from tomoni.ui.overview.heat import heat_strip
from tomoni.ui.overview.slo_list import slo_lines, slo_list
from tomoni.ui.period_notice import period_notice
from tomoni.ui.period_picker import period_picker
from tomoni.ui.present import present_keys
from tomoni.ui.signed_in import identity
from tomoni.ui.team import home as team_home
from tomoni.ui.team.memory import remember_team, with_remembered_team
from tomoni.ui.url_state import View, params
from tomoni.words import access, headlines


def resolve(context: Context) -> View:
    """The view with the team that the browser remembers."""
    return with_remembered_team(context.view, context.tomoni.catalog)


def draw(context: Context) -> frame.Drawn:
    """Draw the page."""
    context = replace(context, view=resolve(context))
    remember_team(context.view)
    drawn = frame.Drawn(context.view)
    if not context.tomoni.catalog.apps:
        if context.tomoni.grants.sees_all:  # a source answers for all apps
            guided.draw(context)
        else:
            notices.empty_page(*access.nothing_to_see(identity() is not None, context.text))
        return drawn
    if loading.still_empty(context):
        loading.first_start(context)
        return drawn
    overview = context.overview()
    with st.container(key="pickers", horizontal=True, vertical_alignment="center", gap="small"):
        team_picker(context)
        st.space("stretch")
        period_picker(context, None)
    home = team_home.is_home(context)
    headline(team_home.sentence(context, overview) if home else headlines.overview(overview, context.text))
    freshness(context)
    period_notice(context, context.tomoni.catalog.apps, overview.statuses)
    if home:
        team_home.draw_home(context, overview)
        _more(context, overview)
    else:
        _tables(context, overview)
    if not context.view.present:
        teams = [app for app in context.tomoni.catalog.apps if context.view.team in (None, *app.teams.values())]
        decisions.overview_panel(context, teams)
    present_keys(context, "app", (), None)
    return drawn


def _more(context: Context, overview: Overview) -> None:
    """Draw the tables folded below the home of a team, which has the same SLOs in short."""
    if not context.view.present:
        with st.expander(context.text._("All figures, and a search")):
            _tables(context, overview)


def _tables(context: Context, overview: Overview) -> None:
    """Draw the SLOs that match the filters, and when they burned."""
    draw_filters(context)
    narrowed = (context.view.team, context.view.state, context.view.find)
    shown = kept_of(context, overview, ("shown", *narrowed), lambda: _matching(overview, context.view))
    _table(context, shown)
    _heat(context, shown)


def _matching(overview: Overview, view: View) -> Overview:
    return Overview(overview.as_of, tuple(matching(overview.statuses, view)), overview.problems)


def _table(context: Context, shown: Overview) -> None:
    """Draw the table; clicking a row opens its app. A room and a phone have lists of their own."""
    _ = context.text._
    if not shown.statuses:
        notices.empty(_("Nothing matches these filters."), _("Remove one of them to see more."))
        return
    if context.view.present:
        st.html(slo_list(context.view, shown.statuses, context.text))
        return
    if narrow_window():
        st.html(slo_lines(context.view, shown.statuses, context.text))
        daily_table(shown.statuses, context.text)
        return
    alt = headlines.overview(shown, context.text)
    about = ("table", context.theme.name)
    table = kept_of(context, shown, about, lambda: slo_table.prepared(shown.statuses, context.text, context.theme))
    clicked = slo_table.draw(table, context.text, alt)
    paper_table.draw(kept_of(context, shown, ("paper",), lambda: paper_table.paper_table(shown.statuses, context.text)))
    with st.container(key="click-a-row"):
        remark(_("Click a row to open its app."))
    daily_table(shown.statuses, context.text)
    if clicked is not None and clicked < len(shown.statuses):
        status = shown.statuses[clicked]
        here = replace(
            View(),
            at=context.view.at,
            period=context.view.period,
            range=context.view.range,
            lang=context.view.lang,
            present=context.view.present,
        )
        target = replace(here, app=status.app.id, journey=status.journey.id, slo=status.slo.id)
        open_page("app", target, markdown(status.app.title(context.text.language)))


def _heat(context: Context, shown: Overview) -> None:
    """Draw the fastest burn of each app and day."""
    _ = context.text._
    if not any(len(status.daily_burn.times) for status in shown.statuses):
        return
    with st.container(key="panel-heat"):
        title(
            _("When it burned"),
            _("fastest hour of each day; a number is the burn rate where it was above 1; a click opens the day"),
        )
        links = View(at=context.view.at, lang=context.view.lang, present=context.view.present, team=context.view.team)
        st.html(kept_of(context, shown, ("heat", *params(links).items()), lambda: _strip(context, shown, links)))


def _strip(context: Context, shown: Overview, links: View) -> str:
    return heat_strip(heat_of(shown, context.text, excluded=_excluded(shown)), links, context.text)


def _excluded(shown: Overview) -> dict[str, tuple[Stretch, ...]]:
    """The exclusions of each app over the days of the strip."""
    apps = {status.app.id: status.app for status in shown.statuses if status.app.exclusions}
    days = [int(end) for status in shown.statuses for end in status.daily_burn.times]
    start, end = min(days) - DAY, max(days)
    return {
        app_id: tuple(Stretch(span.start, span.end) for span in excluded_of_app(app, start, end))
        for app_id, app in apps.items()
    }


frame.show(draw, resolve)
