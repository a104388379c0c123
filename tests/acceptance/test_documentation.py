"""What is written about the product is true: links lead somewhere, names exist, and nothing is missing."""

from __future__ import annotations

import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import unquote

from data_sources.kinds import KINDS
from tests.acceptance.command import ROOT
from tests.tables import table
from tomoni.settings import ProcessSettings

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
NO_PROGRAM = {"tests", "bench", "build", "data", "deploy", "docs", "examples"}


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made on GitHub."""
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    found = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    relative = [link for link in found if not re.match(r"https?:|mailto:", link)]
    return [link for link in relative if not leads_somewhere(page, link)]


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = unquote(link).partition("#")
    target = page.parent / path if path else page
    return target.exists() and (not anchor or anchor in anchors(target))


@table("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    assert broken(ROOT / name) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One `two`\n[a](#one-two) [b](#three) [c](no.md) [d](page.md#one-two) [e](https://x)")
    assert broken(page) == ["#three", "no.md"]


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            links = re.findall(r"\]\(([^)#\s]+\.md)", page.read_text(encoding="utf-8"))
            waiting += [target for link in links if (target := (page.parent / link).resolve()).is_file()]
    assert {page for page in PAGES if page not in reached} == set()


def program() -> list[Path]:
    """The modules of the program itself."""
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in tracked.stdout.split() if name.split("/")[0] not in NO_PROGRAM]


def test_every_setting_is_documented_and_nothing_else() -> None:
    read = {f"TOMONI_{name.upper()}" for name in ProcessSettings.model_fields}
    for module in program():
        read |= set(re.findall(r"environ[^\n]*\"(TOMONI_[A-Z_]+)\"", module.read_text(encoding="utf-8")))
    assert set(re.findall(r"^\| `(TOMONI_[A-Z_]+)` \|", OPERATING, re.MULTILINE)) == read


@table("name", sorted(ProcessSettings.model_fields))
def test_the_default_of_a_setting_is_documented(name: str) -> None:
    (told,) = re.findall(rf"^\| `TOMONI_{name.upper()}` \| (.*?) \|", OPERATING, re.MULTILINE)
    default = ProcessSettings.model_fields[name].default
    if default is not None:
        plain = default.get_secret_value() if hasattr(default, "get_secret_value") else default
        assert told == f"`{plain}`"


@table("kind", KINDS)
def test_every_kind_of_source_has_a_page(kind: str) -> None:
    assert f"kind: {kind}" in (ROOT / f"docs/sources/{kind.replace('_', '-')}.md").read_text(encoding="utf-8")


def test_the_readme_names_every_page_and_the_configuration_every_file() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = {str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md")}
    assert {page for page in pages if f"({page})" not in readme} == set()
    configuration = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    listed = configuration.partition("## How files are read")[0]
    chapters = re.findall(r"^## ((?:[a-z]+/)?[a-z&;<>]+\.yaml)$", configuration, re.MULTILINE)
    assert [name for name in chapters if name.replace("&lt;", "<").replace("&gt;", ">") not in listed] == []
    assert "notifications.yaml" in chapters


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))


def test_help_lists_every_target() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = re.findall(r"^  make ([a-z-]+) +\S.{9}", shown, re.MULTILINE)
    assert set(listed) == targets() - {"test-packages"}  # a part of another one
    assert set(re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[0].split()) == targets()


@table("name", NAMES)
def test_every_make_command_that_is_written_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"(?:^|`)make ([a-z][a-z-]*)", text, re.MULTILINE)) <= targets()


def test_the_image_has_all_of_the_program() -> None:
    ignored = [line for line in (ROOT / ".dockerignore").read_text().split() if not line.startswith("**/")]
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    left_out = {name.split("/")[0] for name in tracked if any(fnmatch(name.split("/")[0], each) for each in ignored)}
    assert left_out <= NO_PROGRAM | {".ci", ".github"}
    assert {".env", ".git", "data"} <= set(ignored)  # secrets and what is remembered stay outside
