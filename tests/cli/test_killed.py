"""Commands that are killed at a random moment: the next run brings everything to where it would be without that."""

from __future__ import annotations

import json
import os
import random
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import MetaData

from tests.cli.conftest import Run
from tests.cli.test_process import process
from tests.cli.world import NOW
from tests.store.databases import database_url
from tests.store.postgres import postgres_server
from tomoni.snapshots.leftovers import remove_left_files, remove_left_folders
from tomoni.store.engine import open_engine, reading

__all__ = ["database_url", "postgres_server"]
pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("KILLS", "1"))  # by hand: KILLS=50
STARTING, WORKING = 0.5, 1.5  # seconds that a command takes to begin, and those within which it is killed then
FORMATS = os.environ.get("FORMATS", "html,md,csv,json")  # by hand with pdf and pptx as well
OF_THE_MOMENT = {"leases", "schema_reach", "alembic_version"}
HIDDEN_TIMES = {"fetched_at", "version", "at"}  # when something was written, not what


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


def kill(given: dict[str, str], after: float, *command: str) -> None:
    """Runs a command in a session of its own and kills it; nothing that it started goes on after the next start."""
    started = process(given, *command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        started.wait(after)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait(30)


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


def contents(url: str) -> dict[str, list[str]]:
    """What a database holds, without the times at which it was written."""
    known, engine = MetaData(), open_engine(url)
    with reading(engine) as connection:
        known.reflect(connection)
        found = {}
        for name in sorted(set(known.tables) - OF_THE_MOMENT):
            columns = [column for column in known.tables[name].columns if column.name not in HIDDEN_TIMES]
            rows = connection.execute(known.tables[name].select().with_only_columns(*columns))
            found[name] = sorted(json.dumps(list(row), sort_keys=True, default=repr) for row in rows)
    engine.dispose()
    return found


@pytest.fixture
def steps() -> list[datetime]:
    """The moments at which a collector is started: each has some hours more to fetch than the one before."""
    return [NOW - timedelta(hours=6 * (KILLS - number)) for number in range(KILLS + 1)]


def collected(run: Run, given: dict[str, str]) -> None:
    """Collects once, as soon as the lease of one that was killed has ended."""
    until = time.monotonic() + 60
    while "left to do" in (said := run("collect", "--once", **given)).output:
        assert time.monotonic() < until
        time.sleep(0.5)
    assert said.exit_code == 0, said.output


def test_collectors_that_are_killed_fetch_what_one_that_is_not_does(
    run: Run, config: Path, temporary: Path, database_url: str, steps: list[datetime]
) -> None:
    chance = random.Random(3)
    undisturbed = environ(config.parent, f"sqlite:///{config.parent}/undisturbed.db", NOW, temporary)
    killed = environ(config.parent, database_url, NOW, temporary)
    for given in (undisturbed, killed):  # definitions count from when they were first seen
        collected(run, {**given, "TOMONI_NOW": steps[0].isoformat()})
    for now in steps[1:]:
        after = STARTING + chance.uniform(0, WORKING)
        kill({**killed, "TOMONI_NOW": now.isoformat()}, after, "collect")
    for given in (undisturbed, killed):
        collected(run, given)
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
    run: Run, world: dict[str, str], tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("snapshot", "--app", "shop", "--no-sync", "--format", FORMATS, "--out")
    assert run(*command, str(tmp_path / "whole"), **world).exit_code == 0
    whole, kept = files(tmp_path / "whole"), contents(world["TOMONI_DATABASE_URL"])["snapshots"]
    chance, out = random.Random(4), tmp_path / "out"
    for _ in range(KILLS):
        kill(world, STARTING + chance.uniform(0, WORKING), *command, str(out))
        there = {name: size for name, size in files(out).items() if not Path(name).name.startswith(".")}
        assert set(there) <= set(whole)
        for name, size in there.items():
            assert size > 0.9 * whole[name], f"{name} is cut short"
    assert run(*command, str(out), **world).exit_code == 0
    monkeypatch.setenv("TMPDIR", str(temporary))
    remove_left_folders()
    remove_left_files(out)
    assert set(files(out)) == set(whole)
    assert contents(world["TOMONI_DATABASE_URL"])["snapshots"] == kept
    assert orphans(temporary) == []
    assert not list(temporary.glob("tomoni-*"))
