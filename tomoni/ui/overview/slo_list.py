"""All SLOs as plain HTML: in large type for a shared screen, as a table of what a room compares, and in short for a
phone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tomoni.review.model import SloStatus
from tomoni.ui.blocks import budget_bar, chip, mark_of, number_table
from tomoni.ui.escape import html
from tomoni.ui.links import app_link, slo_link
from tomoni.ui.url_state import View
from tomoni.words import budgets, states
from tomoni.words.apart import names_of
from tomoni.words.text import Text

_TEXTS = 4  # the first columns, which are no numbers


def slo_list(view: View, statuses: Sequence[SloStatus], text: Text) -> str:
    """The SLOs in the given order as HTML: state, names that lead to the app, budget, its change, SLI and objective."""
    _ = text._
    heads = (
        _("State"),
        _("App"),
        _("Journey"),
        _("SLO"),
        _("Budget left"),
        _("7 days, points"),
        _("SLI"),
        _("Objective"),
    )
    names = names_of(statuses, text.language)
    rows = (list(_cells(view, status, names[status.path], text)) for status in statuses)
    return f"<div class='tm-slo-list'>{number_table(heads, rows, _TEXTS)}</div>"


def slo_lines(view: View, statuses: Sequence[SloStatus], text: Text) -> str:
    """The SLOs in the given order as HTML for a phone: state, name, budget, and below them where it belongs."""
    names = names_of(statuses, text.language)
    lines = "".join(_line(view, status, names[status.path], text) for status in statuses)
    return f"<ul class='tm-lines tm-slo-lines'>{lines}</ul>"


def _line(view: View, status: SloStatus, names: tuple[str, str, str], text: Text) -> str:
    app, journey, slo = names
    beside = [
        html(states.word(status.figures.state, text)),
        f"<bdi>{app_link(view, status.app, app)}</bdi>",
        f"<bdi>{html(journey)}</bdi>",
    ]
    if status.budget_left is not None and status.change_7d is not None:
        beside.append(f"<span class='tm-whole'>{html(budgets.change_in_a_week(status.change_7d, text))}</span>")
    return (
        f"<li><div class='tm-card-head'><span class='tm-card-title'>{mark_of(status.figures.state)} "
        f"{slo_link(view, status, slo)}</span><b>{html(text.budget(status.budget_left))}</b></div>"
        f"{budget_bar(status)}<div class='tm-small tm-muted'>{' · '.join(beside)}</div></li>"
    )


def _cells(view: View, status: SloStatus, names: tuple[str, str, str], text: Text) -> Iterator[str]:
    objective, (app, journey, slo) = status.slo.objective, names
    yield chip(status.figures.state, text)
    yield app_link(view, status.app, app)
    yield html(journey)
    yield slo_link(view, status, slo)
    yield f"{html(text.budget(status.budget_left))}{budget_bar(status)}"
    yield html(text.points(status.change_7d if status.budget_left is not None else None))
    yield html(text.sli(status.figures.sli))
    yield html(text.objective(objective.percent if objective else None))
