"""The places that a meeting is led through: its steps, and within "Journeys" one for each journey."""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.meetings.steps import STEPS
from tomoni.ui.meeting.view import MeetingView


@dataclass(frozen=True, slots=True)
class Place:
    """A step by its code, and in "Journeys" the journey."""

    step: str
    journey: str | None = None


def places(view: MeetingView) -> list[Place]:
    """All places of a meeting in their order."""
    found: list[Place] = []
    for step in steps_of(view):
        if step == "journeys":
            found += [Place(step, journey.id) for journey in view.app.journeys if journey.slos] or [Place(step)]
        else:
            found.append(Place(step))
    return found


def steps_of(view: MeetingView) -> tuple[str, ...]:
    """The codes of the steps of a meeting, in its order."""
    return STEPS
