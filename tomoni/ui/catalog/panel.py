"""The panel of one app in the catalog: teams, gaps, journeys with their SLOs, signals and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from tomoni.catalog.concerning import problems_of
from tomoni.catalog.schema import App
from tomoni.ui.blocks import html_table, remark, title, window_name
from tomoni.ui.catalog.journey_map import journey_map_panel
from tomoni.ui.catalog.profile import profile_panel
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, link, markdown
from tomoni.ui.navigation import PLACES
from tomoni.ui.notices import definition_lines, feed_lines
from tomoni.ui.team.gaps import Gap, Missing, missing
from tomoni.ui.url_state import View, params
from tomoni.words.direction import isolated
from tomoni.words.signals import group_title
from tomoni.words.text import Text, mark

_GAPS: Mapping[Gap, str] = {
    Gap.NO_JOURNEYS: mark("No journeys are defined yet: what do users want to get done?"),
    Gap.NO_APP_TEAM: mark("No app team is named."),
    Gap.NO_INFRA_TEAM: mark("No infrastructure team is named."),
    Gap.NO_SLOS: mark("%(journey)s has no SLO."),
    Gap.NO_LATENCY: mark("%(journey)s has no latency SLO: users also notice when it is slow."),
    Gap.NO_SIGNALS: mark("%(journey)s has no infra signals."),
}


def app_panel(context: Context, app: App) -> None:
    """Draw one app: teams, gaps, journeys with their SLOs, signals and links."""
    text = context.text
    teams = " · ".join(f"{_role(role, text)}: {isolated(name)}" for role, name in app.teams.items())
    st.html(f"<span id='app-{app.id}'></span>")
    with st.container(horizontal=True, vertical_alignment="center"):
        title(app.title(text.language), teams, width="content")
        st.space("stretch")
        here = replace(View(), app=app.id, lang=context.view.lang, at=context.view.at)
        with st.container(key=f"open-{app.id}", width="content"):
            st.page_link(PLACES["app"].file, label=text._("Open"), query_params=params(here))
    if app.description is not None:
        st.html(f"<p class='tm-muted'>{flowing(app.description(text.language))}</p>")
    _gaps(missing(app), text)
    st.html(f"<div class='tm-scroll tm-slos'>{_slo_rows(app, text)}</div>")
    if wrong := _wrong(context, app) + feed_lines(context.tomoni.failing_feeds(app.id), text):
        st.html(wrong)
    with st.expander(_signal_count(app, text), key=f"signals-{app.id}"):
        st.html(f"<div class='tm-scroll'>{_signal_rows(app, text)}</div>")
        remark(text._("Defined in %(file)s") % {"file": text.quote(app.file)})
    journey_map_panel(context, app)
    profile_panel(context, app)
    known = [(entry.title(text.language), link(entry.url)) for entry in app.links]
    for name, url in known:
        if url:
            st.link_button(markdown(name), url, type="tertiary")


def _wrong(context: Context, app: App) -> str:
    """What is wrong with the definitions of the SLOs, as HTML."""
    text = context.text
    slos = [(journey.id, slo) for journey in app.journeys for slo in journey.slos]
    return "".join(
        definition_lines(problems_of(context.tomoni.catalog, app, journey, slo), text, slo.title(text.language))
        for journey, slo in slos
    )


def _role(role: str, text: Text) -> str:
    names = {"app": text._("app team"), "infra": text._("infrastructure team")}
    return names.get(role, role)


def _gaps(found: Sequence[Missing], text: Text) -> None:
    """Draw what both teams may want to agree on next."""
    if not found:
        return
    lines = [
        text._(_GAPS[one.gap]) % {"journey": text.quote(one.journey.title(text.language)) if one.journey else ""}
        for one in found
    ]
    shown = "".join(f"<p>{flowing(line)}</p>" for line in lines)
    st.html(f"<div class='tm-notice tm-calm tm-small'>{shown}</div>")


def _slo_rows(app: App, text: Text) -> str:
    """The journeys and SLOs as an HTML table."""
    _, language = text._, text.language
    heads = (_("Journey"), _("SLO"), _("Objective"), _("Window"), _("Source"), _("Infra signals"))
    rows = []
    for journey in app.journeys:
        carriers = text.join([signal.title(language) for signal in app.signals_of(journey.id)]) or "—"
        for n, slo in enumerate(journey.slos):
            first = (journey.title(language), carriers) if n == 0 else ("", "")
            objective = text.objective(slo.objective.percent if slo.objective else None)
            cells = (
                first[0],
                slo.title(language),
                objective,
                window_name(slo.window, text),
                slo.source,
                first[1],
            )
            rows.append(cells)
    return html_table(heads, rows)


def _signal_rows(app: App, text: Text) -> str:
    """The infra signals as an HTML table."""
    _ = text._
    heads = (_("Signal"), _("Group"), _("Limit"), _("Source"))
    rows = [
        (
            signal.title(text.language),
            group_title(signal, text) or "—",
            text.quantity(signal.limit, signal.unit),
            signal.source,
        )
        for signal in app.infra
    ]
    return html_table(heads, rows)


def _signal_count(app: App, text: Text) -> str:
    return text.n_("%(n)s infra signal", "%(n)s infra signals", len(app.infra)) % {"n": len(app.infra)}
