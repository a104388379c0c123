"""The journey map of an app in the catalog: the picture, and the files that it is taken away as."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import streamlit as st
from streamlit.components.v2 import component

from tomoni.catalog.schema import App, DefinitionVersion, Journey, Slo
from tomoni.charts.journey_map import JourneyMap, MapCell, MapJourney, MapRow, MapSignal, map_svg
from tomoni.ui.blocks import remark, window_name
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.team.gaps import Gap, missing
from tomoni.words.signals import group_title
from tomoni.words.text import Text

Versions = Mapping[str, tuple[DefinitionVersion, ...]]
# An SVG becomes a PNG of twice its size where it is looked at: no server draws it again.
_SCRIPT = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector('button');
  button.textContent = data.words;
  button.onclick = () => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement('canvas');
      canvas.width = image.width * 2; canvas.height = image.height * 2;
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      const link = document.createElement('a');
      link.download = data.name; link.href = canvas.toDataURL('image/png'); link.click();
    };
    image.src = data.image;
  };
}
"""
_STYLE = (
    "button{font:inherit;padding:.35rem .75rem;border:1px solid var(--st-border-color);border-radius:.5rem;"
    "background:transparent;color:var(--st-text-color);cursor:pointer}"
)


def journey_map_panel(context: Context, app: App) -> None:
    """Draw the map of an app, folded, with its gaps and how long each definition has stood."""
    text = context.text
    with st.expander(text._("Journey map"), key=f"map-{app.id}"):
        versions = context.tomoni.ledger.definitions(_paths(app))
        shown = journey_map(app, versions, context.moment, text)
        svg = map_svg(shown, context.theme)
        image = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
        st.html(f"<div class='tm-scroll'><img src='{image}' alt='{html(_said(app, text))}' width='100%'></div>")
        remark(
            text._("Dashed: not there yet, with the next small step. A bracket: a signal that carries every journey.")
        )
        with st.container(horizontal=True):
            st.download_button(
                "SVG", svg, f"{app.id}-journeys.svg", "image/svg+xml", on_click="ignore", key=f"map-svg-{app.id}"
            )
            png = component("tomoni.map_png", html="<button type='button'></button>", css=_STYLE, js=_SCRIPT)
            png(key=f"map-png-{app.id}", data={"words": "PNG", "name": f"{app.id}-journeys.png", "image": image})


def journey_map(app: App, versions: Versions, now: int, text: Text) -> JourneyMap:
    """What the map of an app shows."""
    owners = (_owner(app, "app", text._("app team"), text), _owner(app, "infra", text._("infrastructure team"), text))
    journeys = tuple(_journey(app, journey, versions, now, text) for journey in app.journeys)
    signals = [
        MapSignal(
            MapCell(signal.title(text.language), f"{group_title(signal, text)} · {signal.source}"), signal.journeys
        )
        for signal in app.infra
    ]
    if not signals:
        gap = text._("No infra signals: choose one that moves when it is slow")
        signals = [MapSignal(MapCell(text._("Infra signals"), gap, gap=True))]
    own = text._("Owner")
    heads = (own, text._("Journey"), text._("How it is measured"), text._("SLO"), text._("Infra signals"), own)
    title = text._("Journey map: %(app)s") % {"app": app.title(text.language)}
    return JourneyMap(title, heads, owners, journeys, tuple(signals))


def _owner(app: App, role: str, words: str, text: Text) -> MapCell:
    """The team that owns a side of the map; where nobody is named, the next small step."""
    name = app.teams.get(role)
    return MapCell(name, words) if name else MapCell(text._("No owner yet"), text._("Name one under teams"), gap=True)


def _journey(app: App, journey: Journey, versions: Versions, now: int, text: Text) -> MapJourney:
    rows = [_row(app, journey, slo, versions, now, text) for slo in journey.slos]
    gaps = {one.gap for one in missing(app) if one.journey is journey}
    if Gap.NO_SLOS in gaps:
        step = text._("Answer its worksheet, then find an SLI")
        rows.append(MapRow(MapCell(text._("No SLI yet"), step, gap=True), MapCell(text._("No SLO"), gap=True)))
    elif Gap.NO_LATENCY in gaps:
        step = text._("Find a histogram of durations on Explore")
        rows.append(
            MapRow(MapCell(text._("Speed is not measured"), step, gap=True), MapCell(text._("No SLO"), gap=True))
        )
    return MapJourney(journey.id, MapCell(journey.title(text.language), journey.id), tuple(rows))


def _row(app: App, journey: Journey, slo: Slo, versions: Versions, now: int, text: Text) -> MapRow:
    objective = text.percent(slo.objective.ratio if slo.objective else None)
    agreed = f"{objective} · {window_name(slo.window, text)}"
    stood = versions.get(f"{app.id}/{journey.id}/{slo.id}", ())
    note = slo.source
    if stood:
        note += " · " + text._("unchanged for %(length)s") % {"length": _age(now - stood[-1].first_seen, text)}
    measured = next((value for value in slo.sli.model_dump(exclude_none=True).values() if isinstance(value, str)), "")
    return MapRow(MapCell(measured or type(slo.sli).__name__, note), MapCell(slo.title(text.language), agreed))


def _age(seconds: int, text: Text) -> str:
    return text.duration(max(0, seconds))


def _paths(app: App) -> list[str]:
    return [f"{app.id}/{journey.id}/{slo.id}" for journey in app.journeys for slo in journey.slos]


def _said(app: App, text: Text) -> str:
    """What the picture shows, for those who do not see it; the tables of the page have it all."""
    signals = text.n_("%(n)s infra signal", "%(n)s infra signals", len(app.infra)) % {"n": len(app.infra)}
    journeys = text.n_("%(n)s journey", "%(n)s journeys", len(app.journeys)) % {"n": len(app.journeys)}
    return text._("Journey map: %(app)s") % {"app": f"{app.title(text.language)} ({journeys}, {signals})"}
