"""Proving that what will be written is valid: the text is read as the product reads its files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from tomoni.catalog.apps import AppReader
from tomoni.catalog.document import Fault, Place
from tomoni.catalog.schema import Settings
from tomoni.catalog.sources import SourceTable
from tomoni.catalog.yaml_file import document_of
from tomoni.dialects.apps import NewApp
from tomoni.dialects.found import FoundSlo
from tomoni.dialects.reading import CannotHold
from tomoni.dialects.report import Fate

# Keys that an app, a journey or an SLO can do without.
_DISPENSABLE = frozenset({"title", "description", "labels", "annotations", "alerting", "timezone", "composite"})
CHECK = "check:"


class Unprovable(Exception):
    """An app that cannot be written even without its SLOs: an error of ours or of its own keys."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def proven(app: NewApp, write: Callable[[NewApp], str], kinds: Mapping[str, str]) -> tuple[NewApp, str]:
    """The app without what the product would refuse, which is reported where it was found, and its text.

    ``kinds`` has the kind of each source by its id. Raises Unprovable.
    """
    text = write(app)
    faults = _faults(text, kinds)
    if not faults:
        return app, text
    slos: set[Place] = set()
    keys: dict[Place, set[str]] = defaultdict(set)
    for fault in faults:
        place, key = _owner(fault.place)
        found = _found(app, place)
        if key in _DISPENSABLE:
            keys[place].add(key)
            found.reading.note(found.place, Fate.NOT_EXPRESSIBLE, CHECK + fault.code, **fault.facts)
        elif place in app.slos and place not in slos:
            slos.add(place)
            found.reading.leave_out(found.place, CannotHold(found.place, CHECK + fault.code, **fault.facts))
        elif place not in slos:
            raise Unprovable(fault)
    left = app.without(slos, keys)
    return proven(left, write, kinds) if left.journeys else (left, "")


def _faults(text: str, kinds: Mapping[str, str]) -> list[Fault]:
    """The errors of a text, the first one of each place."""
    document = document_of("", text)
    AppReader(Settings(), SourceTable(kinds=kinds)).read(document)
    return list({fault.place: fault for fault in reversed(document.errors())}.values())[::-1]


def _owner(place: Place) -> tuple[Place, str]:
    """What a place belongs to (an SLO, a journey, or the app), and the key of it."""
    depth = 0
    if place[:1] == ("journeys",) and len(place) > 1:
        depth = 4 if place[2:3] == ("slos",) and len(place) > 3 else 2
    return place[:depth], str(place[depth]) if len(place) > depth else ""


def _found(app: NewApp, place: Place) -> FoundSlo:
    """The SLO at a place, or the first one of the app or journey there."""
    slos = app.slos
    return next(slo.found for at, slo in slos.items() if at[: len(place)] == place)
