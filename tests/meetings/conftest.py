"""Records on both kinds of database, with a clock that tests set."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.store.databases import database_url, engine
from tests.store.postgres import postgres_server
from tomoni.meetings.records import Records

__all__ = ["database_url", "engine", "postgres_server"]
NOW = 1_795_860_000


class SetClock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def records(engine: Engine, clock: SetClock) -> Records:
    return Records(engine, clock)
