"""`check` for programs and pull requests."""

from __future__ import annotations

import json
from pathlib import Path

import yaml
from click.testing import CliRunner

from cli import cli
from tomoni.catalog.schema import Problem, Severity, Spot
from tomoni.commands.problem_formats import as_github, as_json, as_sarif
from tomoni.words.text import text_for

ROOT = Path(__file__).parents[2]
BROKEN = "app: shop\njourneys:\n  - id: order\n    slos:\n      - {id: one, objective: 101, window: 28d}\n"


def checked(folder: Path, form: str) -> tuple[int, str]:
    (folder / "apps").mkdir(exist_ok=True)
    (folder / "sources.yaml").write_text("sources:\n  demo: {kind: demo}\n")
    (folder / "apps" / "shop.yaml").write_text(BROKEN)
    result = CliRunner().invoke(cli, ["--config", str(folder), "check", "--offline", "--format", form])
    return result.exit_code, result.stdout


def test_problems_are_one_object(tmp_path: Path) -> None:
    code, out = checked(tmp_path, "json")
    found = json.loads(out)["problems"]
    assert code == 1
    assert {"file", "line", "severity", "code", "text"} == set(found[0])
    assert any(each["line"] == 5 and each["severity"] == "error" for each in found)


def test_problems_stand_at_their_lines_in_pull_requests(tmp_path: Path) -> None:
    code, out = checked(tmp_path, "github")
    assert code == 1
    assert all(line.startswith(("::error file=", "::warning file=")) for line in out.splitlines())
    assert any("shop.yaml,line=5,title=" in line for line in out.splitlines())


def test_problems_are_results_of_sarif(tmp_path: Path) -> None:
    code, out = checked(tmp_path, "sarif")
    (run,) = json.loads(out)["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert code == 1
    assert run["results"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["region"]["startLine"] >= 1
        assert not place["artifactLocation"]["uri"].startswith("/")


def test_names_of_files_and_words_cannot_end_a_workflow_command() -> None:
    problem = Problem(Spot("a,b:c\n::error::x.yaml", 3), Severity.ERROR, "file_empty")
    (line,) = as_github([problem], text_for("en")).split("\n")
    assert line.count("::") == 2
    assert json.loads(as_json([], text_for("ja"))) == {"problems": []}
    assert json.loads(as_sarif([], text_for("ja")))["runs"][0]["results"] == []


def test_the_hook_and_the_templates_call_commands_that_there_are() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    texts = [
        hook["entry"],
        *((ROOT / "examples" / "pipelines" / name).read_text() for name in ("action.yml", "gitlab.yml")),
    ]
    for text in texts:
        assert "tomoni check --offline" in text
    assert yaml.safe_load(texts[1])["runs"]["using"] == "composite"
    assert "tomoni-check" in yaml.safe_load(texts[2])
