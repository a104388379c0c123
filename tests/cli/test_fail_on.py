"""`status --fail-on`: an exit code for pipelines; and `--no-sync` where nothing may be written."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("conditions", "code"),
    [
        ("", 0),
        ("exhausted", 3),
        ("at_risk", 3),
        ("no_data", 3),
        ("no_traffic", 3),
        ("exhausted,source", 3),
        ("collecting", 0),
        ("source", 0),
    ],
)
def test_a_state_that_is_reached_is_an_exit_code(run: Run, conditions: str, code: int) -> None:
    result = run("status", "--format", "json", "--fail-on", conditions)
    assert (result.exit_code, result.stderr) == (code, "")


@pytest.mark.parametrize(("conditions", "code"), [("source", 4), ("at_risk,source", 4), ("at_risk", 3), ("", 0)])
def test_a_source_that_fails_counts_more_than_a_state(run: Run, config: Path, conditions: str, code: int) -> None:
    (config.parent / "data" / "mail.csv").unlink()
    assert run("status", "--fail-on", conditions).exit_code == code


def test_an_erroneous_file_counts_most(run: Run, config: Path) -> None:
    (config / "apps" / "bad.yaml").write_text("app: bad\njourneys: 3\n")
    assert run("status", "--fail-on", "exhausted").exit_code == 1


def test_an_unknown_condition_is_refused_by_name(run: Run) -> None:
    result = run("status", "--fail-on", "exhausted,sad")
    assert result.exit_code == 2
    assert "There is no condition “sad”; use source, " in result.stderr


@pytest.fixture
def read_only(run: Run, config: Path, tmp_path: Path):
    """The folder of the database on a file system on which nothing can be written."""
    assert run("sync").exit_code == 0
    before = run("status", "--no-sync").stdout
    folder = tmp_path / "read_only"
    folder.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    try:
        for file in config.parent.glob("ledger.db*"):
            (folder / file.name).write_bytes(file.read_bytes())
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        yield {"TOMONI_DATABASE_URL": f"sqlite:///{folder / 'ledger.db'}"}, before
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_what_is_stored_is_shown_from_a_read_only_file_system(run: Run, read_only) -> None:
    where, before = read_only
    result = run("status", "--no-sync", **where)
    assert (result.exit_code, result.stderr, result.stdout) == (0, "", before)
    refused = run("sync", TOMONI_NOW="2026-11-18T12:00:00+00:00", **where)
    assert refused.exit_code == 1
    assert "The database cannot be written to." in refused.stderr


def test_a_snapshot_of_a_read_only_database_is_written_and_said_not_to_be_kept(
    run: Run, read_only, tmp_path: Path
) -> None:
    where, _ = read_only
    out = tmp_path / "out"
    ended = run("snapshot", "--app", "shop", "--no-sync", "--format", "json,csv", "--out", str(out), **where)
    assert ended.exit_code == 1
    assert {file.suffix for file in out.iterdir()} == {".json", ".csv"}
    assert ended.stderr.splitlines() == [
        "shop: The database cannot be written to. The files are written all the same. Run it again once it can be"
        " written to, to keep the snapshot too."
    ]
    assert run("verify", *map(str, out.glob("*.json")), **where).exit_code == 0


def test_a_full_temporary_folder_is_said_to_be_full(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object) -> None:
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr("tomoni.commands.syncing.run", nowhere)
    result = run("sync")
    assert result.exit_code == 1
    assert "free some space" in result.stderr
