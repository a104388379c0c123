"""The tables of a new database without Alembic's share of the work: what the migrations execute, executed again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event, inspect

from tomoni.store import engine, schema

Executed = list[tuple[str, Any, bool]]
Migrate = Callable[[Connection], None]


def replaying(migrate: Migrate) -> Migrate:
    """Migrates as ``migrate`` does: the first new database of each kind with it, each further one by repeating it."""
    learned: dict[str, Executed] = {}

    def migrated(connection: Connection) -> None:
        kind = connection.dialect.name
        if kind == "postgresql":  # the turns that processes and threads take, as migrating has them
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({schema._MIGRATION_LOCK})")
        if inspect(connection).get_table_names():
            migrate(connection)
        elif kind not in learned:
            with _listening(connection) as executed:
                migrate(connection)
            learned[kind] = executed
        else:
            _repeat(connection, learned[kind])

    return migrated


@contextmanager
def _listening(connection: Connection) -> Iterator[Executed]:
    executed: Executed = []

    def heard(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA")):
            executed.append((statement, parameters, many))

    event.listen(connection, "before_cursor_execute", heard)
    yield executed
    event.remove(connection, "before_cursor_execute", heard)


def _repeat(connection: Connection, executed: Executed) -> None:
    with closing(connection.connection.cursor()) as cursor:
        for statement, parameters, many in executed:
            (cursor.executemany if many else cursor.execute)(statement, parameters)


def _without_sync(set_pragmas: Callable[..., None]) -> Callable[..., None]:
    """Sets what each SQLite connection has, but never waits for the disk: what tests write need not outlive the
    machine. Processes that tests start, and kill, write as the product does."""

    def set_all(connection: sqlite3.Connection, record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")  # choosing the journal waits too
        set_pragmas(connection, record)
        connection.execute("PRAGMA synchronous = OFF")

    return set_all


@pytest.fixture(scope="session", autouse=True)
def quick_tables() -> Iterator[None]:
    """New databases of this process get their tables quickly; the tests of the database itself migrate for real."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(engine, "migrate", replaying(schema.migrate))
        patched.setattr(engine, "_set_pragmas", _without_sync(engine._set_pragmas))
        yield
