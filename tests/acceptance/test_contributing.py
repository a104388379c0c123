"""What contributors are shown exists: files, names in them, commands, and what the workflows run."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import yaml

from tests.acceptance.command import ROOT
from tests.tables import table

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
JOURNEY = re.findall(r"^\| `([\w/.]+)` \|([^|]*)\|", PAGE, re.MULTILINE)
TOPS = "config|tests|tomoni|data_sources|pages|docs"
YAML_FILES = [*ROOT.glob(".github/**/*.yml"), ROOT / ".pre-commit-config.yaml"]


def mentioned() -> list[str]:
    """The files and folders of the page; those with a name to fill in are none."""
    found = re.findall(rf"`((?:{TOPS})/[\w/.]*|[\w-]+\.(?:toml|txt|md))`", PAGE)
    return sorted({name for name in found if "NAME" not in name})


@table("name", mentioned())
def test_every_file_that_is_named_exists(name: str) -> None:
    assert (ROOT / name).exists()


def names_in(file: Path) -> set[str]:
    """The functions and classes at the top of a module."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_the_journey_goes_from_the_configuration_to_the_screen() -> None:
    rooms = list(dict.fromkeys("/".join(name.split("/")[:2]) for name, _ in JOURNEY))
    assert rooms[0].startswith("config/")
    assert {"tomoni/catalog", "tomoni/ledger", "tomoni/slo", "tomoni/review", "tomoni/ui"} <= set(rooms)


@table(("name", "shown"), JOURNEY)
def test_what_to_look_at_is_in_the_file(name: str, shown: str) -> None:
    wanted = set(re.findall(r"`(\w+)`", shown))
    assert wanted <= (names_in(ROOT / name) if name.endswith(".py") else set())


def test_every_test_that_is_named_is_one() -> None:
    for file, words in re.findall(r"pytest[^`\n]* (tests/[\w/]+\.py) -k \"?(\w+)", PAGE):
        assert words in (ROOT / file).read_text(encoding="utf-8"), (file, words)


@table("file", YAML_FILES)
def test_the_files_of_the_forge_are_readable(file: Path) -> None:
    assert isinstance(yaml.safe_load(file.read_text(encoding="utf-8")), dict)


def test_the_workflow_runs_the_two_commands_of_the_readme() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8"))["jobs"]
    ran = "\n".join(step.get("run", "") for job in jobs.values() for step in job["steps"])
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    commands = re.findall(r"^make ([a-z-]+)", ran, re.MULTILINE)
    assert {"demo", "test"} <= set(commands) <= targets


def test_hooks_run_tools_of_the_pinned_environment() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    entries = [hook["entry"] for repository in hooks for hook in repository["hooks"]]
    assert all(entry.startswith(".venv/bin/") for entry in entries)


def test_the_newest_section_of_the_changelog_is_the_version() -> None:
    from tomoni.version import VERSION

    sections = re.findall(r"^## (\S+)(?: – (\d{4}-\d\d-\d\d))?$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert sections[0] == ("Unreleased", "")
    assert sections[1][0] == VERSION
    assert sections[1][1]
