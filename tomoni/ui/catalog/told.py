"""What teams were told of their error budgets, of the apps that a reader may see."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from tomoni.catalog.local_text import apart
from tomoni.meetings.notifications import Told
from tomoni.ui.blocks import title
from tomoni.ui.context import Context
from tomoni.words.notifications import NAMES, OUTCOMES, Line, line, names
from tomoni.words.text import Text

_Named = Mapping[str, tuple[str, ...]]


def draw(context: Context) -> None:
    """Draw the newest notifications; nothing where nobody was told anything of these apps and nobody is to be."""
    text, tomoni = context.text, context.tomoni
    apps = apart(tomoni.catalog.apps, text.language)
    slos: _Named = {
        f"{app.id}/{journey.id}/{slo.id}": names(app, journey, slo, apps, text.language)
        for app in tomoni.catalog.apps
        for journey in app.journeys
        for slo in journey.slos
    }
    seen = [each for each in tomoni.meetings.notifications.newest() if each.path in slos]
    found = sorted(seen, key=lambda each: (each.at, each.number), reverse=True)
    if not found and not tomoni.setup.notifications.audiences:
        return
    with st.container(key="panel-told"):
        title(text._("Notifications"), text._("What teams were told of their error budgets, the newest first"))
        if found:
            wide = {text._("What"): st.column_config.TextColumn(width="large")}
            rows = pd.DataFrame([_row(each, slos, text) for each in found])
            st.dataframe(rows, hide_index=True, column_config=wide)
        else:
            st.caption(text._("Nothing was told yet."))


def _row(each: Told, slos: _Named, text: Text) -> dict[str, str]:
    left = each.facts.get("left")
    return {
        text._("When"): text.moment(each.at),
        text._("What"): line(Line(each.what, slos[each.path], each.path, each.at, left), text),
        text._("Team"): each.team,
        text._("Channel"): text._(NAMES[each.channel]) if each.channel in NAMES else each.channel,
        text._("Outcome"): text._(OUTCOMES[each.outcome]),
    }
