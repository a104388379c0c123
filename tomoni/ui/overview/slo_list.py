"""The table of all SLOs in large type, for a shared screen: what a room compares, as plain HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tomoni.review.model import SloStatus
from tomoni.ui.blocks import budget_bar, chip, number_table
from tomoni.ui.escape import html
from tomoni.ui.links import app_link, slo_link
from tomoni.ui.url_state import View
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
