"""What apps, journeys and SLOs are called where they stand side by side: equal titles are told apart by their ids.

Only what a reader is shown counts: that somebody else's app has the same title is told by no id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

from tomoni.catalog.local_text import LocalText
from tomoni.review.model import SloStatus


class _Titled(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def title(self) -> LocalText: ...


def apart(things: Iterable[_Titled], language: str) -> dict[str, str]:
    """The titles of some things by their ids, with the id behind a title that several have."""
    titles = {each.id: each.title(language) for each in things}
    count = Counter(titles.values())
    return {id_: f"{title} ({id_})" if count[title] > 1 else title for id_, title in titles.items()}


def names_of(statuses: Iterable[SloStatus], language: str) -> Mapping[str, tuple[str, str, str]]:
    """What each of some SLOs that are shown together is called, by its path: its app, its journey and itself."""
    shown = list(statuses)
    apps = apart((each.app for each in shown), language)
    found: dict[str, tuple[str, str, str]] = {}
    for app in {each.app.id: each.app for each in shown}.values():
        of_app = [each for each in shown if each.app.id == app.id]
        journeys = apart((each.journey for each in of_app), language)
        slos = {id_: apart((each.slo for each in of_app if each.journey.id == id_), language) for id_ in journeys}
        for each in of_app:
            found[each.path] = (apps[app.id], journeys[each.journey.id], slos[each.journey.id][each.slo.id])
    return found
