"""Fixtures of the database's tests."""

from __future__ import annotations

import pytest

from tests.store.databases import database_url, engine
from tests.store.postgres import postgres_server
from tomoni.store import engine as engine_module
from tomoni.store import schema

__all__ = ["database_url", "engine", "postgres_server"]


@pytest.fixture(autouse=True)
def true_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the migrations run themselves, for each database."""
    monkeypatch.setattr(engine_module, "migrate", schema.migrate)
