"""A database that repeats what the migrations executed is the one that they make."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, inspect, text
from sqlalchemy.schema import CreateTable

from tests.store.databases import KINDS
from tests.store.replayed import replaying
from tomoni.store import engine as engine_module
from tomoni.store import schema
from tomoni.store.engine import open_engine, reading


def _made(engine: Engine) -> Any:
    """Everything that a database has: its tables with indexes and rows, and SQLite's own list of all that is there."""
    known = MetaData()
    with reading(engine) as connection:
        known.reflect(connection)
        tables = {name: str(CreateTable(table)) for name, table in known.tables.items()}
        indexes = {name: inspect(connection).get_indexes(name) for name in known.tables}
        rows = {name: connection.execute(table.select()).all() for name, table in known.tables.items()}
        more = "name, sql FROM sqlite_master" if engine.name == "sqlite" else "indexdef FROM pg_indexes"
        listed = connection.execute(text(f"SELECT {more}")).all()
    engine.dispose()
    return tables, indexes, rows, sorted(listed, key=str)


@pytest.mark.parametrize("kind", KINDS)
def test_a_repeated_database_is_the_migrated_one(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def new(name: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / name}.db"
        url: str = request.getfixturevalue("postgres_server").new_database()
        return url

    def opened(name: str, migrate: Callable[..., None]) -> Any:
        monkeypatch.setattr(engine_module, "migrate", migrate)
        return _made(open_engine(new(name)))

    ran: list[str] = []

    def migrate(connection: Any) -> None:
        ran.append("migrations")
        schema.migrate(connection)

    quick = replaying(migrate)
    true, first, second = opened("true", schema.migrate), opened("first", quick), opened("second", quick)
    assert true[0]
    assert true[2]["alembic_version"] == [(schema.HEAD,)]
    assert (ran, first, second) == (["migrations"], true, true)
