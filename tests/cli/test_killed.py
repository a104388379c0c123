"""Commands that are killed at a random moment: the next run brings everything to where it would be without that."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData

from tests.cli.conftest import Run
from tests.cli.test_process import finished, process
from tests.cli.world import NOW
from tests.store.databases import KINDS
from tests.store.postgres import postgres_server
from tomoni.ledger.payload import ASKED, unpack
from tomoni.ledger.rows import read_version
from tomoni.snapshots.leftovers import remove_left_files
from tomoni.store.engine import open_engine, reading
from tomoni.store.leases import Leases

__all__ = ["postgres_server"]
pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("KILLS", "1"))  # by hand: KILLS=50
SOON = 0.8  # seconds within which a command is killed, from a moment on at which it works
FORMATS = os.environ.get("FORMATS", "html,md,csv,json")  # by hand with pdf and pptx as well
OF_THE_MOMENT = {"leases", "schema_reach", "alembic_version"}
# When something was written, not what, and what follows from that alone.
HIDDEN_TIMES = frozenset({"fetched_at", "version", "noted", "at", "margin", "gap_due", "newest_fetch"})


@pytest.fixture(params=KINDS if KILLS > 1 else KINDS[1:])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/killed.db"
    url: str = request.getfixturevalue("postgres_server").new_database()
    return url


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    (folder := tmp_path / "temporary").mkdir()
    return folder


def environ(folder: Path, url: str, now: datetime, temporary: Path) -> dict[str, str]:
    return {
        "TOMONI_CONFIG": str(folder / "config"),
        "TOMONI_DATABASE_URL": url,
        "TOMONI_NOW": now.isoformat(),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        "LC_ALL": "",
    }


def kill(given: dict[str, str], is_time: Callable[[int], bool], after: float, *command: str) -> bool:
    """Runs a command in a session of its own, and kills it some seconds after it was time, as asked with its id;
    whether it had not ended before."""
    started = process(given, *command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while started.poll() is None and not is_time(started.pid):
            time.sleep(0.01)
        started.wait(after)
    except subprocess.TimeoutExpired:
        started.kill()
    return started.wait(120) == -signal.SIGKILL


@contextmanager
def closing_engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def orphans(marker: Path) -> list[str]:
    """Processes that were given a folder for temporary files."""
    found = []
    for each in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"TMPDIR={marker}".encode() in each.read_bytes():
                found.append((each.parent / "cmdline").read_text().replace("\0", " "))
        except OSError:  # it has ended
            continue
    return found


def contents(url: str, hidden: frozenset[str] = HIDDEN_TIMES) -> dict[str, list[str]]:
    """What a database holds, without the times at which it was written unless nothing is ``hidden``."""
    known = MetaData()
    with closing_engine(url) as engine, reading(engine) as connection:
        known.reflect(connection)
        found = {}
        for name in sorted(set(known.tables) - OF_THE_MOMENT):
            columns = [column for column in known.tables[name].columns if column.name not in hidden]
            rows = connection.execute(known.tables[name].select().with_only_columns(*columns)).mappings()
            told = [_without_times(dict(row)) if hidden and name == "series_days" else dict(row) for row in rows]
            found[name] = sorted(json.dumps(row, sort_keys=True, default=repr) for row in told)
    return found


def _without_times(day: dict[str, Any]) -> dict[str, Any]:
    """A day of a series by its values and which of them were asked for, whenever that was."""
    columns = unpack(bytes(day.pop("payload")))
    asked = columns.pop(ASKED)
    values = {name: column.tobytes().hex() for name, column in columns.items()}
    return {**day, **values, ASKED: (asked > 0).tobytes().hex()}


def stored_times(url: str) -> int:
    """How often something was stored in the ledger."""
    with closing_engine(url) as engine, reading(engine) as connection:
        return read_version(connection)


@pytest.fixture
def steps() -> list[datetime]:
    """The moments at which a collector is started: each has some hours more to fetch than the one before."""
    return [NOW - timedelta(hours=6 * (KILLS + 1 - number)) for number in range(KILLS + 2)]


def until_stored(given: dict[str, str], url: str, collects: Callable[[int], bool]) -> float:
    """The seconds from when a collector holds the lease until it has stored something, at which it is killed."""
    before, held = stored_times(url), list[float]()

    def has_stored(process_id: int) -> bool:
        if not held and collects(process_id):
            held.append(time.monotonic())
        return stored_times(url) > before

    kill(given, has_stored, 0, "collect")
    return time.monotonic() - held[0]


def collected(given: dict[str, str], run: Run | None = None) -> None:
    """Collects once, as soon as the lease of one that was killed has ended; within this process where asked to."""

    def asked() -> tuple[int, str, str]:
        if run is None:
            return finished(given, "collect", "--once")
        done = run("collect", "--once", **given)
        return done.exit_code, done.stdout, done.stderr

    until = time.monotonic() + 300
    while "left to do" in (said := asked())[1]:
        assert time.monotonic() < until
    assert said[0] == 0, said


def test_collectors_that_are_killed_fetch_what_one_that_is_not_does(
    run: Run, config: Path, temporary: Path, database_url: str, steps: list[datetime]
) -> None:
    chance, done = random.Random(3), 0
    undisturbed = environ(config.parent, f"sqlite:///{config.parent}/undisturbed.db", NOW, temporary)
    killed = environ(config.parent, database_url, NOW, temporary)

    def collects(process_id: int) -> bool:
        with closing_engine(database_url) as engine:
            lease = Leases(engine, "collector").look()
        return lease.is_held and lease.process == process_id

    stored = 0
    first = {"TOMONI_NOW": steps[0].isoformat()}  # definitions count from when they were first seen
    collected(undisturbed | first, run)
    collected(killed | first)
    soon = 1.5 * until_stored({**killed, "TOMONI_NOW": steps[1].isoformat()}, database_url, collects)
    for now in steps[2:]:
        after, before = chance.uniform(0, soon), stored_times(database_url)
        done += kill({**killed, "TOMONI_NOW": now.isoformat()}, collects, after, "collect")
        stored += stored_times(database_url) > before
    assert done == KILLS
    assert KILLS < 20 or 0 < stored < KILLS  # some before they stored anything, and some after
    collected(undisturbed, run)
    collected(killed)
    left, right = contents(database_url), contents(undisturbed["TOMONI_DATABASE_URL"])
    assert {name: rows for name, rows in left.items() if rows != right.get(name, [])} == {}
    assert orphans(temporary) == []
    assert list(temporary.iterdir()) == []


@pytest.fixture
def world(run: Run, config: Path, temporary: Path) -> dict[str, str]:
    given = environ(config.parent, f"sqlite:///{config.parent}/ledger.db", NOW, temporary)
    assert run("sync", **given).exit_code == 0
    return given


def files(folder: Path) -> dict[str, int]:
    """The files of a folder, hidden ones too, and how long they are."""
    return {str(each.relative_to(folder)): each.stat().st_size for each in folder.rglob("*") if each.is_file()}


def test_snapshots_that_are_killed_leave_whole_files_and_nothing_else(
    run: Run, world: dict[str, str], tmp_path: Path, temporary: Path
) -> None:
    command = ("snapshot", "--app", "shop", "--no-sync", "--format", FORMATS, "--out")
    assert run(*command, str(tmp_path / "whole"), **world).exit_code == 0
    whole, kept = files(tmp_path / "whole"), contents(world["TOMONI_DATABASE_URL"])["snapshots"]
    chance, amid = random.Random(4), 0
    for number in range(KILLS):
        out, wanted = tmp_path / f"out-{number}", chance.randrange(len(whole))
        is_time = lambda _process, out=out, wanted=wanted: len(files(out)) >= wanted  # noqa: E731
        amid += kill(world, is_time, chance.uniform(0, SOON), *command, str(out)) and bool(files(out))
        there = {name: size for name, size in files(out).items() if not Path(name).name.startswith(".")}
        assert set(there) <= set(whole)
        for name, size in there.items():
            assert size > 0.9 * whole[name], f"{name} is cut short"
    assert amid >= KILLS // 4  # the others came before the first file or after the last one
    (temporary / "tomoni-temp-print-left").mkdir()  # as of one that was killed while it printed
    assert finished(world, "status", "--no-sync")[0] == 0  # any command clears what is in no folder of its own
    assert list(temporary.iterdir()) == []
    assert run(*command, str(out), **world).exit_code == 0
    remove_left_files(out)
    assert set(files(out)) == set(whole)
    assert contents(world["TOMONI_DATABASE_URL"])["snapshots"] == kept
    assert orphans(temporary) == []
