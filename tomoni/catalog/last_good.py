"""The last good text of every configuration file: a broken file never makes what it defined vanish.

Of an app's file each element (its head, each SLO, each signal) has the text in which it was last readable,
so that a mistake in one SLO holds back that SLO alone. Of the other files the whole text counts. Of
``sources.yaml`` only ids and kinds are kept, for its text may hold secrets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from tomoni.catalog.document import Document, Fault
from tomoni.catalog.schema import App, GoodFile, Journey, Slo, Spot
from tomoni.catalog.yaml_file import document_of

HEAD = ""
# Faults of these parts of an app's file concern one element each; those of other keys concern the whole app.
_PARTS = (("journeys",), ("infra",), ("links",))


ReadApp = Callable[[Document], App | None]


def digest(text: str) -> str:
    """The name of a text by its content."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_blank(document: Document) -> bool:
    """Whether nothing at all is in a file: not even a comment. A write that was cut off leaves that."""
    return document.text is not None and not document.text.strip()


def renewed(good: GoodFile, elements: Mapping[str, str], text: str) -> GoodFile:
    """What is kept, with other elements and the present text; texts that no element needs any more go."""
    texts = {**good.texts, digest(text): text}
    return GoodFile(elements, {key: texts[key] for key in sorted(set(elements.values()))})


@dataclass(frozen=True, slots=True)
class AppInForce:
    """An app with what is held of its last good definitions: the path of each SLO, and where it is broken."""

    app: App | None
    held: Mapping[str, Spot]
    good: GoodFile


def app_in_force(document: Document, app: App | None, good: GoodFile, read: ReadApp) -> AppInForce:
    """The app of a file, with the last good definition of everything in it that is broken now."""
    faults = document.errors()
    if app is None or document.text is None or any(fault.place[:1] not in _PARTS for fault in faults):
        found = _held(document, None, good, frozenset(), read)
        return found if found.app else AppInForce(app, {}, good)
    present = _readable(document, app, faults)
    kept = good.elements if faults else {}
    there = _written(document, faults)
    elements = {path: key for path, key in kept.items() if there is None or path in there}
    elements |= dict.fromkeys((HEAD, *present), digest(document.text))
    good = renewed(good, elements, document.text)
    return _held(document, app, good, present, read) if faults else AppInForce(app, {}, good)


def _held(document: Document, app: App | None, good: GoodFile, present: frozenset[str], read: ReadApp) -> AppInForce:
    apps = {key: read(document_of(document.file, text)) for key, text in good.texts.items()}
    base = app or apps.get(good.elements.get(HEAD, ""))
    if base is None:
        return AppInForce(app, {}, good)
    merged = base if app else replace(base, journeys=(), infra=())
    held: dict[str, Spot] = {}
    for path in [path for path in good.elements if path and path not in present]:
        last = apps.get(good.elements[path])
        changed = _with_element(merged, last, path) if last else None
        if changed is not None and not path.startswith("infra/"):
            held[f"{base.id}/{path}"] = _spot_of(document, path)
        merged = changed or merged
    return AppInForce(merged, held, good)


def _with_element(app: App, last: App, path: str) -> App | None:
    """An app with an element as it was in ``last``; None where it was not there."""
    parent, _, name = path.rpartition("/")
    if parent != "infra":
        return _with_slo(app, last, parent, name)
    signals = [signal for signal in last.infra if signal.id == name]
    others = [signal for signal in app.infra if signal.id != name]
    return replace(app, infra=(*others, *signals)) if signals else None


def _with_slo(app: App, last: App, parent: str, name: str) -> App | None:
    """An app with an SLO as it was, at the position that it had."""
    source = next((journey for journey in last.journeys if journey.id == parent), None)
    at = next((n for n, slo in enumerate(source.slos) if slo.id == name), None) if source else None
    if source is None or at is None:
        return None
    journeys = app.journeys
    if parent not in [journey.id for journey in journeys]:
        n = last.journeys.index(source)
        journeys = (*journeys[:n], replace(source, slos=()), *journeys[n:])
    slo = source.slos[at]
    return replace(app, journeys=tuple(_put(each, slo, at) if each.id == parent else each for each in journeys))


def _put(journey: Journey, slo: Slo, at: int) -> Journey:
    others = [other for other in journey.slos if other.id != slo.id]
    return replace(journey, slos=(*others[:at], slo, *others[at:]))


def _places(document: Document) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """The elements that are written, with their places; an id that cannot be read is not a text."""
    for n, journey in _items(document.at(("journeys",))):
        for m, slo in _items(journey.get("slos") if isinstance(journey, dict) else None):
            yield f"{_id(journey)}/{_id(slo)}", ("journeys", n, "slos", m)
    for n, signal in _items(document.at(("infra",))):
        yield f"infra/{_id(signal)}", ("infra", n)


def _items(written: object) -> Iterator[tuple[int, object]]:
    return enumerate(written) if isinstance(written, list) else enumerate(())


def _id(written: object) -> str:
    return str(written.get("id") or "") if isinstance(written, dict) else ""


def _readable(document: Document, app: App, faults: list[Fault]) -> frozenset[str]:
    """The elements of an app that have no fault, nor has what is around them."""
    read = {f"{journey.id}/{slo.id}" for journey in app.journeys for slo in journey.slos}
    read |= {f"infra/{signal.id}" for signal in app.infra}
    broken = {path for path, place in _places(document) if any(_concerns(fault, place) for fault in faults)}
    return frozenset(read - broken)


def _concerns(fault: Fault, place: tuple[str | int, ...]) -> bool:
    """Whether a fault is within an element, or of a key of its journey other than another SLO."""
    if fault.place[: len(place)] == place:
        return True
    return fault.place[:2] == place[:2] and fault.place[2:3] != ("slos",)


def _written(document: Document, faults: list[Fault]) -> set[str] | None:
    """The elements whose ids are written, to know what was deleted; None where a fault leaves that open."""
    paths = [path for path, _ in _places(document)]
    if not all(map(_is_within_an_element, faults)) or any(not part for path in paths for part in path.split("/")):
        return None
    return {HEAD, *paths}


def _is_within_an_element(fault: Fault) -> bool:
    depth = 4 if fault.place[0] == "journeys" else 2
    return fault.place[0] == "links" or (len(fault.place) > depth and fault.place[depth] != "id")


def _spot_of(document: Document, path: str) -> Spot:
    """Where an element is broken: its own first fault, else the first of the file."""
    faults = document.errors()
    place = next((place for found, place in _places(document) if found == path), ())
    own = [fault for fault in faults if place and _concerns(fault, place)]
    first = next(chain(own, faults))
    return Spot(document.file, first.line) if first.line else document.spot(first.place, first.at_key)
