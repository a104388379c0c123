"""A new format is one entry in the table: the command line, the page and comparisons find it there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli import cli
from tomoni.snapshots.exporters.formats import FORMATS, EditionOptions, Format
from tomoni.snapshots.exporters.job import Job
from tomoni.snapshots.exporters.readers import Reader
from tomoni.snapshots.files import write_bytes
from tomoni.snapshots.record.manifest import bytes_hash, with_parts
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.ui.snapshots import exporting
from tomoni.use_cases.product import Tomoni
from tomoni.words.text import text_for


def shouted(job: Job) -> Sequence[Path]:
    title = job.document.title.upper().encode()
    described = with_parts(job.manifest, {"title": bytes_hash(title)})
    return [write_bytes(job.place, title + b"\n" + json.dumps(described).encode())]


def described(content: bytes, _file: Path) -> dict[str, Any] | None:
    found = json.loads(content.partition(b"\n")[2])
    return found if isinstance(found, dict) else None


def titles(content: bytes, _manifest: object) -> Mapping[str, str]:
    return {"title": bytes_hash(content.partition(b"\n")[0])}


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "toy", Format(shouted, "text/x-toy", Reader(described, "pages", titles)))


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


def test_verify_reads_it_back_and_sees_what_was_altered(toy: None, run, tmp_path: Path) -> None:
    run("snapshot", "--app", "shop", "--out", str(tmp_path), "--format", "toy", "--no-sync", "--days", "4")
    (file,) = tmp_path.iterdir()
    whole = run("verify", str(file))
    assert whole.exit_code == 0, whole.stderr
    assert "The seal is intact" in whole.stdout
    assert "Compared: all pages. Nothing was altered." in whole.stdout
    file.write_bytes(b"SOMETHING ELSE\n" + file.read_bytes().partition(b"\n")[2])
    altered = run("verify", str(file))
    assert altered.exit_code == 1
    assert "Altered, missing or added: title." in altered.stderr
    file.write_bytes(b"SOMETHING ELSE")
    assert "does not state which snapshot it shows" in run("verify", str(file)).stderr


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
    exporting.snapshot_buttons(snapshot, EditionOptions(("en",)), "stem", exporting.Tools(), text_for("en"))
    make, mime = offered["TOY"]
    assert mime == "text/x-toy"
    assert make().partition(b"\n")[0].isupper()
    assert set(offered) == {name.upper() for name in FORMATS}
