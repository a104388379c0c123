"""Journeys from the statuses of their SLOs."""

from __future__ import annotations

from collections.abc import Iterable

from tomoni.catalog.schema import App, Journey
from tomoni.review.model import JourneyStanding, SloStatus
from tomoni.slo.journeys import Composite, composite, journey_state
from tomoni.slo.model import Figures


def standings(statuses: Iterable[SloStatus]) -> tuple[JourneyStanding, ...]:
    """The journeys of some statuses, in their order."""
    found: dict[tuple[str, str], list[SloStatus]] = {}
    for status in statuses:
        found.setdefault((status.app.id, status.journey.id), []).append(status)
    return tuple(_standing(members[0].app, members[0].journey, members) for members in found.values())


def _standing(app: App, journey: Journey, members: list[SloStatus]) -> JourneyStanding:
    figures = [member.figures for member in members]
    at_risk_below = members[0].slo.definition.at_risk_below
    return JourneyStanding(app, journey, journey_state(figures), _composite(journey, figures, at_risk_below))


def _composite(journey: Journey, figures: list[Figures], at_risk_below: float) -> Composite | None:
    if journey.composite is None:
        return None
    try:
        return composite(figures, journey.composite, at_risk_below)
    except ValueError:  # events and slices of time have no sum; `check` has said so
        return None
