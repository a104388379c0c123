"""The dependencies that are pinned: none of them has a weakness of the shipped list, which finds those that have."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scripts.audit import Advisory, advisories, weaknesses

ROOT = Path(__file__).parents[2]
REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))


def pinned(file: Path) -> dict[str, str]:
    """The exact versions of a file; anything else in it is an error."""
    found = {}
    for line in file.read_text().splitlines():
        if line and not line.startswith(("#", "-r ")):
            wanted = Requirement(line)
            (only,) = wanted.specifier
            assert only.operator == "==", line
            found[wanted.name] = only.version
    return found


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda file: file.name)
def test_every_dependency_is_pinned_and_has_no_weakness_of_the_list(file: Path):
    assert weaknesses(pinned(file), advisories()[1]) == []


@pytest.mark.parametrize(
    ("version", "is_found"),
    [("1.0", True), ("1.9.9", True), ("2.0", False), ("2.0rc1", False), ("1.5rc1", True), ("3.0", False)],
)
def test_the_list_finds_the_versions_that_it_names(version: str, is_found: bool):
    known = [Advisory("CVE-1", "Some_Package", ">=1,<2")]
    assert bool(weaknesses({"some-package": version}, known)) is is_found
    assert weaknesses({"other": version}, known) == []
