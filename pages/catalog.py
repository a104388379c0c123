"""What is configured, what is missing or wrong in it, and how each source is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from tomoni.catalog.schema import App, Problem, Severity
from tomoni.ui import frame, notices
from tomoni.ui.blocks import headline, html_table, remark, title, window_name
from tomoni.ui.context import Context
from tomoni.ui.escape import html, link, markdown
from tomoni.ui.freshness import freshness
from tomoni.ui.gaps import Gap, Missing, missing
from tomoni.ui.navigation import PLACES
from tomoni.ui.present import present_keys
from tomoni.ui.sources import source_table
from tomoni.ui.url_state import View, params
from tomoni.words import problems
from tomoni.words.text import Text, mark

_GAPS: Mapping[Gap, str] = {
    Gap.NO_JOURNEYS: mark("No journey is written down yet: what do users want to get done?"),
    Gap.NO_APP_TEAM: mark("No app team is named."),
    Gap.NO_INFRA_TEAM: mark("No infrastructure team is named."),
    Gap.NO_SLOS: mark("%(journey)s has no SLO."),
    Gap.NO_LATENCY: mark("%(journey)s has no latency SLO: users also notice when it is slow."),
    Gap.NO_SIGNALS: mark("No infra signal carries %(journey)s."),
}


def draw(context: Context) -> None:
    """The page."""
    catalog, text = context.tomoni.catalog, context.text
    headline(_headline(catalog.apps, catalog.problems, text))
    freshness(context)
    _problems(catalog.problems, text)
    with st.container(key="panel-sources"):
        title(text._("Sources"))
        source_table(context)
    if not catalog.apps:
        notices.no_apps(text)
    for app in catalog.apps:
        with st.container(key=f"panel-app-{app.id}"):
            _app(context, app)
    present_keys(context, "app", (), None)


def _headline(apps: Sequence[App], found: Sequence[Problem], text: Text) -> str:
    """What is configured, in one sentence."""
    journeys = [journey for app in apps for journey in app.journeys]
    slos, signals = sum(len(journey.slos) for journey in journeys), sum(len(app.infra) for app in apps)
    parts = [
        text.n_("%(n)s app", "%(n)s apps", len(apps)) % {"n": len(apps)},
        text.n_("%(n)s journey", "%(n)s journeys", len(journeys)) % {"n": len(journeys)},
        text.n_("%(n)s SLO", "%(n)s SLOs", slos) % {"n": slos},
        text.n_("%(n)s infra signal", "%(n)s infra signals", signals) % {"n": signals},
    ]
    told = text._("%(things)s are configured.") % {"things": text.join(parts)}
    if not found:
        return text.sentences(told, text._("No problem was found in the files."))
    wrong = text.n_("%(n)s problem was found in the files.", "%(n)s problems were found in the files.", len(found))
    return text.sentences(told, wrong % {"n": len(found)})


def _problems(found: Sequence[Problem], text: Text) -> None:
    """Every problem of the files, with its place and what to do."""
    for problem in found:
        what, hint = problems.say(problem, text)
        place = problem.spot.file + (f":{problem.spot.line}" if problem.spot.line else "")
        sign = "■" if problem.severity is Severity.ERROR else "▲"
        st.html(
            f"<div class='tm-notice'><p><b>{sign} <code>{html(place)}</code></b></p><p>{html(what)}</p>"
            f"<p class='tm-muted'>{html(hint)}</p></div>"
        )


def _app(context: Context, app: App) -> None:
    """One app: owners, journeys with their SLOs, signals, gaps."""
    text = context.text
    teams = " · ".join(f"{_role(role, text)}: {name}" for role, name in app.teams.items())
    with st.container(horizontal=True, vertical_alignment="center"):
        title(app.title(text.language), teams, width="content")
        st.space("stretch")
        here = replace(View(), app=app.id, lang=context.view.lang, at=context.view.at)
        with st.container(key=f"open-{app.id}", width="content"):
            st.page_link(PLACES["app"].file, label=text._("Open"), query_params=params(here))
    if app.description is not None:
        st.html(f"<p class='tm-muted'>{html(app.description(text.language))}</p>")
    _gaps(missing(app), text)
    st.html(f"<div class='tm-scroll'>{_slo_rows(app, text)}</div>")
    with st.expander(_signal_count(app, text), key=f"signals-{app.id}"):
        st.html(f"<div class='tm-scroll'>{_signal_rows(app, text)}</div>")
        remark(text._("Written in %(file)s") % {"file": app.file})
    known = [(entry.title(text.language), link(entry.url)) for entry in app.links]
    for name, url in known:
        if url:
            st.link_button(markdown(name), url, type="tertiary")


def _role(role: str, text: Text) -> str:
    names = {"app": text._("app team"), "infra": text._("infrastructure team")}
    return names.get(role, role)


def _gaps(found: Sequence[Missing], text: Text) -> None:
    """What both teams may want to agree on next."""
    if not found:
        return
    lines = [
        text._(_GAPS[one.gap]) % {"journey": one.journey.title(text.language) if one.journey else ""} for one in found
    ]
    shown = "".join(f"<p>{html(line)}</p>" for line in lines)
    st.html(f"<div class='tm-notice tm-calm tm-small'>{shown}</div>")


def _slo_rows(app: App, text: Text) -> str:
    """Journeys and SLOs as an HTML table."""
    _, language = text._, text.language
    heads = (_("Journey"), _("Objective for"), _("Objective"), _("Window"), _("Source"), _("Infra signals"))
    rows = []
    for journey in app.journeys:
        carriers = text.join([signal.title(language) for signal in app.signals_of(journey.id)]) or "—"
        for n, slo in enumerate(journey.slos):
            first = (journey.title(language), carriers) if n == 0 else ("", "")
            objective = text.percent(slo.objective.ratio if slo.objective else None)
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
    """Infra signals as an HTML table."""
    _ = text._
    heads = (_("Signal"), _("Group"), _("Limit"), _("Source"))
    rows = [
        (signal.title(text.language), signal.group or "—", text.quantity(signal.limit, signal.unit), signal.source)
        for signal in app.infra
    ]
    return html_table(heads, rows)


def _signal_count(app: App, text: Text) -> str:
    return text.n_("%(n)s infra signal", "%(n)s infra signals", len(app.infra)) % {"n": len(app.infra)}


frame.show(draw)
