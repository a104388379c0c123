"""`import FROM PATH…`: what is written, what is told, and what is left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest
import yaml
from click.testing import Result

from tests.dialects.corpus import OPENSLO, PYRRA, SLOTH
from tomoni.catalog.load import load
from tomoni.commands import importing_files
from tomoni.dialects.documents import documents_of
from tomoni.dialects.found import Wanted
from tomoni.dialects.registry import BY_NAME
from tomoni.words.text import text_for

Run = Callable[..., Result]
BAKERY = SLOTH.replace("service: shop", "service: bakery")


@pytest.fixture
def asked(config: Path) -> Path:
    """The configuration with a source of kind prometheus."""
    sources = config / "sources.yaml"
    sources.write_text(sources.read_text() + "  main: {kind: prometheus, url: http://127.0.0.1:1}\n", encoding="utf-8")
    return config


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "spec.yaml"
    file.write_text(BAKERY, encoding="utf-8")
    return file


def test_what_is_written_is_valid_and_says_where_it_came_from(run: Run, asked: Path, spec: Path) -> None:
    result = run("import", "sloth", str(spec), "--window", "28d")
    assert (result.exit_code, result.stderr) == (0, "")
    written = asked / "apps" / "bakery.yaml"
    assert f"Wrote “{written}” with 1 SLO.\n" in result.stdout
    assert "SLOs: 1, apps: 1. Keys: 14 exact, 0 approximated, 0 not expressible, 0 ignored." in result.stdout
    assert f"# From {spec}:5." in written.read_text(encoding="utf-8")
    environ = {"TOMONI_SECRET": "x"}
    catalog = load(asked, environ)
    assert [problem for problem in catalog.problems if problem.spot.file == str(written)] == []
    app = catalog.app("bakery")
    assert app is not None
    assert app.journeys[0].slos[0].kept.marks.labels == {"owner": "a"}


def test_files_that_are_there_are_left_as_they_are(run: Run, config: Path, spec: Path) -> None:
    mine = config / "apps" / "bakery.yaml"
    mine.write_text("# mine\n", encoding="utf-8")
    result = run("import", "sloth", str(spec))
    assert (result.exit_code, mine.read_text(encoding="utf-8")) == (1, "# mine\n")
    assert "already exists and was not changed" in result.stderr
    assert run("import", "sloth", str(spec), "--force").exit_code == 0
    assert mine.read_text(encoding="utf-8").startswith("# Written by python cli.py import sloth")


def test_a_dry_run_shows_files_that_can_be_read_and_writes_none(run: Run, config: Path, spec: Path) -> None:
    result = run("import", "sloth", str(spec), "--dry-run", "--app", "all-of-it", "--source", "mine")
    assert yaml.safe_load(result.stdout)["app"] == "all-of-it"
    assert yaml.safe_load(result.stdout)["journeys"][0]["slos"][0]["sli"]["source"] == "mine"
    assert "Add the source to sources.yaml: mine: {kind: prometheus" in result.stderr
    assert f"{spec}:5: slos[0]: approximated: the window is an option of the tool" in result.stderr
    assert not (config / "apps" / "all-of-it.yaml").exists()


def test_programs_get_every_key_with_its_fate(run: Run, tmp_path: Path, spec: Path) -> None:
    (tmp_path / "pod.yaml").write_text("kind: Pod\n", encoding="utf-8")
    result = run("import", "sloth", str(spec), str(tmp_path / "pod.yaml"), "--format", "json", "--dry-run")
    answer = json.loads(result.stdout)
    assert [(file["app"], file["slos"], file["written"]) for file in answer["files"]] == [
        ("bakery", ["bakery/availability"], False)
    ]
    fates = [line["fate"] for line in answer["report"]]
    assert {fate: fates.count(fate) for fate in set(fates)} == {"exact": 14, "approximated": 1, "ignored": 1}
    assert answer["report"][-1] == {
        "file": str(tmp_path / "pod.yaml"),
        "line": 1,
        "what": "",
        "fate": "ignored",
        "left_out": None,
        "reason": "other_kind",
        "text": "it is no spec of Sloth (Pod)",
    }
    assert answer["problems"] == []


def test_names_of_sources_are_mapped_by_the_user(run: Run, asked: Path, tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(OPENSLO.replace("type: Prometheus", "type: Inhouse").replace("service: shop", "service: bakery"))
    refused = run("import", "openslo", str(spec), "--dry-run")
    assert refused.exit_code == 1
    assert "left out: no source here reads “Inhouse”; if one does, name it with --map" in refused.stderr
    mapped = run("import", "openslo", str(spec), "--dry-run", "--map", "Inhouse=main")
    assert mapped.exit_code == 0
    assert yaml.safe_load(mapped.stdout)["journeys"][0]["slos"][0]["sli"]["source"] == "main"
    none = run("import", "openslo", str(spec), "--map", "Inhouse=other")
    assert (none.exit_code, none.stderr) == (1, "There is no source “other” in sources.yaml that can be used.\n")
    assert (asked / "sources.yaml").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        ["sloth"],
        ["gcp"],
        ["sloth", ".", "--project", "p"],
        ["sloth", ".", "--window", "soon"],
        ["sloth", ".", "--map", "x"],
        ["sloth", "no-such-file"],
        ["unknown", "."],
    ],
)
def test_wrong_usage_is_refused(run: Run, wrong: list[str]) -> None:
    result = run("import", *wrong)
    assert (result.exit_code, "Traceback" in result.stderr) == (2, False)


def noted(spec: str, window: str) -> str:
    """A spec of Sloth that an export wrote."""
    return spec.replace("annotations: {", f"annotations: {{tomoni_slo: bakery/works, tomoni_window: {window}, ")


def test_what_a_file_says_counts_and_options_are_for_what_no_file_says(run: Run, asked: Path, tmp_path: Path) -> None:
    files = {
        "1.yaml": noted(SLOTH.replace("service: shop", "service: cafe"), "7d"),
        "2.yaml": BAKERY,
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    flag = run("import", "sloth", *(str(tmp_path / name) for name in files), "--window", "14d", "--dry-run")
    assert [line.split()[-1] for line in flag.stdout.splitlines() if " window: " in line] == ["1w", "2w"]
    told = [line.replace("\N{NO-BREAK SPACE}", " ") for line in flag.stderr.splitlines()]
    assert told[:2] == [
        f"{tmp_path}/1.yaml:5: slos[0]: ignored: it says its window, 7 d; the 14 d that were asked for are for SLOs "
        "without one",
        f"{tmp_path}/2.yaml:5: slos[0]: exact: its window is the 14 d that were asked for",
    ]

    names = [("metricSourceRef: main, ", "main"), ("", "other"), ("metricSourceRef: elsewhere, ", "other")]
    for written, source in names:
        spec = OPENSLO.replace("{type: Prometheus", f"{{{written}type: Prometheus").replace("shop", "bakery")
        (tmp_path / "3.yaml").write_text(spec, encoding="utf-8")
        found = run("import", "openslo", str(tmp_path / "3.yaml"), "--source", "other", "--window", "7d", "--dry-run")
        slo = yaml.safe_load(found.stdout)["journeys"][0]["slos"][0]
        assert (slo["sli"]["source"], slo["window"]) == (source, "4w"), written
        assert "it says its window, 28 d" in " ".join(found.stderr.split())


def test_a_person_at_a_terminal_is_asked_for_the_window_where_a_file_has_none(
    spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("sys.stdout", Terminal())
    asked: list[str] = []

    def answer(question: str, **given: Callable[[str], int]) -> int:
        asked.append(question)
        return given["value_proc"]("7d")

    monkeypatch.setattr(click, "prompt", answer)
    for content, windows, times in ((BAKERY, ["1w"], 1), (noted(BAKERY, "14d"), ["2w"], 1)):
        spec.write_text(content, encoding="utf-8")
        wanted = Wanted(lambda kind, name: kind)
        found = importing_files._read(BY_NAME["sloth"], documents_of((spec,)), wanted, text_for("en"))
        assert ([slo.keys["window"] for slo in found.slos], len(asked)) == (windows, times)


def test_reports_are_in_the_language_that_was_asked_for(run: Run, tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(PYRRA, encoding="utf-8")
    result = run("import", "pyrra", str(spec), "--dry-run", "--lang", "ja")
    assert "spec.indicator: 近似: ツールのアラートは" in result.stderr
    assert "取り込み元" in result.stdout
