"""Who did what, when and from where: a chain of entries that is only ever added to.

Each entry has the hash of the one before it in its own, so that none can be changed, taken out or put between without
all later ones being different. Entries are added at the end of the transaction that writes: both are stored, or none.
What a reader looks at is no entry, and neither is anything about a question, which has no name.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, or_, select

from tomoni.access.pace import Pace
from tomoni.access.policy import EVERYTHING, Grants
from tomoni.catalog.who_may import Role
from tomoni.store.engine import at_the_end, reading, write
from tomoni.store.tables import audit as table

_FIRST = "0" * 64
_LOCK = 7_061_113  # of PostgreSQL: one transaction at a time adds to the chain
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: ``way`` is how (`page`, `api`, `command`, `tomoni` for the process itself), ``who`` the identity,
    token or account (empty where nobody signs in), ``place`` the address or machine."""

    way: str
    who: str = ""
    place: str = ""


ITSELF = Actor("tomoni")


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed: its number from 1, when (Unix seconds), by whom, what (`action.added`), of which app (empty for none),
    and about what (an id or a name)."""

    number: int
    at: int
    actor: Actor
    what: str
    app: str
    about: str
    previous: str
    hash: str

    def as_json(self) -> str:
        """One line of JSON."""
        return json.dumps(_said(self), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """What was found of the chain: how many entries hold, the hash of the last of them, and the number of the first
    that does not (None: all do)."""

    entries: int
    last: str
    broken_at: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are looked for: with a text in any of their parts, of an app, since a moment (Unix seconds)."""

    text: str = ""
    app: str | None = None
    since: int | None = None


class Deeds:
    """Remembers what one actor does. ``clock`` gives Unix seconds."""

    def __init__(self, clock: Callable[[], float], actor: Actor = ITSELF, pace: Pace | None = None) -> None:
        self._clock, self._actor, self._pace = clock, actor, pace

    def remember(self, connection: Connection, what: str, app: str = "", about: str = "") -> None:
        """Adds an entry when the write transaction is about to end: until then others go on adding theirs.
        Raises TooOftenError."""
        self._count(what, self._actor.who or self._actor.place)
        at, actor = int(self._clock()), self._actor
        at_the_end(connection, lambda ending: _append(ending, at, actor, (what[:100], app[:100], about[:300])))

    def count_question(self) -> None:
        """Counts a question without remembering anything of it: all readers have one limit. Raises TooOftenError."""
        self._count("question.asked", "")

    def _count(self, what: str, who: str) -> None:
        if self._pace is not None and self._actor.way == "page":
            self._pace.take(what, who)


class Audit:
    """Reads the chain. All methods raise StoreError, and NotAllowedError for who is no admin."""

    def __init__(self, engine: Engine, grants: Grants = EVERYTHING) -> None:
        self._engine, self._grants = engine, grants

    def found(self, wanted: Wanted = Wanted(), most: int = 200) -> tuple[Entry, ...]:
        """The newest entries that are looked for."""
        self._grants.require(Role.ADMIN)
        c = table.c
        query = select(table).order_by(c.number.desc()).limit(most)
        for word in wanted.text.split():
            parts = (c.who, c.place, c.what, c.about, c.app, c.way)
            query = query.where(or_(*(func.lower(part).contains(word.lower(), autoescape=True) for part in parts)))
        if wanted.app is not None:
            query = query.where(c.app == wanted.app)
        if wanted.since is not None:
            query = query.where(c.at >= wanted.since)
        with reading(self._engine) as connection:
            return tuple(map(_entry, connection.execute(query)))

    def all(self) -> Iterator[Entry]:
        """All entries, the oldest first, some at a time."""
        self._grants.require(Role.ADMIN)
        last = 0
        while rows := self._after(last):
            yield from rows
            last = rows[-1].number

    def verify(self) -> Chain:
        """Whether every entry is as it was written, and none is missing between two."""
        count, last = 0, _FIRST
        for entry in self.all():
            if entry.number != count + 1 or entry.previous != last or entry.hash != _hash(entry):
                return Chain(count, last, count + 1)
            count, last = entry.number, entry.hash
        return Chain(count, last)

    def _after(self, number: int) -> list[Entry]:
        query = select(table).where(table.c.number > number).order_by(table.c.number).limit(_AT_ONCE)
        with reading(self._engine) as connection:
            return [_entry(row) for row in connection.execute(query)]


def remember_alone(engine: Engine, actor: Actor, what: str, about: str) -> None:
    """Adds a deed about a whole database, now. Raises StoreError."""
    deeds = Deeds(time.time, actor)
    write(engine, lambda connection: deeds.remember(connection, what, about=about))


def end_of(engine: Engine) -> str:
    """How the audit of a database ends that is about to be replaced; empty without entries."""
    found = Audit(engine).found(most=1)
    return f", in place of {found[0].number} entries that ended with {found[0].hash}" if found else ""


def _append(connection: Connection, at: int, actor: Actor, deed: tuple[str, str, str]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    newest = select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
    before = connection.execute(newest).one_or_none()
    number, previous = (before.number + 1, before.hash) if before else (1, _FIRST)
    what, app, about = deed
    shortened = Actor(actor.way[:20], actor.who[:400], actor.place[:100])
    entry = Entry(number, at, shortened, what, app, about, previous, "")
    connection.execute(insert(table), {**_said(entry), "hash": _hash(entry)})


def _said(entry: Entry) -> dict[str, Any]:
    actor = entry.actor
    by = {"way": actor.way, "who": actor.who, "place": actor.place}
    deed = {"what": entry.what, "app": entry.app, "about": entry.about}
    return {"number": entry.number, "at": entry.at, **by, **deed, "previous": entry.previous, "hash": entry.hash}


def _hash(entry: Entry) -> str:
    """The hash of everything that an entry says."""
    said = {name: value for name, value in _said(entry).items() if name != "hash"}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _entry(row: Row[Any]) -> Entry:
    actor = Actor(row.way, row.who, row.place)
    return Entry(row.number, row.at, actor, row.what, row.app, row.about, row.previous, row.hash)
