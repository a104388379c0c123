"""A team's apps as cards: each SLO in a row with its budget and the burn of its last 28 days."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.charts.heat import Cell, heat_of
from tomoni.review.model import Overview, SloStatus
from tomoni.slo.journeys import journey_state
from tomoni.ui.blocks import budget_bar, chip, mark_of, quiet
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.links import app_link, slo_link
from tomoni.ui.slo_table import worst_first
from tomoni.words import team
from tomoni.words.text import Text

_FEW = 4  # so many apps are shown in two columns


def app_cards(context: Context, apps: Sequence[App], statuses: Sequence[SloStatus]) -> None:
    """Draw a card for each app, in the order of the catalog."""
    columns = min(len(apps), 2 if len(apps) <= _FEW else 3)
    cards = [_card(context, app, [each for each in statuses if each.app.id == app.id]) for app in apps]
    st.html(f"<div class='tm-apps tm-apps-{columns}' style='--columns: {columns}'>{''.join(cards)}</div>")


def _card(context: Context, app: App, statuses: Sequence[SloStatus]) -> str:
    text = context.text
    worst = journey_state([status.figures for status in statuses])
    state = chip(worst.state, text) if worst else ""
    teams = text.listed(list(dict.fromkeys(app.teams.values())))
    head = f"<div class='tm-card-head'><h2 class='tm-h2'>{app_link(context.view, app, app.title(text.language))}</h2>"
    head += f"<span class='tm-small tm-muted tm-teams'>{html(teams)}</span>{state}</div>"
    if not statuses:
        return f"<section class='tm-app'>{head}{quiet(text._('There are no SLOs yet.'))}</section>"
    names = team.names(statuses, text)
    rows = "".join(_row(context, status, names[status.path]) for status in worst_first(statuses))
    table = f"<table class='tm-app-slos'><thead><tr>{_heads(statuses, text)}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<section class='tm-app'>{head}{table}</section>"


def _heads(statuses: Sequence[SloStatus], text: Text) -> str:
    ends = [int(end) for status in statuses for end in status.daily_burn.times]
    days = text._("Burn by day")
    if ends:
        first, last = text.day(min(ends) - 1, year=False), text.day(max(ends) - 1, year=False)
        days = text._("Burn by day, %(start)s to %(end)s") % {"start": first, "end": last}
    heads = (text._("SLO"), days, text._("Budget left"), text._("7 days, points"))
    return "".join(f"<th scope='col'>{html(each)}</th>" for each in heads)


def _row(context: Context, status: SloStatus, name: str) -> str:
    text = context.text
    journey = html(status.journey.title(text.language))
    titled = (
        f" <span class='tm-small tm-muted tm-of'>{journey}</span>" if name == status.slo.title(text.language) else ""
    )
    change = text.points(status.change_7d) if status.budget_left is not None else text.points(None)
    return (
        f"<tr><th scope='row'>{mark_of(status.figures.state)} "
        f"{slo_link(context.view, status, name)}{titled}</th><td class='tm-days'>{_strip(status, text)}</td>"
        f"<td class='tm-left'>{_budget(status, text)}</td><td class='tm-number'>{html(change)}</td></tr>"
    )


def _budget(status: SloStatus, text: Text) -> str:
    return f"<span class='tm-number'>{html(text.budget(status.budget_left))}</span>{budget_bar(status)}"


def _strip(status: SloStatus, text: Text) -> str:
    """The fastest burn of each day, in the colours of the heat strip."""
    heat = heat_of(Overview(status.as_of, (status,), ()), text)
    cells = "".join(_cell(day, cell) for day, cell in zip(heat.days, heat.rows[0].cells, strict=True))
    said = team.strip([float(burn) for burn in status.daily_burn.values], len(heat.days), text)
    return f"<span class='tm-strip' role='img' aria-label='{html(said)}'>{cells}</span>"


def _cell(day: str, cell: Cell) -> str:
    band = "none" if cell.band is None else cell.band
    return f"<i class='tm-burn-{band}' title='{html(f'{day}: {cell.description}')}'></i>"
