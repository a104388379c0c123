"""The places that a meeting is led through: its steps, and within "Journeys" one for each journey."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from tomoni.catalog.for_reviews import Step
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.url_state import View, change_view


@dataclass(frozen=True, slots=True)
class Place:
    """A step by its code, and in "Journeys" the journey, the SLO of the figure and the episode that it is around."""

    step: str
    journey: str | None = None
    slo: str | None = None
    episode: int | None = None

    @property
    def stop(self) -> Place:
        """The place without what is looked at there."""
        return replace(self, slo=None, episode=None)


def stops(view: MeetingView) -> list[Place]:
    """All places that the keys lead through, in their order."""
    found: list[Place] = []
    for step in view.agenda.steps:
        if step.step is Step.JOURNEYS:
            found += [Place(step.step.value, journey.id) for journey in view.app.journeys if journey.slos]
        else:
            found.append(Place(step.step.value))
    return found


def place_of(view: MeetingView) -> Place:
    """The place that the address names; the first one of its step, or of the meeting, where it names less."""
    shown, known = view.context.view, stops(view)
    same = [place for place in known if place.step == shown.step]
    stop = next((place for place in same if place.journey == shown.journey), (same or known)[0])
    return replace(stop, slo=shown.slo, episode=shown.episode) if stop.journey else stop


def go(place: Place) -> None:
    """Lead to a place of the meeting, in the address."""
    change_view(step=place.step, journey=place.journey, slo=place.slo, episode=place.episode, zoom=None)


def shown_at(shown: View, place: Place) -> View:
    """A view at a place."""
    return replace(shown, step=place.step, journey=place.journey, slo=place.slo, episode=place.episode)


@dataclass(frozen=True, slots=True)
class Led:
    """Where a meeting is: the place, since when it is at that step (Unix seconds), and the sign of whoever leads:
    random letters of a press of "Lead", empty while nobody does."""

    place: Place
    began: int
    by: str = ""


_FIELDS = {"s": "step", "j": "journey", "o": "slo", "e": "episode"}


def written(led: Led) -> str:
    """The name under which the store keeps it."""
    found = {key: getattr(led.place, name) for key, name in _FIELDS.items()} | {"b": led.by, "t": led.began}
    return urlencode({name: value for name, value in found.items() if value})


def read(name: str) -> Led:
    """What `written` wrote."""
    found = dict(parse_qsl(name))
    at = found.get("e", "")
    place = Place(found.get("s", ""), found.get("j"), found.get("o"), int(at) if at.isdigit() else None)
    began = found.get("t", "")
    return Led(place, int(began) if began.isdigit() else 0, found.get("b", ""))
