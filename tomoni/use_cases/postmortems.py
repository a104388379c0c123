"""The library of postmortems: what is in it, and the contributing factors that recur."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from tomoni.meetings.meetings import Meetings
from tomoni.meetings.model import Incident, Postmortem
from tomoni.meetings.records import Record


@dataclass(frozen=True, slots=True)
class Library:
    """The postmortems that were asked for, the last changed first, of how many, and the incidents of all by id.
    ``searched`` is whether words were asked for."""

    shown: tuple[Record[Postmortem], ...]
    total: int
    incidents: dict[str, Record[Incident]]
    searched: bool


@dataclass(frozen=True, slots=True)
class Factor:
    """A contributing factor as it was last written, and how many postmortems name it, in how many apps."""

    name: str
    count: int
    apps: int


def library(meetings: Meetings, query: str, app: str | None = None) -> Library:
    """The postmortems of all apps or of one that contain all words of a query. Raises StoreError."""
    everything = meetings.records.listed(Postmortem, app)
    found = meetings.search.matching(query)
    if found is None:
        shown = sorted(everything, key=lambda each: -each.changed_at)
    else:
        place = {id_: n for n, id_ in enumerate(found)}
        shown = sorted((each for each in everything if each.id in place), key=lambda each: place[each.id])
    incidents = {each.id: each for each in meetings.records.listed(Incident, app)}
    return Library(tuple(shown), len(everything), incidents, found is not None)


def recurring(postmortems: Iterable[Record[Postmortem]]) -> tuple[Factor, ...]:
    """The contributing factors by how many postmortems name them, the most first; one written in another case or
    width is the same."""
    names: dict[str, str] = {}
    apps: dict[str, list[str]] = {}
    for record in sorted(postmortems, key=lambda each: each.changed_at):
        own = {_same(factor): factor for factor in record.value.factors}
        names |= own
        for key in own:
            apps.setdefault(key, []).append(record.value.app)
    found = [Factor(names[key], len(of), len(set(of))) for key, of in apps.items()]
    return tuple(sorted(found, key=lambda each: (-each.count, each.name)))


def _same(factor: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", factor).casefold().split())
