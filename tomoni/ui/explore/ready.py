"""Ready questions: what the data gives reason to ask, each leading to the view that answers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import streamlit as st

from tomoni.review.model import LetteredEpisode, SloTrack
from tomoni.ui.blocks import title
from tomoni.ui.explore import entrances
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.links import page_link
from tomoni.ui.url_state import View

_MOST_SIGNALS, _MOST_EPISODES = 6, 3


def panel(exploration: Exploration) -> None:
    """Draw the questions; nothing where the data gives reason to none."""
    text = exploration.text
    asked = list(questions(exploration))
    looks = list(looks_at(exploration))
    if not asked and not looks:
        return
    with st.container(key="panel-ready"):
        if looks:
            title(text._("Look at"))
            st.html(_list(looks))
        if asked:
            title(text._("Ready questions"), text._("from what the data shows"))
            st.html(_list(asked))


def _list(links: list[str]) -> str:
    return f"<ul class='tm-list tm-ready'>{''.join(f'<li>{each}</li>' for each in links)}</ul>"


def questions(exploration: Exploration) -> Iterator[str]:
    """Links to the views that answer what may be asked of the SLO beside the figure."""
    app, track, text, here = exploration.app, exploration.track, exploration.text, exploration.context.view
    if app is None or track is None:
        return
    place = View(app=app.id, journey=track.status.journey.id, slo=track.status.slo.id)
    place = replace(place, at=here.at, days=here.days, period=here.period, range=here.range, lang=here.lang)
    name = text.quote(track.status.slo.title(text.language))
    if track.burn and track.burn.ledger.bad > 0:
        yield page_link("app", place, text._("What burned %(slo)s in this period?") % {"slo": name})
    for found in _worst(track):
        facts = {"slo": name, "when": text.near_span(found.episode.start, found.episode.end)}
        there = replace(place, episode=found.episode.start)
        yield page_link("app", there, text._("Which signals moved on %(when)s, when %(slo)s burned?") % facts)


def _worst(track: SloTrack) -> list[LetteredEpisode]:
    """The episodes that spent most, the worst first."""
    shown = track.burn.shown if track.burn else ()
    return sorted(shown, key=lambda found: -found.episode.bad)[:_MOST_EPISODES]


def looks_at(exploration: Exploration) -> Iterator[str]:
    """Links to what the app measures already: its signals, and what its SLI counts."""
    app, text, context = exploration.app, exploration.text, exploration.context
    if app is None:
        return
    track = exploration.track
    if track is not None and (counted := entrances.of_sli(context, track)) is not None:
        name = text.quote(track.status.slo.title(text.language))
        yield page_link("explore", counted, text._("What %(slo)s counts") % {"slo": name})
    for signal in app.infra[:_MOST_SIGNALS]:
        if (view := entrances.of_signal(context, signal)) is not None:
            yield page_link("explore", view, signal.title(text.language))
