"""The databases on which tests run: SQLite in a file, and a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.store.postgres import PostgresServer
from tomoni.store.engine import open_engine

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of its own: empty or not there yet where migrations are looked at, otherwise it may have
    its tables already."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/tomoni.db"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_database() if "true_migrations" in request.fixturenames else server.migrated_database()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An open database with all tables."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()
