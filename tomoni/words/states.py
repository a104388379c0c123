"""The states of a budget: an icon and a word each, so that color is never the only sign."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.slo.journeys import WORST_FIRST
from tomoni.slo.model import Severity, State
from tomoni.words.text import Text, mark

ICONS: Mapping[State, str] = {
    State.HEALTHY: "●",
    State.AT_RISK: "▲",
    State.EXHAUSTED: "■",
    State.COLLECTING: "◐",
    State.NO_TRAFFIC: "○",
    State.NO_DATA: "?",
}
WORDS: Mapping[State, str] = {
    State.HEALTHY: mark("Healthy"),
    State.AT_RISK: mark("At risk"),
    State.EXHAUSTED: mark("Exhausted"),
    State.COLLECTING: mark("Collecting data"),
    State.NO_TRAFFIC: mark("No traffic"),
    State.NO_DATA: mark("No data"),
}
MEANINGS: Mapping[State, str] = {
    State.HEALTHY: mark("Enough of the error budget is left."),
    State.AT_RISK: mark("Little of the error budget is left: plan changes with care."),
    State.EXHAUSTED: mark("The error budget of this window is spent: the objective is not met at the moment."),
    State.COLLECTING: mark("There is too little history for a verdict yet; the numbers cover the data so far."),
    State.NO_TRAFFIC: mark("The source answered, and the app had no requests in this window."),
    State.NO_DATA: mark("Nothing was observed in this window; how the app did is unknown."),
}
# Worst first; what cannot be judged comes before what is healthy, because it needs attention.
ORDER: tuple[State, ...] = WORST_FIRST
SEVERITIES: Mapping[Severity, str] = {Severity.PAGE: mark("page"), Severity.TICKET: mark("ticket")}


def icon(state: State) -> str:
    """The sign of a state: ● ▲ ■ ◐ ○ ?"""
    return ICONS[state]


def word(state: State, text: Text) -> str:
    """The word of a state."""
    return text._(WORDS[state])


def meaning(state: State, text: Text) -> str:
    """The meaning of a state, in one sentence."""
    return text._(MEANINGS[state])


def label(state: State, text: Text) -> str:
    """Sign and word together: "▲ At risk"."""
    return f"{icon(state)} {word(state, text)}"
