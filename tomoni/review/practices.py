"""What an app and its teams practise already, and what they do not yet: facts, never a score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tomoni.catalog.schema import App


class Practice(StrEnum):
    """One practice, in the order in which they build on each other; the values are part of the contract."""

    OWNERS = "owners"
    JOURNEYS = "journeys"
    SLOS = "slos"
    POLICY = "policy"
    RHYTHM = "rhythm"
    REVIEWS = "reviews"
    RISKS = "risks"
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True)
class Practised:
    """How a practice stands: ``there`` of ``of`` (1 where it is there or not). ``of`` 0: there is nothing it could be
    about yet, as with questions that nobody asked."""

    practice: Practice
    there: int
    of: int = 1

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is missing."""
        return self.there > 0 and self.there >= self.of

    @property
    def is_open(self) -> bool:
        """Whether there is a next step to it."""
        return self.of > 0 and not self.is_whole


@dataclass(frozen=True, slots=True)
class WrittenOf:
    """What teams wrote of an app: closed reviews, risks on the page, questions that are answered, and all of them."""

    reviews: int = 0
    risks: int = 0
    answered: int = 0
    questions: int = 0


@dataclass(frozen=True, slots=True)
class AppPractices:
    """The practices of one app, in their order."""

    app: App
    practised: tuple[Practised, ...]

    @property
    def next(self) -> Practised | None:
        """The first one that is not there or not whole yet; None where all are."""
        return next((each for each in self.practised if each.is_open), None)


def practices_of(app: App, written: WrittenOf) -> AppPractices:
    """How an app stands."""
    with_slos = sum(bool(journey.slos) for journey in app.journeys)
    known: Mapping[Practice, tuple[int, int]] = {
        Practice.OWNERS: (sum(bool(app.teams.get(role)) for role in ("app", "infra")), 2),
        Practice.JOURNEYS: (len(app.journeys), 1),
        Practice.SLOS: (with_slos, max(len(app.journeys), 1)),
        Practice.POLICY: (int(app.policy is not None), 1),
        Practice.RHYTHM: (int(app.review is not None), 1),
        Practice.REVIEWS: (written.reviews, 1),
        Practice.RISKS: (max(len(app.risks), written.risks), 1),
        Practice.QUESTIONS: (written.answered, written.questions),
    }
    return AppPractices(app, tuple(Practised(practice, *known[practice]) for practice in Practice))
