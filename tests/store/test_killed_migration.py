"""A process that is killed while it brings a database up to date leaves the old tables or the new ones, whole."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, MetaData, inspect, text

from tests.meetings.conftest import NOW
from tomoni.meetings.meetings import Meetings
from tomoni.meetings.model import Action, Meeting
from tomoni.meetings.records import validated
from tomoni.store.engine import open_engine, reading, write
from tomoni.store.schema import HEAD, alembic_config

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("KILLS", "2"))  # by hand: KILLS=50
BEFORE = "0008"  # the first revision with records, the things of which there is most to take along
# Says when it begins, so that no kill falls into the time that Python takes to start.
MIGRATE = """
import sys
from alembic import command
from tomoni.store.engine import open_engine
print("ready", flush=True)
open_engine(sys.argv[1]).dispose()
print("done", flush=True)
"""


def fill(engine: Engine) -> None:
    """What an app that is in use has written."""
    meetings = Meetings(engine, lambda: float(NOW))
    meeting = meetings.records.add(Meeting(app="checkout", planned_at=NOW, start=NOW - 86_400, as_of=NOW)).id
    for number in range(5):
        record = meetings.records.add(validated(Action, {"app": "checkout", "text": f"Action {number}"}))
        meetings.records.change(Action, record.id, {"text": f"Action {number}, changed"})
        meetings.notes.save(meeting, "since", "", f"line {number}")


def at(engine: Engine, revision: str) -> None:
    """Takes a database back to an older revision, with what it holds."""
    write(engine, lambda connection: command.downgrade(alembic_config(connection), revision))


def everything(engine: Engine) -> dict[str, Any]:
    """The tables of a database with their columns, indexes and rows."""
    known = MetaData()
    with reading(engine) as connection:
        known.reflect(connection)
        seen = inspect(connection)
        return {
            name: (
                [(column.name, str(column.type), column.nullable) for column in table.columns],
                sorted(str(index["name"]) for index in seen.get_indexes(name)),
                sorted(map(str, connection.execute(table.select()).all())),
            )
            for name, table in known.tables.items()
        }


def begun(url: str) -> subprocess.Popen[str]:
    """A process that begins to migrate now."""
    process = subprocess.Popen([sys.executable, "-c", MIGRATE, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def killed(url: str, after: float) -> bool:
    """Lets a process migrate, and kills it so many seconds after it began; whether it was done before."""
    process = begun(url)
    time.sleep(after)
    process.kill()
    rest, _ = process.communicate()
    return "done" in rest


def undisturbed(url: str) -> float:
    """Lets a process migrate; the seconds that it takes."""
    process, moment = begun(url), time.monotonic()
    rest, _ = process.communicate()
    assert "done" in rest
    return time.monotonic() - moment


def test_a_killed_migration_leaves_the_old_tables_or_the_new_ones(engine: Engine, database_url: str) -> None:
    fill(engine)
    at(engine, BEFORE)
    old = everything(engine)
    taken, new = undisturbed(database_url), everything(engine)
    chance, found = random.Random(5), set[str]()
    for _ in range(KILLS):
        at(engine, BEFORE)
        assert everything(engine) == old
        done = killed(database_url, chance.uniform(0, 1.5 * taken))
        left = everything(engine)
        assert left in ([new] if done else [old, new])
        found.add(HEAD if left == new else BEFORE)
        again = open_engine(database_url)  # waits for nobody: the killed process holds no lock
        assert everything(again) == new
        again.dispose()
    if KILLS >= 20:
        assert found == {BEFORE, HEAD}  # some were killed before the end, some after it
    if engine.name == "postgresql":
        with reading(engine) as connection:
            waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            assert connection.execute(waiting).scalar() == 0
