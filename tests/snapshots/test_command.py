"""`snapshot` and `verify` on the command line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import cli
from tests.snapshots.world import NOW, hostile_shop
from tomoni.snapshots.record.status import rfc3339
from tomoni.words import exports

pytestmark = pytest.mark.slow

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    hostile_shop(tmp_path)
    for name in [name for name in os.environ if name.startswith(("TOMONI_", "LC_", "LANG"))]:
        monkeypatch.delenv(name)
    environ = {
        "TOMONI_CONFIG": str(tmp_path / "config"),
        "TOMONI_DATABASE_URL": f"sqlite:///{tmp_path / 'tomoni.db'}",
        "TOMONI_NOW": rfc3339(NOW),
        "LC_ALL": "C.UTF-8",
    }

    def invoke(*args: str, **more: str) -> Result:
        return CliRunner().invoke(cli, args, env=environ | more, prog_name="cli.py")

    return invoke


def test_every_app_is_frozen_and_its_files_are_named(run, tmp_path):
    answer = run("snapshot", "--out", str(tmp_path / "out"), "--format", "html,md,json", "--days", "4")
    assert answer.exit_code == 0, answer.output
    names = [Path(line).name for line in answer.stdout.splitlines()]
    assert names == [f"shop-2026-09-28T0000Z-4d.{ending}" for ending in ("html", "md", "json")]
    assert sorted(os.listdir(tmp_path / "out")) == sorted(names)
    for line in answer.stdout.splitlines():
        assert run("verify", line).exit_code == 0


def test_a_moment_in_the_past_shows_the_numbers_of_then(run, tmp_path):
    at = rfc3339(NOW - 86_400)
    answer = run("snapshot", "--app", "shop", "--at", at, "--out", str(tmp_path / "out"), "--format", "csv")
    assert answer.exit_code == 0
    assert all(at in row for row in Path(answer.stdout.splitlines()[0]).read_text().splitlines()[1:])


def test_quiet_says_nothing_and_only_what_changed_is_written(run, tmp_path):
    out = str(tmp_path / "out")
    first = run("snapshot", "--out", out, "--quiet", "--changed")
    assert (first.exit_code, first.output) == (0, "")
    (tmp_path / "out" / "shop-2026-09-28T0000Z-28d.html").unlink()
    second = run("snapshot", "--out", out, "--changed")
    assert (second.exit_code, second.output) == (0, "Unchanged since the last snapshot: “shop”.\n")
    assert os.listdir(tmp_path / "out") == []


def test_notes_are_frozen_and_chapters_can_be_left_out(run, tmp_path):
    (tmp_path / "notes.txt").write_text("We agreed to look at the pool.")
    common = ("snapshot", "--out", str(tmp_path / "out"), "--format", "md", "--notes", str(tmp_path / "notes.txt"))
    shown = Path(run(*common).stdout.strip()).read_text()
    assert "We agreed to look at the pool." in shown
    assert "## How each number was calculated" in shown
    left = Path(run(*common, "--without", "appendix,notes").stdout.strip()).read_text()
    assert "We agreed" not in left
    assert "## How each number was calculated" not in left


def test_notes_with_a_secret_or_without_an_end_are_refused_and_nothing_is_frozen(run, tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("Agreed.\nSee https://wiki.example.com/?token=hush-hush\n")
    answer = run("snapshot", "--out", str(tmp_path / "out"), "--format", "md", "--notes", str(notes))
    assert answer.exit_code == 1
    assert f"{notes}:2: An address here contains a secret (a token)" in answer.stderr
    assert "hush-hush" not in answer.output
    endless = run("snapshot", "--out", str(tmp_path / "out"), "--format", "md", "--notes", "/dev/zero")
    assert (endless.exit_code, "cannot be read" in endless.stderr) == (1, True)
    assert not (tmp_path / "out").exists()
    assert run("snapshots").stdout == "There are no snapshots yet.\n"


def test_snapshots_are_listed_deleted_pinned_and_expire_by_command(run, tmp_path):
    for at in (NOW - 2 * 86_400, NOW - 86_400, NOW):
        run("snapshot", "--out", str(tmp_path), "--format", "json", "--days", "2", "--at", rfc3339(at), "--quiet")
    listed = json.loads(run("snapshots", "--format", "json").stdout)
    assert (listed["total"], listed["page"], listed["pages"]) == (3, 1, 1)
    newest, middle, oldest = (each["hash"].removeprefix("sha256:")[:12] for each in listed["snapshots"])
    assert json.loads(run("snapshots", "--format", "json", "--period", "2026-09-27").stdout)["total"] == 1
    assert "KiB" in run("snapshots", "--app", "shop").stdout
    pinned = json.loads(run("snapshots", "--pin", oldest, "--format", "json").stdout)
    assert (pinned["action"], pinned["dry_run"]) == ("pin", False)
    assert [(each["hash"][7:19], each["app"]) for each in pinned["snapshots"]] == [(oldest, "shop")]
    dry = json.loads(run("snapshots", "--delete", middle, "--dry-run", "--format", "json").stdout)
    assert (dry["action"], dry["dry_run"], len(dry["snapshots"])) == ("delete", True, 1)
    refused = run("snapshots", "--delete", oldest, "000000", middle, "--format", "json")
    deleted = [each["hash"][7:19] for each in json.loads(refused.stdout)["snapshots"]]
    assert (refused.exit_code, deleted, refused.stderr.count("\n")) == (1, [middle], 2)
    assert "was deleted on" in run("compare", middle, newest).stderr
    (tmp_path / "config" / "settings.yaml").write_text("snapshots: {keep_last: 1}\n")
    assert run("snapshots", "--expire").stdout == ""
    assert run("snapshots", "--unpin", oldest).exit_code == 0
    dry = run("snapshots", "--expire", "--dry-run").stdout
    assert dry.startswith("Dry run, nothing is changed.")
    assert oldest in dry
    assert oldest in run("snapshots", "--expire").stdout
    assert json.loads(run("snapshots", "--format", "json").stdout)["total"] == 1
    file = next(path for path in tmp_path.glob("*.json") if oldest in path.read_text())
    assert "record is included" in run("verify", str(file)).stdout


@pytest.mark.parametrize(
    "options",
    [
        ("--delete",),
        ("abcdef",),
        ("--expire", "abcdef"),
        ("--delete", "--pin", "abcdef"),
        ("--dry-run",),
        ("--expire", "--app", "shop"),
        ("--page", "0"),
        ("--period", "soon"),
    ],
)
def test_options_of_the_list_that_do_not_go_together_are_refused(run, options):
    assert run("snapshots", *options).exit_code == 2


def test_what_the_list_does_not_have_is_named(run):
    assert "did you mean “shop”?" in run("snapshots", "--app", "shp").stderr
    assert run("snapshots", "--page", "2").stderr == "There is only 1 page.\n"
    assert "settings.yaml has no rule" in run("snapshots", "--expire").stderr


def test_files_are_written_in_either_language_or_both(run, tmp_path):
    for language, there, not_there in (("en", "Budget left", "残り"), ("ja", "残り", "Budget left")):
        answer = run("snapshot", "--out", str(tmp_path / language), "--format", "md", "--language", language)
        shown = Path(answer.stdout.strip()).read_text()
        assert there in shown
        assert not_there not in shown
    both = run("snapshot", "--out", str(tmp_path / "both"), "--format", "md", "--language", "both")
    assert "Budget left" in Path(both.stdout.strip()).read_text()
    assert "残り" in Path(both.stdout.strip()).read_text()


def test_without_chromium_the_other_formats_are_written(run, tmp_path):
    out = tmp_path / "out"
    answer = run("snapshot", "--out", str(out), "--format", "pdf,md", TOMONI_CHROMIUM=str(tmp_path / "none"))
    assert answer.exit_code == 1
    assert [file.suffix for file in out.iterdir()] == [".md"]
    assert "shop: PDF and PNG need Chromium" in answer.stderr
    assert "chromium" in answer.stderr


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--format", "doc"), 2),
        (("--without", "nothing"), 2),
        (("--days", "0"), 2),
        (("--at", "yesterday"), 2),
        (("--app", "shp"), 1),
        (("--notes", "/nonexistent"), 1),
        (("--at", "2099-01-01T00:00:00Z"), 1),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_and_writes_nothing(run, tmp_path, more, code):
    answer = run("snapshot", "--out", str(tmp_path / "out"), *more)
    assert answer.exit_code == code
    assert answer.stderr
    assert "Traceback" not in answer.output
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_refused(run, tmp_path):
    (tmp_path / "file").write_text("")
    answer = run("snapshot", "--out", str(tmp_path / "file" / "in"))
    assert answer.exit_code == 1
    assert "is not writable" in answer.stderr


def test_verify_tells_what_does_not_agree(run, tmp_path):
    (file,) = run("snapshot", "--out", str(tmp_path / "out"), "--format", "md").stdout.split()
    Path(file).write_text(Path(file).read_text().replace("Budget", "Budgot", 1))
    answer = run("verify", file)
    assert answer.exit_code == 1
    assert "The seal is broken" in answer.stderr
    missing = run("verify", str(tmp_path / "none.html"))
    assert missing.exit_code == 1
    assert "cannot be read" in missing.stderr


def test_every_code_has_words():
    from typing import get_args

    from tomoni.snapshots.errors import Code
    from tomoni.snapshots.verifying.checks import Finding

    assert set(exports.TABLE) == set(get_args(Code))
    assert set(exports.CHECKS) == {finding.value for finding in Finding}
