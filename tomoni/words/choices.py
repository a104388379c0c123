"""The words of what teams choose from when they meet: conclusions, decisions, reasons, and what became of things."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.catalog.for_reviews import Step
from tomoni.meetings.model import ActionState, Choice, DecisionKind, EventKind, QuestionState, Reason
from tomoni.words.text import Text, mark

STEPS: Mapping[str, str] = {
    Step.FOLLOW_UPS: mark("Follow-ups"),
    Step.SINCE: mark("Since last time"),
    Step.JOURNEYS: mark("Journeys"),
    Step.BURNED: mark("What burned"),
    Step.AHEAD: mark("Ahead"),
    Step.DECIDE: mark("Decide"),
    Step.CLOSE: mark("Close"),
}
CHOICES: Mapping[Choice, str] = {
    Choice.KEPT: mark("Kept as it is"),
    Choice.OBJECTIVE: mark("Adjust the objective"),
    Choice.SLI: mark("Adjust the SLI"),
    Choice.DATA: mark("The data is not clean"),
    Choice.NOT_DISCUSSED: mark("Not discussed"),
}
DECISIONS: Mapping[DecisionKind, str] = {
    DecisionKind.CONFIRMED: mark("as the policy proposes"),
    DecisionKind.CHANGED: mark("other than the policy proposes"),
    DecisionKind.EXCEPTION: mark("exception from the policy"),
}
REASONS: Mapping[Reason, str] = {
    Reason.INCIDENT: mark("Incident"),
    Reason.DEPLOY: mark("Deploy"),
    Reason.DEPENDENCY: mark("Dependency"),
    Reason.PLANNED: mark("Planned work"),
    Reason.UNKNOWN: mark("Not yet understood"),
}
QUESTIONS: Mapping[QuestionState, str] = {
    QuestionState.OPEN: mark("open"),
    QuestionState.ANSWERED: mark("answered"),
    QuestionState.PARKED: mark("parked"),
    QuestionState.ACTION: mark("turned into an action"),
}
ACTIONS: Mapping[ActionState, str] = {
    ActionState.OPEN: mark("open"),
    ActionState.DONE: mark("done"),
    ActionState.DROPPED: mark("dropped"),
}
EVENTS: Mapping[EventKind, str] = {
    EventKind.DEPLOY: mark("Deploy"),
    EventKind.RELEASE: mark("Release"),
    EventKind.PLANNED: mark("Planned work"),
    EventKind.FLAG: mark("Feature flag"),
    EventKind.ALERT: mark("Alert"),
    EventKind.OTHER: mark("Other event"),
}


def step(code: str, text: Text) -> str:
    """The name of a step of a meeting; the code of one that is not known."""
    return text._(STEPS[code]) if code in STEPS else code


def choice(value: Choice, text: Text) -> str:
    """What was concluded of an objective."""
    return text._(CHOICES[value])


def decision(value: DecisionKind, text: Text) -> str:
    """How a decision stands to the policy."""
    return text._(DECISIONS[value])


def reason(value: Reason, text: Text) -> str:
    """What an episode goes with."""
    return text._(REASONS[value])


def question(value: QuestionState, text: Text) -> str:
    """What became of a question."""
    return text._(QUESTIONS[value])


def action(value: ActionState, text: Text) -> str:
    """What became of an action."""
    return text._(ACTIONS[value])


def event(value: EventKind, text: Text) -> str:
    """What kind of event it was."""
    return text._(EVENTS[value])
