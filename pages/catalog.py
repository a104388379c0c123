"""The catalog: what is configured, what is missing or wrong, and the health of each source."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tomoni.catalog.schema import App, Problem, Severity
from tomoni.ui import frame, notices
from tomoni.ui.anchors import anchor, follow_anchor
from tomoni.ui.blocks import headline, title
from tomoni.ui.catalog import deeds, told
from tomoni.ui.catalog.panel import app_panel
from tomoni.ui.catalog.practices import practices_panel
from tomoni.ui.catalog.sources import source_table
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html
from tomoni.ui.freshness import freshness
from tomoni.ui.present import present_keys
from tomoni.words import problems
from tomoni.words.text import Text


def draw(context: Context) -> frame.Drawn:
    """Draw the page."""
    catalog, text = context.tomoni.catalog, context.text
    headline(_headline(catalog.apps, catalog.problems, text))
    freshness(context)
    follow_anchor()
    _problems(catalog.problems, text)
    with st.container(key="panel-sources"):
        title(text._("Sources"))
        source_table(context)
    practices_panel(context)
    if not catalog.apps:
        notices.no_apps(text)
    for app in catalog.apps:
        with st.container(key=f"panel-app-{app.id}"):
            app_panel(context, app)
    told.draw(context)
    deeds.draw(context)
    present_keys(context, "app", (), None)
    return frame.Drawn(context.view, timed=False)


def _headline(apps: Sequence[App], found: Sequence[Problem], text: Text) -> str:
    """The number of configured things and problems, in one sentence."""
    journeys = [journey for app in apps for journey in app.journeys]
    slos, signals = sum(len(journey.slos) for journey in journeys), sum(len(app.infra) for app in apps)
    parts = [
        text.n_("%(n)s app", "%(n)s apps", len(apps)) % {"n": len(apps)},
        text.n_("%(n)s journey", "%(n)s journeys", len(journeys)) % {"n": len(journeys)},
        text.n_("%(n)s SLO", "%(n)s SLOs", slos) % {"n": slos},
        text.n_("%(n)s infra signal", "%(n)s infra signals", signals) % {"n": signals},
    ]
    configured = text._("%(things)s are configured.") % {"things": text.join(parts)}
    if not found:
        return text.sentences(configured, text._("No problem was found in the files."))
    wrong = text.n_("%(n)s problem was found in the files.", "%(n)s problems were found in the files.", len(found))
    return text.sentences(configured, wrong % {"n": len(found)})


def _problems(found: Sequence[Problem], text: Text) -> None:
    """Draw every problem of the files with its location and what to do."""
    places: set[str] = set()
    for problem in found:
        what, hint = problems.describe(problem, text)
        name = anchor("file", problem.spot.file)
        at = "" if name in places else f" id='{name}'"
        places.add(name)
        place = problem.spot.file + (f":{problem.spot.line}" if problem.spot.line else "")
        sign = "■" if problem.severity is Severity.ERROR else "▲"
        st.html(
            f"<div class='tm-notice'{at}><p><b>{sign} <code>{html(place)}</code></b></p><p>{flowing(what)}</p>"
            f"<p class='tm-muted'>{flowing(hint)}</p></div>"
        )


frame.show(draw, listed=True)
