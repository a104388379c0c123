"""What commands print is for programs too, and colours are left out where nobody wants them."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click
import pytest

from cli import cli
from tests.cli.conftest import Run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ANY = r"\x1b\[[0-9;]*m"
COLOUR = re.compile(r"\x1b\[(?:[0-9]+;)*(?:3[0-8]|4[0-8]|9[0-7])[;m]")

# What each command that prints data is called with, and a key of the object that it prints.
PRINTS = {
    "check": (["--offline"], "problems"),
    "status": (["--no-sync"], "slos"),
    "explain": (["--app", "shop", "--slo", "availability", "--no-sync"], "slo"),
    "snapshots": ([], "snapshots"),
    "actions": ([], "actions"),
    "alerts": ([], "apps"),
    "notify": (["--sent"], "notifications"),
    "audit": ([], "entries"),
    "audit --verify": ([], "broken_at"),
    "token list": ([], "tokens"),
}
# They write files or reports of files in JSON, and have tests of their own.
WRITE_JSON = {
    "import",
    "verify",
    *(f"export {to}" for to in ["backstage", "grafana", "openslo", "pyrra", "rules", "sloth", "terraform"]),
}
# They write files whose format is a choice of its own.
DOCUMENTS = {"snapshot", "compare", "minutes", "report", "year"}
# They do something, and say in JSON what they did: what they are called with, in this order, and the names they say.
SAY_IN_JSON = {
    "sync": ([], "sources problems"),
    "sync --again": (["--period", "2026-11-17"], "sources changes problems"),
    "compact": ([], "dry_run stays hours days bytes_before bytes_after deleted_days"),
    "compact --dry-run": ([], "dry_run stays hours days bytes_before bytes_after deleted_series deleted_bytes"),
    "token create": (["deploys"], "name app token"),
    "token revoke": (["deploys"], "name revoked"),
    "calendar": (["--out", "{out}/reviews.ics"], "file apps"),
    "schema": (["--out", "{out}/schemas"], "folder files"),
    "export parquet": (["--out", "{out}/lake"], "folder written unchanged"),
    "portal": (["--out", "{out}/site", "--no-sync"], "folder files left_out"),
    "remind": (["--dry-run"], "dry_run reminders"),
    "notify": (["--no-sync"], "dry_run messages"),
    "notify --dry-run": (["--no-sync"], "dry_run messages"),
    "snapshots --expire": (["--dry-run"], "action dry_run snapshots"),
    "backup": (["{out}/all.zip"], "file made_at rows"),
    "restore": (["{out}/all.zip", "--into", "sqlite:///{out}/back.db"], "database made_at rows"),
    "collect --once": ([], "collected problems"),
    "init": (["{out}/mine"], "folder files proposed"),
}
# They serve.
SERVE = {"serve", "demo", "mcp"}


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from commands(each, (*path, name))
    else:
        yield " ".join(path), command


def test_every_command_prints_data_for_programs_or_is_known_to_print_none():
    printing = {name.split(" --")[0] for name in (*PRINTS, *SAY_IN_JSON)} | WRITE_JSON
    assert {name for name, _ in commands(cli)} == printing | DOCUMENTS | SERVE
    for name, command in commands(cli):
        choices = [getattr(each.type, "choices", ()) for each in command.params if "--format" in each.opts]
        assert (name in printing) == ("json" in (choices or [()])[0]), name


def test_the_output_for_programs_is_one_object_in_any_language(run: Run):
    for name, (args, key) in PRINTS.items():
        for language in ("en", "ja"):
            ended = run("--lang", language, *name.split(), *args, "--format", "json")
            assert ended.exit_code == 0, (name, ended.output)
            assert key in json.loads(ended.stdout), name


def test_what_was_done_is_one_object_for_programs(run: Run, config: Path, tmp_path: Path, monkeypatch):
    with (config / "settings.yaml").open("a", encoding="utf-8") as settings:
        settings.write("snapshots: {keep: 400d}\n")
    (config / "notifications.yaml").write_text("teams: [{team: payments, to: [slack]}]\n")
    monkeypatch.setenv("TOMONI_URL", "https://slo.example.com")
    for name, (args, keys) in SAY_IN_JSON.items():
        ended = run(*name.split(), *(each.format(out=tmp_path) for each in args), "--format", "json")
        assert ended.exit_code == 0, (name, ended.output)
        assert set(json.loads(ended.stdout)) == set(keys.split()), name
    assert json.loads(run("token", "list", "--format", "json").stdout)["tokens"][0]["revoked_at"]
    refused = run("token", "revoke", "deploys", "--format", "json")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert run("collect", "--format", "json").exit_code == 2


def test_a_file_that_agrees_and_one_that_was_altered_verify_for_programs(run: Run, tmp_path: Path):
    assert run("sync").exit_code == 0
    assert run("snapshot", "--app", "shop", "--format", "html", "--out", str(tmp_path / "out")).exit_code == 0
    (file,) = (tmp_path / "out").glob("*.html")
    agreed = run("verify", str(file), "--format", "json")
    assert (agreed.exit_code, {each["agrees"] for each in json.loads(agreed.stdout)["checks"]}) == (0, {True})
    file.write_text(re.sub(r"<h1([^>]*)>", r"<h1\1>Not ", file.read_text(), count=1))
    altered = run("verify", str(file), "--format", "json")
    assert (altered.exit_code, altered.stderr) == (1, "")
    assert False in {each["agrees"] for each in json.loads(altered.stdout)["checks"]}


def test_no_color_leaves_colours_out_also_on_a_terminal(run: Run, environ: dict[str, str]):
    assert run("sync").exit_code == 0
    plain, coloured = (on_a_terminal({**environ, **more}) for more in ({"NO_COLOR": "1"}, {}))
    assert COLOUR.search(coloured)
    assert not COLOUR.search(plain)
    assert re.sub(ANY, "", plain) == re.sub(ANY, "", coloured)


def on_a_terminal(environ: dict[str, str]) -> str:
    """What `status` writes to a terminal of 200 columns."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "cli.py", "status", "--no-sync"],
            cwd=ROOT,
            stdout=theirs,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "200", **environ},
        )
        os.close(theirs)
        written = b""
        with suppress(OSError):  # the other end is closed
            while read := os.read(ours, 65_536):
                written += read
        assert process.wait(120) == 0
    finally:
        os.close(ours)
    return written.decode()
