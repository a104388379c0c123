"""What was sent to chats, so that nothing is sent twice: a message is claimed before it goes out."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from tomoni.meetings.records import Clock
from tomoni.store.engine import reading, write
from tomoni.store.tables import sent_messages as table


class SentMessages:
    """The messages that were sent, or are being sent, by their keys. Safe in several processes; all methods raise
    StoreError."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    def claim(self, key: str) -> bool:
        """Takes a message for the caller alone; False where somebody has it already."""
        now = int(self._clock())

        def work(connection: Connection) -> bool:
            try:
                with connection.begin_nested():
                    connection.execute(insert(table), {"key": key, "sent_at": now})
            except IntegrityError:
                return False
            return True

        return write(self._engine, work)

    def release(self, key: str) -> None:
        """Gives back a message that surely did not arrive."""
        write(self._engine, lambda connection: connection.execute(delete(table).where(table.c.key == key)))

    def has(self, key: str) -> bool:
        """Whether a message was sent, or is being sent."""
        with reading(self._engine) as connection:
            return connection.execute(select(table.c.key).where(table.c.key == key)).first() is not None
