"""`backup` and `restore` on the command line."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.cli.conftest import Run
from tomoni.store import backup


def test_a_backup_is_restored_into_another_database(run: Run, tmp_path: Path):
    run("sync", "--days", "1")
    file, url = tmp_path / "tomoni.zip", f"sqlite:///{tmp_path}/restored.db"
    made = run("backup", str(file))
    assert (made.exit_code, made.stderr) == (0, "")
    assert made.stdout.startswith(f"{file}: ")
    assert made.stdout.endswith("rows, verified.\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    done = run("restore", str(file), "--into", url)
    assert done.exit_code == 0
    assert "series_days" in done.stdout
    assert f"Restored into {url} as of " in done.stdout
    first = run("status", "--no-sync", "--format", "json")
    assert run("status", "--no-sync", "--format", "json", TOMONI_DATABASE_URL=url).stdout == first.stdout


def test_nothing_is_overwritten_unless_told(run: Run, tmp_path: Path):
    file = tmp_path / "tomoni.zip"
    run("sync", "--days", "1")
    assert run("backup", str(file)).exit_code == 0
    again = run("backup", str(file))
    assert (again.exit_code, "is there already" in again.stderr) == (1, True)
    assert run("backup", str(file), "--force").exit_code == 0
    full = run("restore", str(file))
    assert (full.exit_code, "is not empty" in full.stderr) == (1, True)
    assert run("restore", str(file), "--replace").exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir() if ".part" in path.name) == []


def test_a_full_disk_is_told_of_the_file_that_has_no_room(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The system names no file when it refuses bytes of an open one."""

    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    run("sync", "--days", "1")
    file = tmp_path / "tomoni.zip"
    monkeypatch.setattr(backup, "back_up", full)
    ended = run("backup", str(file))
    assert (ended.exit_code, list(tmp_path.glob("*tomoni.zip*"))) == (1, [])
    assert ended.stderr.startswith(f"There is no room for “{file}” (No space left on device)")


def test_a_file_that_is_not_there_or_damaged_makes_no_database(run: Run, tmp_path: Path):
    (tmp_path / "a.md").write_text("# Not a backup")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    for name, said in (
        ("gone.zip", "cannot be used"),
        ("broken.zip", "truncated or was altered"),
        ("a.md", "is not a backup"),
    ):
        result = run("restore", str(tmp_path / name), "--into", f"sqlite:///{tmp_path}/new/tomoni.db")
        assert result.exit_code == 1
        assert said in result.stderr
    assert not (tmp_path / "new").exists()
    assert "途中で切れている" in run("--lang", "ja", "restore", str(tmp_path / "broken.zip")).stderr


def test_an_empty_database_is_not_taken_for_a_backup(run: Run, tmp_path: Path):
    file, url = tmp_path / "tomoni.zip", f"sqlite:///{tmp_path}/mistyped.db"
    result = run("backup", str(file), TOMONI_DATABASE_URL=url)
    assert (result.exit_code, result.stderr) == (1, f"{url} is empty; check TOMONI_DATABASE_URL.\n")
    assert not file.exists()


def test_a_place_that_cannot_be_written_is_told(run: Run, tmp_path: Path):
    result = run("backup", str(tmp_path / "nowhere" / "a.zip"))
    assert (result.exit_code, "cannot be used" in result.stderr) == (1, True)


def sealed_anew(file: Path, into: Path, changes: Mapping[str, Callable[[list[Any]], None]]) -> None:
    """A backup of which somebody changed rows of some tables, and sealed it again as if nothing had been."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(into, "w") as new:
        manifest = json.loads(old.read(backup.MANIFEST))
        for name in set(old.namelist()) - {backup.MANIFEST}:
            content, table = old.read(name), Path(name).name.partition(".")[0]
            if table in changes:
                rows = [json.loads(line) for line in content.splitlines()]
                changes[table](rows)
                content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
                manifest["tables"][table] |= {"sha256": hashlib.sha256(content).hexdigest(), "rows": len(rows)}
            new.writestr(name, content)
        del manifest["seal"]
        new.writestr(backup.MANIFEST, json.dumps({**manifest, "seal": backup._seal(manifest)}))


def test_what_somebody_altered_in_a_backup_and_sealed_anew_is_found_where_it_is_read(run: Run, tmp_path: Path):
    for days in ("7", "14"):
        made = run("snapshot", "--app", "shop", "--days", days, "--out", str(tmp_path / days), "--format", "json")
        assert made.exit_code == 0
    assert run("backup", str(tmp_path / "a.zip")).exit_code == 0

    def exchange(rows: list[Any]) -> None:
        rows[0]["payload"], rows[1]["payload"] = rows[1]["payload"], rows[0]["payload"]

    def rename(rows: list[Any]) -> None:
        rows[1]["who"] = "somebody else"

    sealed_anew(tmp_path / "a.zip", tmp_path / "b.zip", {"snapshots": exchange, "audit": rename})
    url = f"sqlite:///{tmp_path}/restored.db"
    assert run("restore", str(tmp_path / "b.zip"), "--into", url).exit_code == 0
    audit = run("audit", "--verify", TOMONI_DATABASE_URL=url)
    assert (audit.exit_code, "from entry 2 on" in audit.stderr) == (1, True)
    site = run("portal", "--out", str(tmp_path / "site"), TOMONI_DATABASE_URL=url)
    assert (site.exit_code, site.stderr.count("it was altered")) == (1, 2)
