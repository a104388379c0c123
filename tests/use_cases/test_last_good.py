"""Definitions stay in force across restarts while their file is broken: in `status`, reviews and on pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import streamlit

from tests.review.shop import APP, SOURCES
from tomoni.cli import cli
from tomoni.settings import ProcessSettings
from tomoni.ui import notices as drawn
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni
from tomoni.words import notices
from tomoni.words.text import text_for


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOMONI_CONFIG", str(tmp_path))
    monkeypatch.setenv("TOMONI_DATABASE_URL", f"sqlite:///{tmp_path}/tomoni.db")
    (tmp_path / "apps").mkdir()
    (tmp_path / "sources.yaml").write_text(SOURCES)
    (tmp_path / "apps" / "shop.yaml").write_text(APP)
    started().close()
    (tmp_path / "apps" / "shop.yaml").write_text(APP + "\t- broken\n")
    return tmp_path


def started() -> Tomoni:
    return open_tomoni(ProcessSettings())


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_status_names_the_file_whose_last_good_definition_it_shows(folder: Path, language: str) -> None:
    for _ in range(2):
        tomoni = started()
        status = tomoni.overview(None).statuses[0]
        held = next(notice for notice in status.notices if notice.code == "definition_held")
        line = APP.count("\n") + 1
        assert (held.facts["file"], held.facts["line"]) == (str(folder / "apps" / "shop.yaml"), line)
        assert f"shop.yaml:{line}" in notices.say(held, text_for(language))
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
def test_the_banner_names_every_broken_file_up_to_three(
    folder: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    for name in ("a", "b", "c"):
        (folder / "apps" / f"{name}.yaml").write_text("app: [\n")
    shown: list[str] = []
    monkeypatch.setattr(streamlit, "html", shown.append)
    tomoni = started()
    drawn.broken_files(tomoni.catalog.errors, text_for(language))
    assert all(f"{name}.yaml:2" in shown[0] for name in ("a", "b", "c"))
    assert "page: 1" in shown[0] or "他 1 件" in shown[0]
    tomoni.close()
