"""Leases: by which the database says who does what only one process at a time may do.

A row names the holder and until when it holds, by the database's own clock, so that the clocks of machines need not
agree. The holder renews it; one that is gone loses it by itself. Works the same on PostgreSQL and on SQLite, where
several processes share a file.
"""

from __future__ import annotations

import os
import platform
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Self

from sqlalchemy import Connection, Engine, Row, select, text, update

from tomoni.store.engine import ending_with, reading, write
from tomoni.store.schema import is_usable
from tomoni.store.tables import leases

HOLD_SECONDS = 6.0  # so long a lease is held that is not renewed
_LAPSE_SECONDS = 60.0  # who renews it as late, and was not replaced meanwhile, has held it all the time
_CLOCKS = {
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())::float8",
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400.0",
}
# A holder that is cut off in the middle of a transaction must not keep the row from the others.
_CUT_OFF = "SET LOCAL idle_in_transaction_session_timeout = '5s'"


class LeaseLostError(Exception):
    """Somebody else has held the lease since this process took it: what it wanted to write may be old by now."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A process that may hold a lease; one of a higher ``rank`` takes it over from a lower one."""

    rank: int = 0
    host: str = field(default_factory=platform.node)
    process: int = field(default_factory=os.getpid)
    id: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease as it stood at ``now``, by the database's clock (Unix seconds): see `store.tables.leases`."""

    holder: str
    host: str
    process: int
    rank: int
    since: float
    until: float
    wanted_until: float
    asked: int
    answered: int
    report: Mapping[str, Any]
    now: float

    @property
    def is_held(self) -> bool:
        """Whether somebody holds it. One that seems to be held for long was taken before the clock was set back."""
        return bool(self.holder) and self.now < self.until <= self.now + 2 * HOLD_SECONDS

    @property
    def is_wanted(self) -> bool:
        """Whether somebody of a higher rank than the holder waits for it."""
        return self.now < self.wanted_until <= self.now + 2 * HOLD_SECONDS

    def is_free_for(self, rank: int) -> bool:
        """Whether a candidate of a rank has anything to gain by trying to take it."""
        return (not self.is_held or rank > self.rank) and (rank > 0 or not self.is_wanted)

    def taken_by(self, candidate: Candidate) -> Self:
        """The lease in the hands of a candidate, for as long as one is held."""
        is_mine = self.holder == candidate.id and self.since <= self.now < self.until + _LAPSE_SECONDS
        since = self.since if is_mine else self.now
        held = replace(self, holder=candidate.id, host=candidate.host, process=candidate.process, rank=candidate.rank)
        wanted = self.wanted_until if self.is_wanted and since == self.since else 0.0
        return replace(held, since=since, until=self.now + HOLD_SECONDS, wanted_until=wanted)


class Leases:
    """One lease, by its name, in a database that `store.engine.open_engine` opened. All methods raise StoreError."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self._name = engine, name

    def look(self) -> Lease:
        """The lease as it stands. Raises StoreError (`database_newer`) when this code is too old for the tables."""
        with reading(self._engine) as connection:
            is_usable(connection)
            return self._read(connection)

    def take(self, candidate: Candidate, report: Mapping[str, Any] | None = None) -> Lease:
        """Takes the lease or renews it, with what the holder reports, and returns it as it stands then.

        Somebody else's is only looked at; one of a lower rank is asked for.
        """
        found = self.look()
        is_mine = found.is_held and found.holder == candidate.id
        if not is_mine and not found.is_free_for(candidate.rank):
            return found
        return write(self._engine, lambda connection: self._taken(connection, candidate, report))

    def release(self, candidate: Candidate) -> None:
        """Gives the lease back, if it is this candidate's."""

        def work(connection: Connection) -> None:
            found = self._read(connection, to_write=True)
            if found.holder == candidate.id and found.is_held:
                self._store(connection, replace(found, until=found.now))

        write(self._engine, work)

    @contextmanager
    def writing(self, candidate: Candidate, since: float | None) -> Iterator[None]:
        """Nothing that this thread writes within is stored once somebody else has held the lease since this candidate
        took it at ``since``: LeaseLostError is raised instead, however long the process was paused, and wherever.

        One that only ran out, or was given back, and that nobody took, is in nobody's way.
        """

        def check(connection: Connection) -> None:
            if connection.dialect.name == "postgresql":
                connection.execute(text(_CUT_OFF))
            found = self._read(connection, to_write=True)  # nobody takes it between this and the end
            if (found.holder, found.since) != (candidate.id, since):
                raise LeaseLostError

        with ending_with(check):
            yield

    def ask(self) -> None:
        """Asks the holder, or whoever holds it next, for something."""
        more = update(leases).where(leases.c.name == self._name).values(asked=leases.c.asked + 1)
        write(self._engine, lambda connection: connection.execute(more))

    def answer(self, asked: int) -> None:
        """Notes that all that was asked for up to a number is being done."""
        done = update(leases).where((leases.c.name == self._name) & (leases.c.answered < asked)).values(answered=asked)
        write(self._engine, lambda connection: connection.execute(done))

    def _taken(self, connection: Connection, candidate: Candidate, report: Mapping[str, Any] | None) -> Lease:
        if connection.dialect.name == "postgresql":
            connection.execute(text(_CUT_OFF))
        found = self._read(connection, to_write=True)
        if found.is_held and found.holder != candidate.id:
            if found.is_free_for(candidate.rank):
                self._store(connection, replace(found, wanted_until=found.now + HOLD_SECONDS))
            return found
        taken = found.taken_by(candidate)
        taken = taken if report is None else replace(taken, report=report)
        self._store(connection, taken)
        return taken

    def _read(self, connection: Connection, to_write: bool = False) -> Lease:
        wanted = select(leases).where(leases.c.name == self._name)
        row = connection.execute(wanted.with_for_update() if to_write else wanted).one()
        return _lease(row, float(connection.execute(text(_CLOCKS[connection.dialect.name])).scalar_one()))

    def _store(self, connection: Connection, lease: Lease) -> None:
        values = {name: getattr(lease, name) for name in leases.c.keys() if name != "name"}  # noqa: SIM118 - columns
        connection.execute(update(leases).where(leases.c.name == self._name).values(**values))


def _lease(row: Row[Any], now: float) -> Lease:
    columns = dict(row._mapping)
    del columns["name"]
    return Lease(**columns, now=now)
