"""The table of SLOs as HTML, for paper: the canvas of the screen prints as a picture of its first rows.

It becomes part of the page when print begins: hundreds of rows that nobody sees would take the browser as long as the
rest of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from tomoni.review.agreements import next_review
from tomoni.review.model import SloStatus
from tomoni.slo.burn_windows import in_tables
from tomoni.ui.blocks import chip, number_table
from tomoni.ui.escape import html
from tomoni.ui.overview.slo_table import data_frame
from tomoni.words.text import Text

_SCRIPT = (Path(__file__).parent / "paper.js").read_text()


def draw(table: str) -> None:
    """Give print the table that `paper_table` wrote."""
    with st.container(key="paper"):
        component("tomoni.paper", js=_SCRIPT)(key="paper-table", data={"table": table}, height=0)


def paper_table(statuses: Sequence[SloStatus], text: Text) -> str:
    """All rows of the table in the order of the screen, as HTML."""
    known = data_frame(statuses, text)
    shown = ("app", "journey", "slo", "policy")
    words = zip(*(map(str, known[column]) for column in shown), strict=True)
    burns = in_tables(status.figures.burn for status in statuses)
    rows = (_row(status, row, burns, text) for status, row in zip(statuses, words, strict=True))
    return number_table(_heads(burns, text), rows, texts=4, classes="tm-slos-paper")


def _heads(burns: Sequence[int], text: Text) -> tuple[str, ...]:
    _ = text._
    burn = (_("Burn %(window)s") % {"window": text.duration(seconds)} for seconds in burns)
    first = (_("State"), _("App"), _("Journey"), _("SLO"), _("Budget left"), _("7 days, points"), _("SLI"))
    return (*first, _("Objective"), *burn, _("Policy"), _("Next review"))


def _row(status: SloStatus, words: tuple[str, ...], burns: Sequence[int], text: Text) -> tuple[str, ...]:
    """The cells of an SLO; ``words`` are the names of app, journey and SLO, and the level of the policy."""
    figures, left, objective = status.figures, status.budget_left, status.slo.objective
    review = next_review(status.app, status.as_of)
    *names, level = words
    return (
        chip(figures.state, text),
        *map(html, names),
        text.budget(left),
        text.points(None if left is None else status.change_7d),
        text.sli(figures.sli),
        text.objective(objective.percent if objective else None),
        *(text.burn(figures.burn.get(seconds)) for seconds in burns),
        html(level),
        html(text.day(review.timestamp(), year=False) if review else "—"),
    )
