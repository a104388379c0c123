"""What a story of the demo's apps is made of: told by `demo_story`, to fit the numbers of the demo source.

Texts are what people typed, so they are not translated: each is here in English and Japanese, and the language of
the app's agenda, else the first one of the settings, decides which one is told. Clocks are Tokyo's; days are before
the day of the story.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tomoni.meetings.model import Choice, EventKind, Reason

T = tuple[str, str]  # English, Japanese


@dataclass(frozen=True, slots=True)
class Todo:
    """An action of the team in a role, due some days after the review; one that is ``done`` was by the next one."""

    key: str
    text: T
    role: str
    days: int
    done: bool = False


@dataclass(frozen=True, slots=True)
class Burn:
    """An incident of the demo's world: when it began, how many minutes it lasted, which SLO (``journey/slo``) it
    burned most of, what was learned from it (None: nothing was written yet), and the risk of the app's file that came
    true, where one did. An alert fired ``alerted`` minutes after it began (None: none did)."""

    key: str
    days: int
    clock: str
    minutes: int
    slo: str
    title: T
    ticket: str
    reason: Reason = Reason.INCIDENT
    learned: T | None = None
    factors: tuple[T, ...] = ()
    todos: tuple[Todo, ...] = ()
    risk: str = ""
    alerted: int | None = 7


@dataclass(frozen=True, slots=True)
class Release:
    """An event: a deploy unless it says otherwise."""

    days: int
    clock: str
    title: T
    what: EventKind = EventKind.DEPLOY


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question, with its answer once there is one."""

    text: T
    answer: T | None = None
    step: str = "journeys"


@dataclass(frozen=True, slots=True)
class Talk:
    """What a review wrote: notes by step, conclusions other than "kept", a decision with its reason, actions and
    questions besides those that follow from incidents."""

    notes: Mapping[str, T] = field(default_factory=dict)
    choices: Mapping[str, tuple[Choice, T]] = field(default_factory=dict)
    decision: tuple[T, T] | None = None
    todos: tuple[Todo, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """The story of an app: its reviews, the earlier first, what happened, and what waits for the next review."""

    talks: tuple[Talk, Talk]
    burns: tuple[Burn, ...] = ()
    releases: tuple[Release, ...] = ()
    waiting: tuple[Doubt, ...] = ()
