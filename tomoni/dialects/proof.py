"""Proving that what will be written is valid: the text is read as the product reads its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tomoni.catalog.apps import AppReader
from tomoni.catalog.document import Fault, Place
from tomoni.catalog.schema import Settings
from tomoni.catalog.sources import SourceTable
from tomoni.catalog.yaml_file import document_of
from tomoni.dialects.apps import NewApp
from tomoni.dialects.reading import CannotHold

_SLO_DEPTH = 4
CHECK = "check:"


class Unprovable(Exception):
    """An app that cannot be written even without its SLOs: an error of ours or of its own keys."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def proven(app: NewApp, write: Callable[[NewApp], str], kinds: Mapping[str, str]) -> tuple[NewApp, str]:
    """The app without the SLOs that the product would refuse, which are reported where they were found, and its text.

    ``kinds`` has the kind of each source by its id. Raises Unprovable.
    """
    text = write(app)
    refused = _refused(text, kinds)
    if not refused:
        return app, text
    slos = app.slos
    for place, fault in refused.items():
        if place not in slos:
            raise Unprovable(fault)
        found = slos[place].found
        found.reading.leave_out(found.place, CannotHold(found.place, CHECK + fault.code, **fault.facts))
    left = app.without(refused)
    return proven(left, write, kinds) if left.journeys else (left, "")


def _refused(text: str, kinds: Mapping[str, str]) -> dict[Place, Fault]:
    """The errors of a text, the first one of each SLO."""
    document = document_of("", text)
    AppReader(Settings(), SourceTable(kinds=kinds)).read(document)
    found: dict[Place, Fault] = {}
    for fault in document.errors():
        found.setdefault(fault.place[:_SLO_DEPTH], fault)
    return found
