"""What live pages showed last, kept for processes that have just been started: one row an app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, insert, select

from tomoni.store.engine import reading, write
from tomoni.store.tables import drawn


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """The SLOs of an app as of a moment (Unix seconds), at a version of the ledger; ``payload`` is whatever its writer
    reads."""

    as_of: int
    version: int
    payload: bytes


class DrawnRows:
    """In a database that `store.engine.open_engine` opened. All methods raise StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def newest(self) -> int | None:
        """The moment of the newest row; None where there is none."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.max(drawn.c.as_of))).scalar()

    def read(self) -> dict[str, DrawnRow]:
        """The rows of all apps."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(drawn)).all()
        return {row.app: DrawnRow(row.as_of, row.version, row.payload) for row in rows}

    def keep(self, rows: Mapping[str, DrawnRow]) -> None:
        """Puts these rows in the place of all that are there, unless those are of a later moment."""
        newest = max((row.as_of for row in rows.values()), default=0)

        def work(connection: Connection) -> None:
            if (connection.execute(select(func.max(drawn.c.as_of))).scalar() or 0) > newest:
                return
            connection.execute(delete(drawn))
            values = [
                {"app": app, "as_of": row.as_of, "version": row.version, "payload": row.payload}
                for app, row in rows.items()
            ]
            if values:
                connection.execute(insert(drawn), values)

        write(self._engine, work)
