"""A state as HTML: icon, word and colour together."""

from __future__ import annotations

from tomoni.review.model import SloStatus
from tomoni.slo.model import State
from tomoni.ui.escape import html
from tomoni.words import states
from tomoni.words.text import Text


def budget_left(status: SloStatus) -> float | None:
    """The budget that is left, as it is shown: None where nothing was counted, since no data is no number."""
    return None if status.figures.state in (State.NO_DATA, State.NO_TRAFFIC) else status.figures.remaining


def chip(state: State, text: Text) -> str:
    """Icon and word in the state's colour."""
    return f"<span class='tm-state tm-{state.value}'>{html(states.label(state, text))}</span>"


def mark_of(state: State) -> str:
    """The icon alone, in the state's colour; the word stands nearby."""
    return f"<span class='tm-{state.value}' aria-hidden='true'>{states.icon(state)}</span>"
