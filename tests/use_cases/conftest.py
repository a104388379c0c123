"""Records in a SQLite file, with a clock that tests set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.meetings.conftest import SetClock
from tomoni.meetings.records import Records
from tomoni.store.engine import open_engine


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def records(tmp_path: Path, clock: SetClock) -> Iterator[Records]:
    engine = open_engine(f"sqlite:///{tmp_path / 'meetings.db'}")
    yield Records(engine, clock)
    engine.dispose()
