"""Where the facilitator of a meeting is, for everybody who follows along."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from tomoni.access.audit import Deeds
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

    def __init__(self, engine: Engine, clock: Clock, records: Records, deeds: Deeds | None = None) -> None:
        self._engine, self._clock, self._records = engine, clock, records
        self._deeds = deeds or Deeds(clock)

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

        def work(connection: Connection) -> None:
            if _go(connection, meeting, name, now):
                self._deeds.remember(connection, "meeting.stepped", app, f"{meeting}/{name}")

        app = self._records.app_of(Meeting, meeting) or ""
        write(self._engine, work)


def _go(connection: Connection, meeting: str, name: str, now: int) -> bool:
    """Goes to a step; False where the meeting is there already."""
    place = table.c.meeting == meeting
    if connection.execute(select(table.c.meeting).where(place)).one_or_none() is None:
        try:
            with connection.begin_nested():
                connection.execute(insert(table), {"meeting": meeting, "step": name, "revision": 1, "since": now})
            return True
        except IntegrityError:  # another process began it meanwhile
            pass
    values = {"step": name, "since": now, "revision": table.c.revision + 1}
    return connection.execute(update(table).where(place, table.c.step != name).values(**values)).rowcount > 0
