"""What teams agree on beforehand for their reviews, once it is read: agendas and risks. Plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tomoni.catalog.local_text import LocalText


class Step(StrEnum):
    """A step of the review meeting; the values are part of the contract (URLs, records, agendas)."""

    FOLLOW_UPS = "follow_ups"
    SINCE = "since"
    JOURNEYS = "journeys"
    BURNED = "burned"
    AHEAD = "ahead"
    DECIDE = "decide"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class AgendaStep:
    """A step that a team goes through: the minutes it takes, and what the team itself asks and checks at it."""

    step: Step
    minutes: int
    questions: tuple[LocalText, ...] = ()
    checks: tuple[LocalText, ...] = ()


USUAL_MINUTES: Mapping[Step, int] = {
    Step.FOLLOW_UPS: 5,
    Step.SINCE: 5,
    Step.JOURNEYS: 10,
    Step.BURNED: 10,
    Step.AHEAD: 5,
    Step.DECIDE: 8,
    Step.CLOSE: 2,
}


@dataclass(frozen=True, slots=True)
class Agenda:
    """How an app's review goes: the steps in their order, the last of them to close it.

    ``language`` is that of the review (None: each reader's own); ``hints`` whether it shows what a facilitator
    may ask.
    """

    steps: tuple[AgendaStep, ...] = tuple(AgendaStep(step, minutes) for step, minutes in USUAL_MINUTES.items())
    language: str | None = None
    hints: bool = True

    @property
    def minutes(self) -> int:
        """The length of the whole review."""
        return sum(step.minutes for step in self.steps)

    def of(self, step: str) -> AgendaStep | None:
        """What it says of a step; None where it is left out."""
        return next((each for each in self.steps if each.step == step), None)


@dataclass(frozen=True, slots=True)
class EventFeed:
    """Where an app's events come from: an expression whose series that appear are events called ``title`` (labels in
    double braces), ``alerts`` that fire (label matchers), called so too, or a ``file``."""

    source: str
    kind: str
    query: str = ""
    title: str = ""
    file: str = ""
    alerts: str = field(default="", metadata={"unless_empty": True})


class TicketKind(StrEnum):
    """What kind of tracker an app's tickets are in; the values are part of the contract."""

    GITHUB = "github"
    GITLAB = "gitlab"
    JIRA = "jira"
    BACKLOG = "backlog"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Tickets:
    """Where a new ticket is written: the tracker's address, or of a form one with placeholders."""

    kind: TicketKind
    url: str


@dataclass(frozen=True, slots=True)
class KnownRisk:
    """What may go wrong, as the app's file has it: minutes to notice it and to repair it, the share of users that it
    hits (0 to 1), the days from one time to the next. ``journeys`` are those that it hits (all where none is named).
    """

    id: str
    title: LocalText
    text: LocalText | None
    journeys: tuple[str, ...]
    detect_minutes: float
    repair_minutes: float
    share_of_users: float
    days_between: float
    accepted: bool = False
