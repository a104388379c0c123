"""What apps, journeys and SLOs are called where they stand side by side: equal titles are told apart by their ids.

Only what a reader is shown counts: that somebody else's app has the same title is told by no id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tomoni.catalog.local_text import apart
from tomoni.catalog.schema import App, Journey, Slo
from tomoni.review.model import SloStatus


def within_app(app: App, journey: Journey, slo: Slo, language: str) -> tuple[str, str]:
    """What a journey and its SLO are called beside the others of their app."""
    return apart((*app.journeys, journey), language)[journey.id], apart((*journey.slos, slo), language)[slo.id]


def within_its_app(status: SloStatus, language: str) -> tuple[str, str]:
    """The same for the SLO of a status."""
    return within_app(status.app, status.journey, status.slo, language)


def names_of(statuses: Iterable[SloStatus], language: str) -> Mapping[str, tuple[str, str, str]]:
    """What each of some SLOs that are shown together is called, by its path: its app, its journey and itself."""
    shown = list(statuses)
    apps = apart((each.app for each in shown), language)
    found: dict[str, tuple[str, str, str]] = {}
    by_app: dict[str, list[SloStatus]] = {}
    for each in shown:
        by_app.setdefault(each.app.id, []).append(each)
    for of_app in by_app.values():
        journeys = apart((each.journey for each in of_app), language)
        slos = {id_: apart((each.slo for each in of_app if each.journey.id == id_), language) for id_ in journeys}
        for each in of_app:
            found[each.path] = (apps[each.app.id], journeys[each.journey.id], slos[each.journey.id][each.slo.id])
    return found
