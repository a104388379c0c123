"""The ways into `/explore` from lanes, episodes and alerts, with everything filled in."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from data_sources.exploring import Explores
from tomoni.catalog.schema import Signal
from tomoni.charts.frame import around
from tomoni.exploring.address import METRIC
from tomoni.exploring.asked import asked_of
from tomoni.review.model import SloTrack
from tomoni.slo.alerts import Firing
from tomoni.slo.episodes import Episode
from tomoni.slo.model import HOUR
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.links import page_link
from tomoni.ui.selection import Selection
from tomoni.ui.url_state import View
from tomoni.words.text import Text

Stretch = tuple[int, int]


def of_signal(context: Context, signal: Signal, zoom: Stretch | None = None) -> View | None:
    """The view that explores a signal; None where its source or its query does not let it be."""
    asked = asked_of(signal.query)
    if asked is None or not _explores(context, signal.source):
        return None
    return _asking(context.view, signal.source, asked, zoom)


def of_sli(context: Context, track: SloTrack, zoom: Stretch | None = None) -> View | None:
    """The view that explores what an SLI counts; None where that is no single metric."""
    series = track.status.slo.series
    asked = asked_of(series.query)
    if asked is None or not _explores(context, series.source):
        return None
    return _asking(context.view, series.source, asked, zoom)


def within(selection: Selection, episode: Episode) -> Stretch:
    """An episode with some time around it, within the period."""
    return around(episode, selection.review.start, selection.review.end)


def at_alert(context: Context, selection: Selection, firing: Firing, name: str) -> str:
    """An alert's name as HTML: a link to what the SLI counted while it fired, with an hour before and after."""
    start, end = selection.review.start, selection.review.end
    zoom = max(start, firing.start - HOUR), min(end, (firing.end or end) + HOUR)
    here = replace(context, view=replace(context.view, app=selection.app.id, journey=selection.journey.id))
    view = of_sli(here, selection.focus, zoom)
    return page_link("explore", view, name) if view is not None and zoom[0] < zoom[1] else html(name)


def lanes(context: Context, selection: Selection) -> None:
    """Draw a link for each lane of the joint figure, to what is in sight of it; nothing where none can be explored."""
    text, zoom = selection.text, selection.zoom
    if zoom is None and selection.closeup is not None:
        zoom = within(selection, selection.closeup.episode)
    here = replace(context, view=replace(context.view, app=selection.app.id, journey=selection.journey.id))
    offered = [(of_sli(here, selection.focus, zoom), selection.focus.status.slo.title(text.language))]
    offered += [(of_signal(here, lane.signal, zoom), lane.signal.title(text.language)) for lane in selection.lanes]
    links = [page_link("explore", view, name) for view, name in offered if view is not None]
    links += _parts(context, selection, text)
    if links:
        title = html(text._("Explore"))
        st.html(f"<p class='tm-small tm-ready'>{title}: {' · '.join(links)}</p>")


def _parts(context: Context, selection: Selection, text: Text) -> list[str]:
    """Links to what is different in the episode (or what is in sight), and to the workshop of the SLO."""
    slo, view = selection.focus.status.slo.id, context.view
    kept = View(
        app=selection.app.id,
        journey=selection.journey.id,
        slo=slo,
        at=view.at,
        days=view.days,
        period=view.period,
        range=view.range,
        lang=view.lang,
    )
    different = replace(kept, tab="different", episode=view.episode, mark=view.zoom if view.episode is None else None)
    return [
        page_link("explore", different, text._("What is different here?")),
        page_link("explore", replace(kept, tab="workshop"), text._("Try another objective")),
    ]


def _explores(context: Context, source: str) -> bool:
    return isinstance(context.tomoni.sources.get(source), Explores)


def _asking(view: View, source: str, query: str, zoom: Stretch | None) -> View:
    """The view that asks a source for a query, or for a metric where its name is all of the query."""
    named = METRIC.fullmatch(query) is not None
    kept = View(
        app=view.app,
        journey=view.journey,
        slo=view.slo,
        at=view.at,
        days=view.days,
        period=view.period,
        range=view.range,
        lang=view.lang,
        beside=view.beside,
    )
    return replace(kept, source=source, metric=query if named else None, query=None if named else query, zoom=zoom)
