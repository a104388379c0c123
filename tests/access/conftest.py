"""Both kinds of database."""

from __future__ import annotations

from tests.store.databases import database_url, engine
from tests.store.postgres import postgres_server

__all__ = ["database_url", "engine", "postgres_server"]
