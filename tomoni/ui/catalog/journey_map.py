"""The journey map of an app in the catalog: the picture, and the files that it is taken away as."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from tomoni.catalog.schema import App, DefinitionVersion, Journey, Signal, Slo
from tomoni.charts.journey_map import JourneyMap, MapCell, MapJourney, MapRow, MapSignal, map_svg
from tomoni.slo.model import HOUR
from tomoni.ui.blocks import html_table, remark, window_name
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.explore import entrances
from tomoni.ui.links import page_address
from tomoni.ui.team.gaps import Gap, missing
from tomoni.ui.url_state import View
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
_KEYS = (Path(__file__).parent / "map_keys.js").read_text()
_WALKED = (
    ".map{overflow-x:auto}.map svg{width:100%;min-width:60rem;height:auto}a:focus{outline:none}"
    "a:focus-visible rect{stroke:var(--st-primary-color);stroke-width:3}a:hover rect{stroke:var(--st-primary-color)}"
)
_STYLE = (
    "button{font:inherit;font-size:.875rem;padding:.35rem .75rem;border:1px solid var(--st-border-color);"
    "border-radius:.5rem;background:transparent;color:var(--st-text-color);cursor:pointer}"
)


def journey_map_panel(context: Context, app: App) -> None:
    """Draw the map of an app, folded, with its gaps and how long each definition has stood."""
    text = context.text
    with st.expander(text._("Journey map"), key=f"map-{app.id}"):
        versions = context.tomoni.ledger.definitions(_paths(app))
        shown = journey_map(context, app, versions)
        walked = component("tomoni.map_keys", html="<div class='map'></div>", css=_WALKED, js=_KEYS)
        data = {"svg": map_svg(shown, context.theme, linked=True), "said": _said(app, text)}
        walked(key=f"map-keys-{app.id}", data=data)
        remark(
            text._("Dashed: not there yet, with the next small step. A bracket: a signal that carries every journey.")
        )
        remark(text._("Each box leads to what it is about. With the keyboard: arrow keys walk, Enter opens."))
        st.html(_table(shown, text))
        _files(app, map_svg(shown, context.theme), text)


def _files(app: App, svg: str, text: Text) -> None:
    image = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    name = f"{app.id}-journeys-{text.language}"
    with st.container(horizontal=True):
        st.download_button("SVG", svg, f"{name}.svg", "image/svg+xml", on_click="ignore", key=f"map-svg-{app.id}")
        png = component("tomoni.map_png", html="<button type='button'></button>", css=_STYLE, js=_SCRIPT)
        png(key=f"map-png-{app.id}", data={"words": "PNG", "name": f"{name}.png", "image": image})


def _table(shown: JourneyMap, text: Text) -> str:
    """The same as a folded table, as HTML: for screen readers, and for everybody who looks for words."""
    label = html(text._("Show as a table"))
    rows = []
    for journey in shown.journeys:
        signals = [each for each in shown.signals if not each.journeys or journey.id in each.journeys]
        carried = text.join([_told(each.cell) for each in signals])
        for row in journey.rows:
            cells = (journey.cell, row.sli, row.slo)
            rows.append([_told(shown.owners[0]), *map(_told, cells), carried, _told(shown.owners[1])])
    table = html_table(shown.heads, rows, stacks=False)
    return (
        f"<details class='tm-numbers'><summary>{label}</summary>"
        f"<div class='tm-rolled' tabindex='0' role='region' aria-label='{label}'>{table}</div>"
        "</details>"
    )


def _told(cell: MapCell) -> str:
    return f"{cell.words} · {cell.note}" if cell.note else cell.words


def journey_map(context: Context, app: App, versions: Versions) -> JourneyMap:
    """What the map of an app shows."""
    text, here = context.text, replace(context, view=_here(context, app))
    owners = (
        _owner(here, app, "app", text._("app team")),
        _owner(here, app, "infra", text._("infrastructure team")),
    )
    journeys = tuple(_journey(here, app, journey, versions) for journey in app.journeys)
    signals = [_signal(here, signal) for signal in app.infra]
    if not signals:
        gap = text._("No infra signals: choose one that moves when it is slow")
        there = page_address("explore", here.view)
        signals = [MapSignal(MapCell(text._("Infra signals"), gap, gap=True, link=there))]
    own = text._("Owner")
    heads = (own, text._("Journey"), text._("How it is measured"), text._("SLO"), text._("Infra signals"), own)
    title = text._("Journey map: %(app)s") % {"app": app.title(text.language)}
    return JourneyMap(title, heads, owners, journeys, tuple(signals))


def _here(context: Context, app: App) -> View:
    return View(app=app.id, at=context.view.at, lang=context.view.lang)


def _signal(here: Context, signal: Signal) -> MapSignal:
    """A signal, which leads to itself on Explore, else to the app that it carries."""
    view = entrances.of_signal(here, signal)
    there = page_address("explore", view) if view is not None else page_address("app", here.view)
    note = f"{group_title(signal, here.text)} · {signal.source}"
    return MapSignal(MapCell(signal.title(here.text.language), note, link=there), signal.journeys)


def _owner(here: Context, app: App, role: str, words: str) -> MapCell:
    """The team that owns a side of the map; where nobody is named, the next small step."""
    name, text = app.teams.get(role), here.text
    if not name:
        return MapCell(text._("No owner yet"), text._("Name one under teams"), gap=True)
    return MapCell(name, words, link=page_address("", View(team=name, at=here.view.at, lang=here.view.lang)))


def _journey(here: Context, app: App, journey: Journey, versions: Versions) -> MapJourney:
    text, view = here.text, replace(here.view, journey=journey.id)
    rows = [_row(here, journey, slo, versions) for slo in journey.slos]
    gaps = {one.gap for one in missing(app) if one.journey is journey}
    if Gap.NO_SLOS in gaps:
        rows.append(_gap(text._("No SLI yet"), text._("Answer its worksheet, then find an SLI"), view, text))
    elif Gap.NO_LATENCY in gaps:
        rows.append(
            _gap(text._("Speed is not measured"), text._("Find a histogram of durations on Explore"), view, text)
        )
    cell = MapCell(journey.title(text.language), journey.id, link=page_address("app", view))
    return MapJourney(journey.id, cell, tuple(rows))


def _gap(words: str, step: str, view: View, text: Text) -> MapRow:
    """What is missing, with the next small step, which leads to Explore."""
    return MapRow(
        MapCell(words, step, gap=True, link=page_address("explore", view)), MapCell(text._("No SLO"), gap=True)
    )


def _row(here: Context, journey: Journey, slo: Slo, versions: Versions) -> MapRow:
    text, app = here.text, here.view.app
    there = page_address("app", replace(here.view, journey=journey.id, slo=slo.id))
    objective = text.objective(slo.objective.percent if slo.objective else None)
    agreed = f"{objective} · {window_name(slo.window, text)}"
    stood = versions.get(f"{app}/{journey.id}/{slo.id}", ())
    note = slo.source
    if stood and (age := here.moment - stood[-1].first_seen) >= HOUR:
        note += " · " + text._("unchanged for %(length)s") % {"length": text.duration(age)}
    measured = next((value for value in slo.sli.model_dump(exclude_none=True).values() if isinstance(value, str)), "")
    return MapRow(
        MapCell(measured or type(slo.sli).__name__, note, link=there),
        MapCell(slo.title(text.language), agreed, link=there),
    )


def _paths(app: App) -> list[str]:
    return [f"{app.id}/{journey.id}/{slo.id}" for journey in app.journeys for slo in journey.slos]


def _said(app: App, text: Text) -> str:
    """What the picture shows, for those who do not see it; the tables of the page have it all."""
    signals = text.n_("%(n)s infra signal", "%(n)s infra signals", len(app.infra)) % {"n": len(app.infra)}
    journeys = text.n_("%(n)s journey", "%(n)s journeys", len(app.journeys)) % {"n": len(app.journeys)}
    return text._("Journey map: %(app)s") % {"app": f"{app.title(text.language)} ({journeys}, {signals})"}
