"""The figures of meetings that are held: read once, when each begins, whatever its sources say later."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, insert, select
from sqlalchemy.exc import IntegrityError

from tomoni.meetings.model import Meeting
from tomoni.snapshots.record.packing import pack, unpack
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.store.engine import reading, write
from tomoni.store.tables import meeting_figures as table


class HeldFigures:
    """Keeps the figures of each meeting until it is closed. Safe in several processes; all methods raise StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, id_: str, meeting: Meeting, figures: Snapshot) -> None:
        """Keeps the figures of a meeting for its period; those that came first stay."""
        row = {"meeting": id_, "start": meeting.start, "as_of": meeting.as_of, "payload": pack(figures)}
        write(self._engine, lambda connection: _insert(connection, row))

    def has(self, id_: str, meeting: Meeting) -> bool:
        """Whether the figures of a meeting are kept for its period."""
        with reading(self._engine) as connection:
            return connection.execute(select(table.c.meeting).where(_place(id_, meeting))).first() is not None

    def read(self, id_: str, meeting: Meeting) -> Snapshot | None:
        """The figures of a meeting for its period, None where none are kept. Raises SnapshotError."""
        with reading(self._engine) as connection:
            payload = connection.execute(select(table.c.payload).where(_place(id_, meeting))).scalar_one_or_none()
        return None if payload is None else unpack(payload)


def forget_within(connection: Connection, id_: str) -> None:
    """Forgets the figures of a meeting that is closed, within a write transaction: its snapshot has them."""
    connection.execute(delete(table).where(table.c.meeting == id_))


def _place(id_: str, meeting: Meeting) -> ColumnElement[bool]:
    return and_(table.c.meeting == id_, table.c.start == meeting.start, table.c.as_of == meeting.as_of)


def _insert(connection: Connection, row: dict[str, object]) -> None:
    try:
        with connection.begin_nested():
            connection.execute(insert(table), row)
    except IntegrityError:  # somebody else began it for the same period
        pass
