"""Without room on a disk every command that writes says so, names the place, and leaves nothing half-written."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner
from sqlalchemy import exc

from cli import cli
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.snapshots.files import temporary_folder
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.store.engine import open_engine, write
from tomoni.store.errors import StoreError
from tomoni.use_cases.product import Tomoni


def full(*_: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    "command",
    [
        ("snapshot", "--app", "shop", "--no-sync", "--format", "html,md,csv,json,parquet,pptx"),
        ("portal", "--no-sync"),
        ("compare", "{hash}", "{hash}", "--format", "html,md,pptx"),
        ("schema",),
    ],
    ids=lambda command: command[0],
)
def test_a_full_disk_is_named_and_nothing_is_left(
    tomoni: Tomoni,
    snapshot: Snapshot,
    environ: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    tomoni.snapshots.keep(snapshot)
    monkeypatch.setattr(os, "fsync", full)
    given = [part.format(hash=snapshot.hash) for part in command]
    ended = CliRunner().invoke(cli, [*given, "--out", str(tmp_path / "out")], env=environ, prog_name="cli.py")
    assert ended.exit_code == 1
    assert f"There is no room for “{tmp_path / 'out'}" in ended.stderr
    assert "Free some space" in ended.stderr
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "full"), FileNotFoundError(2, "No usable temporary directory")]
)
def test_a_full_folder_for_temporary_files_is_named(
    error: OSError, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(*_: object, **__: object) -> NoReturn:
        raise error

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.mkdtemp", nowhere)
    with pytest.raises(SnapshotError) as caught, temporary_folder("file"):
        raise AssertionError("there is no folder")
    assert (caught.value.code, caught.value.facts) == ("temporary_full", {"folder": str(tmp_path)})


def test_a_browser_that_fails_without_room_is_not_blamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    with ChromiumPrinter(str(broken), seconds=20) as printer, pytest.raises(SnapshotError) as caught:
        printer.print("pdf", tmp_path / "page.html", tmp_path / "page.pdf")
    assert caught.value.code == "temporary_full"


def test_a_full_disk_of_the_database_is_named(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")

    def refuse(_: object) -> NoReturn:
        raise exc.OperationalError("INSERT", {}, Exception("database or disk is full"))

    with pytest.raises(StoreError) as caught:
        write(engine, refuse)
    engine.dispose()
    assert caught.value.code == "database_full"
    assert str(tmp_path / "x.db") in str(caught.value.facts["database"])
