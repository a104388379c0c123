"""Definitions stay in force across restarts while their file is broken: in `status`, reviews and on pages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.review.shop import APP, SOURCES
from tests.store.databases import database_url
from tests.store.postgres import postgres_server
from tomoni.cli import cli
from tomoni.settings import ProcessSettings
from tomoni.ui import attention
from tomoni.ui.url_state import View
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni
from tomoni.words import notices
from tomoni.words.text import text_for

__all__ = ["database_url", "postgres_server"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return broken(tmp_path, f"sqlite:///{tmp_path}/tomoni.db", monkeypatch)


@pytest.fixture
def folder_on_each_database(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    return broken(tmp_path, database_url, monkeypatch)


def broken(path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose app was once without errors and has one now."""
    monkeypatch.setenv("TOMONI_CONFIG", str(path))
    monkeypatch.setenv("TOMONI_DATABASE_URL", url)
    (path / "apps").mkdir()
    (path / "sources.yaml").write_text(SOURCES)
    (path / "apps" / "shop.yaml").write_text(APP)
    started().close()
    (path / "apps" / "shop.yaml").write_text(APP + "\t- broken\n")
    return path


def started() -> Tomoni:
    return open_tomoni(ProcessSettings())


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_status_names_the_file_whose_last_good_definition_it_shows(
    folder_on_each_database: Path, language: str
) -> None:
    folder = folder_on_each_database
    for _ in range(2):
        tomoni = started()
        status = tomoni.overview(None).statuses[0]
        held = next(notice for notice in status.notices if notice.code == "definition_held")
        line = APP.count("\n") + 1
        assert (held.facts["file"], held.facts["line"]) == (str(folder / "apps" / "shop.yaml"), line)
        assert f"shop.yaml:{line}" in notices.describe(held, text_for(language))
        tomoni.close()


def test_the_status_as_json_has_the_slo_and_the_error_of_its_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli(["status", "--no-sync", "--format", "json"])
    answer = json.loads(capsys.readouterr().out)
    assert end.value.code == 1
    assert answer["slos"]
    assert {notice["key"] for slo in answer["slos"] for notice in slo["notices"]} >= {"definition_held"}
    (problem,) = [problem for problem in answer["problems"] if problem.get("file")]
    assert (Path(problem["file"]).name, problem["line"]) == ("shop.yaml", APP.count("\n") + 1)
    assert problem["source"] is None


def test_a_file_that_breaks_while_the_app_runs_changes_nothing_but_says_so(folder: Path) -> None:
    (folder / "apps" / "shop.yaml").write_text(APP)
    tomoni = started()
    before = tomoni.catalog
    (folder / "apps" / "shop.yaml").write_text("app: [\n")
    tomoni._configuration.reload_changed_files()
    after = tomoni.catalog
    assert (after.apps, len(after.errors)) == (before.apps, 1)
    assert len(after.held) == sum(len(journey.slos) for app in before.apps for journey in app.journeys)
    tomoni.close()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_banner_names_every_broken_file(folder: Path, language: str) -> None:
    for name in "abcde":
        (folder / "apps" / f"{name}.yaml").write_text("app: [\n")
    tomoni = started()
    found = list(attention.of_files(tomoni.catalog.errors, View(), text_for(language)))
    shown = attention.banner(found, text_for(language))
    assert all(f"{name}.yaml:2" in shown for name in "abcde")
    assert f"{len(found)} things need attention" in shown or f"要対応{len(found)}件" in shown
    tomoni.close()


def answer(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[dict[str, Any], str]:
    """The status as JSON, and what is said beside it."""
    with pytest.raises(SystemExit):
        cli(["status", "--no-sync", "--format", "json", *options])
    found = capsys.readouterr()
    return json.loads(found.out), found.err


def test_each_slo_has_what_is_wrong_with_it_in_the_answer_of_status(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "apps" / "shop.yaml").write_text(APP.replace("objective: 99", "objective: 99;9", 1))
    found, _ = answer(capsys)
    line = APP.split("objective:")[0].count("\n") + 1
    first, *others = [slo["problems"] for slo in found["slos"]]
    (problem,) = first
    assert (Path(problem["file"]).name, problem["line"], problem["code"]) == ("shop.yaml", line, "not_a_number")
    assert (problem["severity"], "99;9" in problem["text"]) == ("error", True)
    assert not any(others)


def test_the_table_of_status_names_the_slo_beside_its_problem(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "apps" / "shop.yaml").write_text(APP.replace("objective: 99", "objective: 0.99", 1))
    with pytest.raises(SystemExit) as end:
        cli(["status", "--no-sync"])
    (note,) = [line for line in capsys.readouterr().out.splitlines() if "probably a mistake" in line]
    assert note.startswith("shop/buy/")
    assert "shop.yaml:" in note
    assert end.value.code == 0


@pytest.mark.parametrize("file", ["settings", "policies", "sources", "exclusions/shop"])
def test_what_is_in_force_is_said_while_a_file_is_broken(
    folder_on_each_database: Path, capsys: pytest.CaptureFixture[str], file: str
) -> None:
    folder = folder_on_each_database
    (folder / "apps" / "shop.yaml").write_text(APP)
    (folder / "exclusions").mkdir()
    texts = {
        "settings": "timezone: UTC\n",
        "policies": "default: a\npolicies: {a: {levels: [{below: 50%}]}}\n",
        "sources": SOURCES,
        "exclusions/shop": "app: shop\nexclusions: [{id: a, reason: r, holidays: JP}]\n",
    }
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    before, said = answer(capsys)
    assert said == ""
    (folder / f"{file}.yaml").write_text(texts[file] + "broken: [\n")
    after, said = answer(capsys)
    name = "exports" if file == "sources" else f"{file}.yaml"
    assert f"Until the error is corrected, “{name}” stays in force" in said
    assert all("definition_held" in {notice["key"] for notice in slo["notices"]} for slo in after["slos"])
    assert [slo["objective"] for slo in after["slos"]] == [slo["objective"] for slo in before["slos"]]
    assert {slo["source"] for slo in after["slos"]} == {"exports"}


def test_a_source_is_fetched_by_its_last_good_definition(folder: Path, tmp_path: Path) -> None:
    data = tmp_path.parent / "data"
    data.mkdir(exist_ok=True)
    names = {counts.strip(" }") for counts in re.findall(r"counts: ([^,}\n]+)", APP)}
    for name in names:
        (data / name).write_text("time,total,bad\n1790035200,10,1\n1790035500,10,1\n1790035800,10,1\n")
    (folder / "apps" / "shop.yaml").write_text(APP)
    (folder / "sources.yaml").write_text("sources: [\n")
    tomoni = started()
    assert set(tomoni.sources) == {"exports"}
    tomoni.sync(until=1790035800 + 300, days=1)
    status = tomoni.overview(1790035800 + 300).statuses[0]
    assert (status.problem, status.figures.total) == (None, 30)
    tomoni.close()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_snapshot_and_the_portal_that_are_made_meanwhile_say_so(folder: Path, language: str) -> None:
    out = folder / "out"
    for command in (["snapshot", "--format", "json,md"], ["portal"]):
        with pytest.raises(SystemExit):
            cli(["--lang", language, *command, "--out", str(out), "--no-sync"])
    line = APP.count("\n") + 1
    texts = {path.suffix: path.read_text() for path in out.rglob("*") if path.suffix in (".md", ".json", ".html")}
    assert f"shop.yaml:{line}" in texts[".md"]
    assert "definition_held" in texts[".json"]
    assert f"shop.yaml:{line}" in (out / "index.html").read_text()
