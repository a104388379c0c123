"""`backup` and `restore` on the command line."""

from __future__ import annotations

import stat
from pathlib import Path

from tests.cli.conftest import Run


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
