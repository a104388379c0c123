"""Where the facilitator of a meeting is, for everybody who follows along."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from tomoni.meetings.model import Meeting
from tomoni.meetings.records import Clock, Records
from tomoni.store.engine import reading, write
from tomoni.store.tables import meeting_steps as table


@dataclass(frozen=True, slots=True)
class Step:
    """A place in a meeting, since when (Unix seconds) it is shown, and how often it has changed."""

    name: str
    since: int
    revision: int


class Steps:
    """The step that each meeting is at. Safe in several processes; all methods raise StoreError."""

    def __init__(self, engine: Engine, clock: Clock, records: Records) -> None:
        self._engine, self._clock, self._records = engine, clock, records

    def current(self, meeting: str) -> Step | None:
        """Where a meeting is, None before its first step. One row by its key: cheap enough for a poll."""
        if not self._records.is_seen(Meeting, meeting):
            return None
        with reading(self._engine) as connection:
            row = connection.execute(select(table).where(table.c.meeting == meeting)).one_or_none()
        return Step(row.step, row.since, row.revision) if row else None

    def go(self, meeting: str, name: str) -> None:
        """Takes a meeting to a step; staying at it changes nothing. Raises NotAllowedError."""
        self._records.may_change(Meeting, meeting)
        now = int(self._clock())
        write(self._engine, lambda connection: _go(connection, meeting, name, now))


def _go(connection: Connection, meeting: str, name: str, now: int) -> None:
    place = table.c.meeting == meeting
    if connection.execute(select(table.c.meeting).where(place)).one_or_none() is None:
        try:
            with connection.begin_nested():
                connection.execute(insert(table), {"meeting": meeting, "step": name, "revision": 1, "since": now})
            return
        except IntegrityError:  # another process began it meanwhile
            pass
    values = {"step": name, "since": now, "revision": table.c.revision + 1}
    connection.execute(update(table).where(place, table.c.step != name).values(**values))
