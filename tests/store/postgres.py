"""A throw-away PostgreSQL server for the tests, from Debian's package, on a socket of its own."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psycopg
import pytest

from tomoni.store.engine import open_engine


@dataclass
class PostgresServer:
    """A running server; each database is asked for by name of its test's turn."""

    folder: Path
    turns: Iterator[int] = field(default_factory=itertools.count)

    def new_database(self) -> str:
        """The URL of an empty database."""
        return self._made(f"tomoni_{next(self.turns)}", "template1")

    def migrated_database(self) -> str:
        """The URL of a database with all tables: a copy of one that was migrated, a fifth of a migration's time."""
        return self._made(f"tomoni_{next(self.turns)}", self._migrated)

    @cached_property
    def _migrated(self) -> str:
        name = "migrated"
        open_engine(self._made(name, "template1")).dispose()
        return name

    def _made(self, name: str, template: str) -> str:
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return f"postgresql://postgres@/{name}?host={self.folder}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="tomoni-pg-"))
    run_as = _give_to_a_user(folder)
    data = folder / "data"

    def run(*command: str) -> None:
        done = subprocess.run(
            [*run_as, *command], cwd=folder, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        if done.returncode:
            pytest.fail(f"{command[0]} failed: {done.stderr.strip()}")

    run(str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8")
    control = (str(programs / "pg_ctl"), "-D", str(data), "-w")
    run(*control, "-l", str(folder / "log"), "-o", f"-k {folder} -c listen_addresses='' -c fsync=off", "start")
    try:
        yield PostgresServer(folder)
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _programs() -> Path:
    """The folder of the newest installed server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        pytest.fail("PostgreSQL's server is not installed: apt-get install postgresql")
    return found[-1].parent


def _give_to_a_user(folder: Path) -> list[str]:
    """The server refuses to run as root: then the folder goes to another user, who runs it."""
    if os.geteuid() != 0:
        return []
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, user)
    return ["runuser", "-u", user, "--"]
