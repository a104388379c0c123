"""`sync`: fetches what is missing, says what came, and what did not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tomoni.commands import progress
from tomoni.words.text import text_for


def test_what_came_is_counted_by_source(run: Run) -> None:
    result = run("sync")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("exports: ")
    assert " 0 failed\n" in result.stdout


def test_what_is_there_is_not_fetched_again(run: Run) -> None:
    first, second = run("sync", "--days", "10"), run("sync", "--days", "10")
    assert buckets(second.stdout) < buckets(first.stdout)


def buckets(stdout: str) -> int:
    words = stdout.split()
    return int(words[1].replace(",", "")) if stdout.startswith("exports: ") else 0


def test_the_days_are_honoured(run: Run) -> None:
    assert buckets(run("sync", "--days", "3").stdout) == 5 * 3 * 288


def test_until_is_honoured(run: Run) -> None:
    run("sync", "--days", "3", "--until", "2026-11-10T00:00:00Z")
    known = run("status", "--no-sync", "--format", "json", "--app", "shop").stdout
    assert '"known_until": "2026-11-10T00:00:00Z"' in known


def test_a_source_that_fails_is_told_and_the_rest_is_kept(run: Run, config: Path) -> None:
    (config.parent / "data" / "mail.csv").unlink()
    result = run("sync")
    assert result.exit_code == 1
    assert result.stderr.startswith("exports: The file “mail.csv” does not exist.")
    assert "1 failed" in result.stdout
    assert '"state": "healthy"' in run("status", "--no-sync", "--format", "json").stdout


def test_without_a_terminal_no_progress_is_shown() -> None:
    with progress.watched(text_for("en")) as on_progress:
        assert on_progress is None


def test_on_a_terminal_progress_names_the_source(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with progress.watched(text_for("en")) as on_progress:
        assert on_progress is not None
        on_progress(3, 7, "prometheus", 288)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Fetching from “prometheus”" in shown.err
    assert "3/7" in shown.err
