"""One card for each SLO: what is left of its budget, how it stands, and how it changed."""

from __future__ import annotations

import streamlit as st

from tomoni.review.model import Explanation, SloStatus, SloTrack
from tomoni.slo.model import RollingWindow
from tomoni.ui.escape import html
from tomoni.ui.explain import explain
from tomoni.ui.states import budget_left, chip, mark_of
from tomoni.ui.terms import term
from tomoni.words import burning
from tomoni.words.text import Text


def card(track: SloTrack, made: Explanation, text: Text, focus: bool = False) -> None:
    """A card, and how its numbers were ``made``. ``focus`` marks the SLO that the figure shows."""
    status = track.status
    place = f"{status.journey.id}-{status.slo.id}"
    with st.container(key=f"card-{'focus-' if focus else ''}{place}"):
        st.html(body(status, text, burning.outlook(track.forecast, text)))
        explain(made, text)


def body(status: SloStatus, text: Text, outlook: str = "") -> str:
    """The card's content as HTML; ``outlook`` says in words when the budget runs out or comes back."""
    state, title = status.figures.state, html(status.slo.title(text.language))
    return (
        "<div class='tm-card-head'>"
        f"<span class='tm-card-title'>{mark_of(state)} {title}</span>{chip(state, text)}"
        f"</div>{_numbers(status, text)}{_bar(status)}"
        f"<div class='tm-small tm-muted'>{' · '.join(_changes(status, text, outlook))}</div>"
    )


def _numbers(status: SloStatus, text: Text) -> str:
    figures, objective = status.figures, status.slo.objective
    left = term("budget_left", text._("budget left"), text)
    target = text._("objective %(percent)s") % {"percent": text.percent(objective.ratio if objective else None)}
    return (
        "<div class='tm-card-numbers'>"
        f"<div><div class='tm-big'>{html(text.budget(budget_left(status)))}</div>"
        f"<div class='tm-small tm-muted'>{left}, {html(window(status, text))}</div></div>"
        f"<div class='tm-side'><b>{html(text.sli(figures.sli))}</b>"
        f"<div class='tm-small tm-muted'>{term('objective', target, text)}</div></div>"
        "</div>"
    )


def _bar(status: SloStatus) -> str:
    """The budget as a bar: full at 100 %, empty at 0 and below."""
    share = min(1.0, max(0.0, budget_left(status) or 0.0))
    return f"<div class='tm-bar tm-{status.figures.state.value}'><i style='width:{share * 100:.1f}%'></i></div>"


def _changes(status: SloStatus, text: Text, outlook: str) -> list[str]:
    """What moved within a week, and what a reader should know of the data."""
    parts = []
    if status.change_7d is not None:
        parts.append(html(change(status.change_7d, text)))
    if outlook:
        parts.append(term("forecast", outlook, text))
    if status.figures.projected is not None and budget_left(status) is not None:
        whole = text._("whole period: %(left)s") % {"left": text.budget(status.figures.projected.remaining)}
        parts.append(term("projected", whole, text))
    if status.figures.too_few_events:
        parts.append(term("too_few_events", text._("too few events to judge"), text))
    if status.problem is not None:
        until = text.near_moment(status.known_until) if status.known_until else text._("never")
        told = text._("last data: %(moment)s") % {"moment": until}
        parts.append(f"<span class='tm-at_risk'>▲ {html(told)}</span>")
    return parts


def change(difference: float, text: Text) -> str:
    """How far the budget moved in 7 days: "▼ 44 points in 7 days"."""
    points = text.points(difference)
    if points.strip("+-0.,") == "":
        return text._("no change in 7 days")
    arrow = "▼" if difference < 0 else "▲"
    return f"{arrow} " + text._("%(points)s points in 7 days") % {"points": points.lstrip("+-")}


def window(status: SloStatus, text: Text) -> str:
    """The window of an SLO in a few words: "28 d", or its calendar period."""
    spec = status.slo.window
    if spec is None:
        return text.duration(None)
    if isinstance(spec, RollingWindow):
        return text.duration(spec.seconds)
    return text.span(status.figures.start, status.figures.end)
