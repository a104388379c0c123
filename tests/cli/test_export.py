"""`export`: files of other tools, on standard output or in a folder, with a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from cli import cli

APP = """\
app: shop
journeys:
  - id: order
    slos:
      - {id: one, objective: 99, window: 28d, sli: {source: prometheus, total: a, bad: b}}
      - {id: two, objective: 99, window: 28d, sli: {source: demo, counts: shop}}
"""
SOURCES = "sources:\n  prometheus: {kind: prometheus, url: 'http://127.0.0.1:9'}\n  demo: {kind: demo}\n"


ASKING = ("rules", "sloth", "pyrra", "openslo", "terraform", "grafana")


def run(folder: Path, *arguments: str) -> Result:
    (folder / "apps").mkdir(exist_ok=True)
    (folder / "sources.yaml").write_text(SOURCES)
    (folder / "apps" / "shop.yaml").write_text(APP)
    return CliRunner().invoke(cli, ["--config", str(folder), "--lang", "en", "export", *arguments])


def test_files_are_written_and_what_they_cannot_hold_is_told_with_its_line(tmp_path: Path) -> None:
    result = run(tmp_path, "rules", "--out", str(tmp_path / "out"), "--every", "2m")
    assert result.exit_code == 0
    assert "shop.yaml:6: shop/order/two: left out: " in result.stderr
    assert result.stdout.startswith("Wrote 1 file into ")
    (group,) = yaml.safe_load((tmp_path / "out" / "shop.rules.yaml").read_text())["groups"]
    assert (group["name"], group["interval"]) == ("tomoni/shop/order/one", "120s")


def test_without_a_folder_the_file_is_the_output(tmp_path: Path) -> None:
    result = run(tmp_path, "sloth")
    assert yaml.safe_load(result.stdout)["service"] == "shop"
    assert result.stdout == run(tmp_path, "sloth").stdout


@pytest.mark.parametrize("dialect", ASKING)
def test_files_of_several_apps_on_standard_output_are_one_document_or_refused(tmp_path: Path, dialect: str) -> None:
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / "bakery.yaml").write_text(APP.replace("app: shop", "app: bakery"))
    result = run(tmp_path, dialect)
    if dialect == "grafana":
        assert (result.exit_code, result.stdout) == (1, "")
        assert "--out" in result.stderr
        return
    assert result.exit_code == 0
    documents = [] if dialect == "terraform" else list(yaml.safe_load_all(result.stdout))
    if dialect == "rules":
        assert [group["name"] for group in documents[0]["groups"]] == [
            "tomoni/bakery/order/one",
            "tomoni/shop/order/one",
        ]
        assert len(documents) == 1
    alone = {app: run(tmp_path, dialect, "--app", app).stdout for app in ("bakery", "shop")}
    held = [yaml.safe_load_all(each) for each in alone.values()] if documents else []
    assert dialect == "rules" or documents == [document for each in held for document in each]
    assert all(f"# {app}." in result.stdout for app in alone)


def test_the_report_is_one_object_for_programs(tmp_path: Path) -> None:
    answer = json.loads(run(tmp_path, "openslo", "--format", "json").stdout)
    assert [file["file"] for file in answer["files"]] == ["shop.openslo.yaml"]
    assert [(each["what"], each["fate"]) for each in answer["report"]] == [
        ("shop/order/one", "exact"),
        ("shop/order/two", "not_expressible"),
    ]
    assert all(each["line"] > 1 for each in answer["report"])


def test_what_is_wrong_with_the_request_is_said(tmp_path: Path) -> None:
    assert run(tmp_path, "rules", "--every", "often").exit_code == 2
    assert run(tmp_path, "nagios").exit_code == 2
    unknown = run(tmp_path, "rules", "--app", "shpo")
    assert (unknown.exit_code, "shop" in unknown.stderr) == (1, True)


@pytest.mark.parametrize("dialect", ASKING)
def test_why_a_source_is_not_asked_is_its_true_cause(tmp_path: Path, dialect: str) -> None:
    told = run(tmp_path, dialect).stderr
    assert "shop/order/two: left out: its source “demo” is of kind “demo”, which " in told
    (tmp_path / "sources.yaml").unlink()
    without = CliRunner().invoke(cli, ["--config", str(tmp_path), "--lang", "en", "export", dialect]).stderr
    assert "shop/order/one: left out: its source “prometheus” is not in sources.yaml" in without
