"""A team's apps as cards: each SLO in a row with its budget and the burn of its last 28 days. Of many apps each has
one row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from tomoni.catalog.schema import App
from tomoni.charts.heat import Cell, heat_of
from tomoni.review.model import Overview, SloStatus
from tomoni.slo.journeys import journey_state
from tomoni.ui.blocks import budget_bar, chip, mark_of, quiet
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html
from tomoni.ui.links import app_link, slo_link
from tomoni.ui.overview.slo_table import worst_first
from tomoni.words import team
from tomoni.words.text import Text

_FEW, _MANY = 4, 6  # so many apps are shown in two columns; more than so many in rows


def app_cards(context: Context, apps: Sequence[App], statuses: Sequence[SloStatus]) -> None:
    """Draw a card for each app, or a row for each of many, the worst first."""
    found = _by_app(apps, statuses)
    if len(apps) > _MANY:
        columns, rows = 1, "".join(_app_row(context, app, own) for app, own in found)
        head = context.text._("App")
        cards = f"<section class='tm-app'>{_table(head, statuses, rows, context.text)}</section>"
    else:
        columns = min(len(apps), 2 if len(apps) <= _FEW else 3)
        cards = "".join(_card(context, app, own) for app, own in found)
    st.html(f"<div class='tm-apps tm-apps-{columns}' style='--columns: {columns}'>{cards}</div>")


def _by_app(apps: Sequence[App], statuses: Sequence[SloStatus]) -> list[tuple[App, list[SloStatus]]]:
    """Each app with its SLOs, both the worst first; apps without SLOs come last."""
    ranked = worst_first(statuses)
    found = [(app, [status for status in ranked if status.app.id == app.id]) for app in apps]
    return sorted(found, key=lambda each: ranked.index(each[1][0]) if each[1] else len(ranked))


def _card(context: Context, app: App, statuses: Sequence[SloStatus]) -> str:
    text = context.text
    worst = journey_state([status.figures for status in statuses])
    state = chip(worst.state, text) if worst else ""
    teams = text.listed(list(dict.fromkeys(app.teams.values())))
    head = f"<div class='tm-card-head'><h2 class='tm-h2'>{app_link(context.view, app, app.title(text.language))}</h2>"
    head += f"<span class='tm-small tm-muted tm-teams'>{flowing(teams)}</span>{state}</div>"
    if not statuses:
        nothing = quiet(text._("There are no SLOs yet."))
        return f"<section class='tm-app'>{head}{nothing}</section>"
    names = team.names(statuses, text)
    rows = "".join(_slo_row(context, status, names[status.path]) for status in statuses)
    table = _table(text._("SLO"), statuses, rows, text)
    return f"<section class='tm-app'>{head}{table}</section>"


def _table(first: str, statuses: Sequence[SloStatus], rows: str, text: Text) -> str:
    """Rows below their heads; ``first`` is that of the names."""
    ends = [int(end) for status in statuses for end in status.daily_burn.times]
    days = text._("Burn by day")
    if ends:
        start, last = text.day(min(ends) - 1, year=False), text.day(max(ends) - 1, year=False)
        days = text._("Burn by day, %(start)s to %(end)s") % {"start": start, "end": last}
    heads = (first, days, text._("Budget left"), text._("7 days, points"))
    shown = "".join(f"<th scope='col'>{html(each)}</th>" for each in heads)
    return f"<table class='tm-app-slos'><thead><tr>{shown}</tr></thead><tbody>{rows}</tbody></table>"


def _slo_row(context: Context, status: SloStatus, name: str) -> str:
    language = context.text.language
    journey = f" <span class='tm-small tm-muted tm-of'>{flowing(status.journey.title(language))}</span>"
    titled = journey if name == status.slo.title(language) else ""
    return _row([status], slo_link(context.view, status, name) + titled, context.text)


def _app_row(context: Context, app: App, statuses: Sequence[SloStatus]) -> str:
    """An app with its worst SLO, whose budget the row has."""
    name = f"<b>{app_link(context.view, app, app.title(context.text.language))}</b>"
    if not statuses:
        nothing = _beside(html(context.text._("There are no SLOs yet.")))
        return f"<tr><th scope='row'>{name}{nothing}</th></tr>"
    worst = slo_link(context.view, statuses[0], statuses[0].slo.title(context.text.language))
    return _row(statuses, name + _beside(worst), context.text)


def _beside(shown: str) -> str:
    return f" <span class='tm-beside'>{shown}</span>"


def _row(statuses: Sequence[SloStatus], name: str, text: Text) -> str:
    """What burned of some SLOs, and the budget of the first of them."""
    first = statuses[0]
    change = text.points(first.change_7d) if first.budget_left is not None else text.points(None)
    return (
        f"<tr><th scope='row'>{mark_of(first.figures.state)} {name}</th>"
        f"<td class='tm-days'>{_strip(statuses, text)}</td>"
        f"<td class='tm-left'>{_budget(first, text)}</td><td class='tm-number'>{html(change)}</td></tr>"
    )


def _budget(status: SloStatus, text: Text) -> str:
    return f"<span class='tm-number'>{html(text.budget(status.budget_left))}</span>{budget_bar(status)}"


def _strip(statuses: Sequence[SloStatus], text: Text) -> str:
    """The fastest burn of each day, in the colours of the heat strip."""
    heat = heat_of(Overview(statuses[0].as_of, tuple(statuses), ()), text)
    cells = "".join(_cell(day, cell) for day, cell in zip(heat.days, heat.rows[0].cells, strict=True))
    said = team.strip(_fastest(statuses), len(heat.days), text)
    return f"<span class='tm-strip' role='img' aria-label='{html(said)}'>{cells}</span>"


def _fastest(statuses: Sequence[SloStatus]) -> list[float]:
    """The fastest burn of each day over some SLOs; NaN where none has data."""
    days: dict[int, float] = {}
    for status in statuses:
        for end, burn in zip(status.daily_burn.times, status.daily_burn.values, strict=True):
            days[int(end)] = float(np.fmax(days.get(int(end), np.nan), burn))
    return list(days.values())


def _cell(day: str, cell: Cell) -> str:
    band = "none" if cell.band is None else cell.band
    return f"<i class='tm-burn-{band}' title='{html(f'{day}: {cell.description}')}'></i>"
