"""`audit`: who did what, found, exported and checked."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import text

from tests.cli.conftest import Run
from tomoni.store.engine import open_engine, write


def test_what_commands_do_is_found_exported_and_checked(run: Run, environ: dict[str, str]) -> None:
    assert run("token", "create", "ci").exit_code == 0
    assert run("token", "revoke", "ci").exit_code == 0
    lines = run("audit", "command").stdout.splitlines()
    assert ["token.revoked" in lines[0], "token.created" in lines[1], len(lines)] == [True, True, 2]
    assert run("audit", "created", "--since", "2020-01-01T00:00Z").stdout.count("\n") == 1
    exported = [json.loads(line) for line in run("audit", "--export").stdout.splitlines()]
    assert [each["what"] for each in exported] == ["token.created", "token.revoked"]
    assert exported[1]["previous"] == exported[0]["hash"]
    checked = run("audit", "--verify")
    assert (checked.exit_code, checked.stdout.split()[-1]) == (0, exported[1]["hash"])
    for wrong in ("soon", "2020-01-01", "2020-01-01T00:00"):
        assert run("audit", "--since", wrong).exit_code == 2
    assert "There is no app" in run("audit", "--app", "gone").stderr
    assert run("audit", "nothing-like-this").stdout == "There are no such entries.\n"
    assert "is in the future" in run("audit", "--since", "2099-01-01T00:00Z").stderr

    engine = open_engine(environ["TOMONI_DATABASE_URL"])
    write(engine, lambda connection: connection.execute(text("DELETE FROM audit WHERE number = 1")))
    engine.dispose()
    broken = run("audit", "--verify")
    assert broken.exit_code == 1
    assert "entry 1" in broken.stderr


def test_backups_and_restores_are_in_it_and_what_a_restore_replaced(run: Run, environ: dict[str, str], tmp_path: Path):
    assert run("token", "create", "before").exit_code == 0
    assert run("backup", str(tmp_path / "b.zip")).exit_code == 0
    assert run("token", "create", "after").exit_code == 0
    last = run("audit", "--verify").stdout.split()[-1]
    assert run("restore", str(tmp_path / "b.zip"), "--replace").exit_code == 0
    kept = [json.loads(line) for line in run("audit", "--export").stdout.splitlines()]
    assert [each["what"] for each in kept] == ["token.created", "database.restored"]
    assert kept[1]["about"] == f"b.zip, in place of 3 entries that ended with {last}"
    assert run("audit", "--verify").exit_code == 0
