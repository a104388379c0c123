"""Fixtures of the database's tests."""

from tests.store.databases import database_url, engine
from tests.store.postgres import postgres_server

__all__ = ["database_url", "engine", "postgres_server"]
