"""A new format is one entry in the table: the command line, the page and comparisons find it there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import cli
from tomoni.snapshots.exporters.formats import FORMATS, EditionOptions, Format
from tomoni.snapshots.exporters.job import Job
from tomoni.snapshots.files import write_bytes
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.ui import exporting
from tomoni.use_cases.product import Tomoni
from tomoni.words.text import text_for


def shouted(job: Job) -> Sequence[Path]:
    return [write_bytes(job.place, job.document.title.upper().encode())]


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "toy", Format(shouted, "text/x-toy"))


@pytest.fixture
def run(environ: dict[str, str], tomoni: Tomoni):
    return lambda *args: CliRunner().invoke(cli, args, env=environ, prog_name="cli.py")


def test_without_its_entry_it_is_refused_with_the_formats_that_there_are(run, tmp_path: Path) -> None:
    ended = run("snapshot", "--app", "shop", "--out", str(tmp_path), "--format", "toy", "--no-sync")
    assert ended.exit_code == 2
    assert ", ".join(FORMATS) in " ".join(ended.stderr.split())


def test_the_command_writes_it_and_its_help_names_it(toy: None, run, tmp_path: Path) -> None:
    ended = run("snapshot", "--app", "shop", "--out", str(tmp_path), "--format", "toy,md", "--no-sync", "--days", "4")
    assert ended.exit_code == 0, ended.stderr
    assert sorted(file.suffix for file in tmp_path.iterdir()) == [".md", ".toy"]
    for command in ("snapshot", "compare"):
        assert ",toy" in "".join(run(command, "--help").stdout.split())


def test_a_comparison_is_written_in_it_too(toy: None, run, tomoni, snapshot, tmp_path: Path) -> None:
    tomoni.snapshots.keep(snapshot)
    ended = run("compare", snapshot.hash, snapshot.hash, "--out", str(tmp_path), "--format", "toy")
    assert ended.exit_code == 0, ended.stderr
    assert [file.suffix for file in tmp_path.iterdir()] == [".toy"]


def test_the_page_offers_it(toy: None, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    offered: dict[str, tuple[Callable[[], bytes], str]] = {}

    def button(label: str, make: Callable[[], bytes], mime: str, **_: object) -> None:
        offered[label] = (make, mime)

    monkeypatch.setattr("streamlit.download_button", button)
    exporting.snapshot_buttons(snapshot, EditionOptions(("en",)), "stem", None, text_for("en"))
    make, mime = offered["TOY"]
    assert mime == "text/x-toy"
    assert make().isupper()
    assert set(offered) == {name.upper() for name in FORMATS}
