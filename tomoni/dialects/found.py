"""What a dialect's reading takes and gives: SLOs in the keys of app files, before they are put into files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tomoni.catalog.document import Place
from tomoni.dialects.reading import Reading

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user said about the import. ``window_seconds`` is that of specs which leave it to the tool;
    ``source_of`` gives the id of the source for a kind and the name that a spec gives to it, ``kind_of`` the kind of
    the source that the user named for such a name ("" for none); ``app`` puts everything into one app."""

    source_of: Callable[[str, str], str]
    kind_of: Callable[[str], str] = lambda name: ""
    window_seconds: int | None = None
    app: str | None = None


@dataclass(frozen=True, slots=True)
class FoundSlo:
    """An SLO of a spec. ``app``, ``journey`` and ``name`` are words, which become ids; ``keys`` those of the SLO in
    an app file, without ``id``. ``reading`` and ``place`` are where it was found; at the places ``beside`` more of it
    is written, such as an indicator that several share."""

    app: str
    journey: str
    name: str
    keys: Mapping[str, object]
    reading: Reading
    place: Place
    beside: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundApp:
    """Keys of an app that a spec says something about, such as ``description`` or ``labels``, by its words; with
    ``journey`` those of one of its journeys."""

    app: str
    keys: Mapping[str, object]
    journey: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What the documents of a dialect hold, and the readings with the report of each document."""

    slos: tuple[FoundSlo, ...]
    readings: tuple[Reading, ...]
    apps: tuple[FoundApp, ...] = field(default=())
