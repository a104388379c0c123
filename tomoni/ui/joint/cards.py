"""The cards of a journey: the remaining budget, state, SLI and recent change of each SLO."""

from __future__ import annotations

import streamlit as st

from tomoni.catalog.concerning import problems_of
from tomoni.catalog.local_text import apart
from tomoni.review.model import SloStatus, SloTrack
from tomoni.slo.journeys import CompositeMethod
from tomoni.slo.model import RollingWindow, State
from tomoni.ui.blocks import budget_bar, chip, mark_of, term
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html
from tomoni.ui.explain import explain, explanation_of
from tomoni.ui.joint.doubted import doubted
from tomoni.ui.joint.tiles import tiles
from tomoni.ui.kept import kept_of_review
from tomoni.ui.notices import definition_lines
from tomoni.ui.selection import Selection
from tomoni.words import budgets, headlines, problems
from tomoni.words.text import Text, mark

CARDS_IN_A_ROW = 4
_COMPOSITES = {
    CompositeMethod.EVENTS_SUMMED: mark("the events of all objectives added up"),
    CompositeMethod.WORST_OF: mark("that of the worst objective"),
}


def journey_line(selection: Selection, present: bool) -> None:
    """Draw the journey as a whole: its worst state, the number of SLOs in each state, and its budget, if it has one.
    Where a room reads it, only with a budget: the rest stands in the headline and on the cards."""
    standing, text = selection.standing, selection.text
    if standing is None or standing.state is None or (len(selection.tracks) < 2 and standing.composite is None):
        return
    if present and standing.composite is None:
        return
    found = headlines.states([track.status for track in selection.tracks], text)
    label = term("journey", text._("Journey"), text)
    parts = [f"{label}: {chip(standing.state.state, text)}", html(found)]
    if standing.composite is not None:
        facts = {
            "left": text.budget(standing.composite.remaining if standing.composite.total else None),
            "method": text._(_COMPOSITES[standing.composite.method]),
        }
        parts.append(html(text._("budget of the journey %(left)s (%(method)s)") % facts))
    st.html(f"<p class='tm-sub tm-journey'>{' · '.join(parts)}</p>")


def card_rows(context: Context, selection: Selection) -> None:
    """Draw a card for each SLO of the journey, side by side; of more than fit there one, with tiles of the others."""
    tracks, focus = selection.tracks, selection.focus
    if len(tracks) <= CARDS_IN_A_ROW:
        with st.container(key="cards"):
            for track in tracks:
                card(context, selection, track, focus=track is focus and len(tracks) > 1)
        return
    with st.container(key="focus-and-tiles"):
        card(context, selection, focus, focus=True)
        others = [track.status for track in tracks if track is not focus]
        st.html(tiles(others, selection.text, lambda status: _wrong(context, selection, status)))


def _wrong(context: Context, selection: Selection, status: SloStatus) -> list[str]:
    found = problems_of(context.tomoni.catalog, status.app, status.journey.id, status.slo)
    return [problems.line(problem, selection.text) for problem in found]


# The button of the explanation lies over the end of the last line, which leaves room for it.
_ROOM = "<span class='tm-room'></span>"


def card(context: Context, selection: Selection, track: SloTrack, focus: bool = False) -> None:
    """Draw a card with what is wrong with the SLO's definition and the explanation of its figures. ``focus``
    marks the SLO that the figure shows."""
    status, text, review = track.status, selection.text, selection.review
    place = f"{status.journey.id}-{status.slo.id}"
    found = problems_of(context.tomoni.catalog, status.app, status.journey.id, status.slo)
    with st.container(key=f"card-{'focus-' if focus else ''}{place}"):
        st.html(body(status, text, budgets.outlook(track.forecast, text), definition_lines(found, text)))
        about = ("explained", place)
        made = kept_of_review(context, review, about, lambda: explanation_of(context.explain(track), text))
        explain(status, made, text)


def body(status: SloStatus, text: Text, outlook: str = "", wrong: str = "") -> str:
    """The content of a card as HTML; ``outlook`` is the forecast in words, ``wrong`` what is wrong with the
    definition, as HTML."""
    names = apart((status.slo, *status.journey.slos), text.language)
    state, title = status.figures.state, html(names[status.slo.id])
    return (
        "<div class='tm-card-head'>"
        f"<span class='tm-card-title'>{mark_of(state)} {title}</span>{chip(state, text)}"
        f"</div>{_numbers(status, text)}{budget_bar(status)}{wrong}"
        f"<div class='tm-small tm-muted tm-changes'>{' · '.join(_changes(status, text, outlook))}{_ROOM}</div>"
    )


def _numbers(status: SloStatus, text: Text) -> str:
    figures, objective = status.figures, status.slo.objective
    left = term("budget_left", text._("budget left"), text)
    target = text._("objective %(percent)s") % {"percent": text.objective(objective.percent if objective else None)}
    return (
        "<div class='tm-card-numbers'>"
        f"<div><div class='tm-big'>{html(text.budget(status.budget_left))}</div>"
        f"<div class='tm-small tm-muted'>{text.listed((left, flowing(window(status, text))))}</div></div>"
        f"<div class='tm-side'><b>{html(text.sli(figures.sli))}</b>"
        f"<div class='tm-small tm-muted'>{term('objective', target, text)}</div></div>"
        "</div>"
    )


def _changes(status: SloStatus, text: Text, outlook: str) -> list[str]:
    """The change within a week, the forecast, and notes on the data."""
    parts = []
    if status.figures.state is State.COLLECTING:
        parts.append(html(budgets.first_part(status, text)))
    if budgets.wholly_excluded(status):
        parts.append(html(text._("the whole window is excluded by agreement")))
    if status.change_7d is not None:
        parts.append(html(budgets.change_in_a_week(status.change_7d, text)))
    if outlook:
        parts.append(term("forecast", outlook, text))
    if status.figures.projected is not None and status.budget_left is not None:
        whole = text._("whole period: %(left)s") % {"left": text.budget(status.figures.projected.remaining)}
        parts.append(term("projected", whole, text))
    if observed := budgets.observed(status, text):
        parts.append(term("coverage", observed, text))
    if status.figures.too_few_events:
        parts.append(term("too_few_events", text._("too few events to judge"), text))
    return [*parts, *(f"<span class='tm-at_risk'>▲ {html(said)}</span>" for said in doubted(status, text))]


def window(status: SloStatus, text: Text) -> str:
    """The window of an SLO: "28 d", or the dates of its calendar period."""
    spec = status.slo.window
    if spec is None:
        return text.duration(None)
    if isinstance(spec, RollingWindow):
        return text.duration(spec.seconds)
    return text.span(status.figures.start, status.figures.end)
