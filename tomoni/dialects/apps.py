"""From what was found to apps as they will be written: ids, journeys, and the keys that all SLOs of an app share."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from tomoni.catalog.document import Place
from tomoni.catalog.values import MAX_ID
from tomoni.dialects.found import FoundSlo, Imported
from tomoni.dialects.report import Fate

_Given = dict[tuple[str, str | None], dict[str, object]]


@dataclass(frozen=True, slots=True)
class NewSlo:
    """An SLO as it will be written. ``keys`` has no ``id``."""

    id: str
    keys: Mapping[str, object]
    found: FoundSlo


@dataclass(frozen=True, slots=True)
class NewJourney:
    """A journey as it will be written. ``keys`` has neither ``id`` nor ``slos``."""

    id: str
    keys: Mapping[str, object]
    slos: tuple[NewSlo, ...]


@dataclass(frozen=True, slots=True)
class NewApp:
    """An app as it will be written. ``keys`` has neither ``app`` nor ``journeys``."""

    id: str
    keys: Mapping[str, object]
    journeys: tuple[NewJourney, ...]

    @property
    def slos(self) -> dict[Place, NewSlo]:
        """Its SLOs by their places in the file."""
        return {
            ("journeys", i, "slos", j): slo
            for i, journey in enumerate(self.journeys)
            for j, slo in enumerate(journey.slos)
        }

    def without(self, slos: Container[Place], keys: Mapping[Place, Container[str]]) -> NewApp:
        """The app without the SLOs at some places, and without some keys of what is at other places."""
        journeys = []
        for i, journey in enumerate(self.journeys):
            at: Place = ("journeys", i)
            places = {(*at, "slos", j): slo for j, slo in enumerate(journey.slos)}
            left = tuple(
                replace(slo, keys=_left(slo.keys, keys.get(place, ())))
                for place, slo in places.items()
                if place not in slos
            )
            journeys.append(replace(journey, keys=_left(journey.keys, keys.get(at, ())), slos=left))
        kept = tuple(each for each in journeys if each.slos)
        return replace(self, keys=_left(self.keys, keys.get((), ())), journeys=kept)


def _left(keys: Mapping[str, object], without: Container[str]) -> dict[str, object]:
    return {key: value for key, value in keys.items() if key not in without}


def apps_of(imported: Imported) -> list[NewApp]:
    """The apps of what was found, in its order. Words that give one id are one app, and one journey; those that differ
    in letters which no id has are not."""
    apps, journeys = _Ids(), defaultdict[str, _Ids](_Ids)
    by_app: dict[str, list[FoundSlo]] = defaultdict(list)
    plain_first = sorted(imported.slos, key=lambda slo: (any(map(_is_lost, slo.app)), any(map(_is_lost, slo.journey))))
    for slo in plain_first:
        journeys[apps.of(slo.app)].of(slo.journey)
    for slo in imported.slos:
        by_app[apps.of(slo.app)].append(slo)
    given: _Given = defaultdict(dict)
    for each in imported.apps:
        app = apps.of(each.app)
        given[app, journeys[app].of(each.journey) if each.journey else None].update(each.keys)
    return [_app(app, slos, given, journeys[app]) for app, slos in by_app.items()]


class _Ids:
    """The ids of words, the same for words that say the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}

    def of(self, words: str) -> str:
        """The id of some words; one with a number behind it where other words have it."""
        id_ = slug(words)
        key = id_, "".join(each for each in unicodedata.normalize("NFKC", words).lower() if _is_lost(each))
        if key not in self._known:
            self._known[key] = free_id(id_, self._known.values())
        return self._known[key]


def _is_lost(character: str) -> bool:
    """Whether nothing of a letter is in an id, not even without its accents."""
    return character.isalnum() and not unicodedata.normalize("NFKD", character).encode("ascii", "ignore")


def _app(app: str, slos: Sequence[FoundSlo], given: _Given, ids: _Ids) -> NewApp:
    by_journey: dict[str, list[FoundSlo]] = defaultdict(list)
    for slo in slos:
        by_journey[ids.of(slo.journey)].append(slo)
    alerts = [slo.keys.get("alerts") for slo in slos]
    shared = alerts[0] if alerts[0] and alerts.count(alerts[0]) == len(alerts) else None
    own = {**_titled(slos[0].app, app), **given[app, None]}
    if shared:
        own["alerts"] = shared
    journeys = tuple(
        _journey(journey, found, given[app, journey], shared is not None) for journey, found in by_journey.items()
    )
    return NewApp(app, own, journeys)


def _journey(journey: str, slos: Sequence[FoundSlo], own: Mapping[str, object], without_alerts: bool) -> NewJourney:
    made: dict[str, NewSlo] = {}
    for slo in slos:
        id_ = free_id(slug(slo.name), made)
        if id_ != slug(slo.name):
            slo.reading.note(slo.place, Fate.APPROXIMATED, "renamed", name=slo.name, id=id_)
        titled = {} if "title" in slo.keys else _titled(slo.name, id_)
        keys = {key: value for key, value in slo.keys.items() if key != "alerts" or not without_alerts}
        made[id_] = NewSlo(id_, {**titled, **keys}, slo)
    return NewJourney(journey, {**_titled(slos[0].journey, journey), **own}, tuple(made.values()))


def _titled(words: str, id_: str) -> dict[str, object]:
    """A title where the id does not say the same."""
    return {} if words == id_ else {"title": words}


def slug(words: str) -> str:
    """An id out of words: lower case, digits and hyphens, with room for a number behind."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: MAX_ID - 5].strip("-") or "imported"


def free_id(wanted: str, taken: Container[str]) -> str:
    """The id, or one with a number behind it where it is taken."""
    number, id_ = 1, wanted
    while id_ in taken:
        number += 1
        id_ = f"{wanted}-{number}"
    return id_
