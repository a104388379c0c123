"""Rubbish as the value of every key that the schemas have: each refusal names the key, at a line, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.catalog.rubbish import RUBBISH, Key, keys
from tests.tables import table
from tomoni.catalog.load import load
from tomoni.catalog.schema import Problem
from tomoni.catalog.unread_files import FOLDERS
from tomoni.words.problems import line
from tomoni.words.text import text_for

pytestmark = pytest.mark.slow

APP = """\
app: shop
journeys: [{id: buy, slos: [{id: up, objective: 99, window: 28d, sli: {source: demo, counts: a}}]}]
"""
ALL = {f"{key.file} {'.'.join(map(str, key.path))} {number}": key for number, key in enumerate(keys())}
# What is about several keys, about one within the value, or about a name that is defined elsewhere.
OF_SEVERAL = {"missing_key", "no_sli_form", "good_or_bad_missing", "peak_form", "exclusion_form", "events_form"}
OF_SEVERAL |= {"nothing_measured"}
OF_SEVERAL |= {"unknown_source", "unknown_app", "unknown_team", "unknown_policy", "unknown_group", "unknown_journey"}
OF_SEVERAL |= {"unknown_key", "bad_language", "language_not_shown", "source_unusable", "several_sli_forms"}
INTERNAL = re.compile(r"pydantic|Input should|\bdict\b|\bstr\b|\bint\b|\bfloat\b|\bbool\b|NoneType|_type\b|Traceback")


def problems(folder: Path, key: Key, text: str) -> list[Problem]:
    """What is told of a file."""
    for old in folder.rglob("*.yaml"):
        old.unlink()
    for sub in FOLDERS:
        (folder / sub).mkdir(exist_ok=True)
    files = {"sources.yaml": "sources: {demo: {kind: demo}}\n", "apps/shop.yaml": APP, key.file: text}
    for name, written in files.items():
        (folder / name).write_text(written, encoding="utf-8")
    return [each for each in load(folder, {}).problems if each.spot.file == str(folder / key.file)]


@table("name", ALL)
def test_whatever_is_wrong_with_a_value_names_its_key_and_nothing_of_the_inside(tmp_path: Path, name: str) -> None:
    key = ALL[name]
    for what, written in RUBBISH.items():
        text, at = key.document(written)
        for problem in problems(tmp_path, key, text):
            assert problem.spot.line > 0, (what, problem)
            for language in ("en", "ja"):
                told = line(problem, text_for(language)).removeprefix(problem.spot.file)
                assert not INTERNAL.search(told), (what, told)
                if at <= problem.spot.line <= at + 2 and problem.code not in OF_SEVERAL:
                    assert key.name in told or problem.code.startswith("objective_"), (what, told)


@table("name", ALL)
def test_a_misspelt_key_and_one_written_twice_are_told_at_their_line(tmp_path: Path, name: str) -> None:
    key = ALL[name]
    misspelt = f"{key.name}q"
    text, at = key.document("1", misspelt)
    found = problems(tmp_path, key, text)
    unknown = [each for each in found if each.code == "unknown_key" and each.facts["key"] == misspelt]
    assert [each.spot.line for each in unknown] == [at], found
    text, at = key.document("1")
    lines = text.split("\n")
    again = lines[at - 1].replace("- ", "  ", 1) if lines[at - 1].lstrip().startswith("- ") else lines[at - 1]
    twice = problems(tmp_path, key, "\n".join([*lines[:at], again, *lines[at:]]))
    assert ("duplicate_key", at + 1) in [(each.code, each.spot.line) for each in twice]
    assert f"“{key.name}”" in line(next(each for each in twice if each.code == "duplicate_key"), text_for("en"))
