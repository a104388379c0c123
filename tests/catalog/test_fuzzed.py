"""Random configurations: loading them never raises, each refusal has a line that the file has, and whatever is
written is read or named.

``TOMONI_TEST_CONFIGURATIONS`` is how many are tried (250 without it); ``TOMONI_TEST_SEED`` where they begin.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from cli import cli
from tests.catalog.generating import FILES, folder, mutated
from tests.catalog.honouring import dropped
from tomoni.catalog.load import LoadedFiles, load_files
from tomoni.catalog.schema import Problem
from tomoni.catalog.unread_files import FOLDERS
from tomoni.words.problems import line
from tomoni.words.text import text_for

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2] / "config"
TRIES = int(os.environ.get("TOMONI_TEST_CONFIGURATIONS", "250"))
SEED = int(os.environ.get("TOMONI_TEST_SEED", "9"))
ENVIRON = {"NAME": "hush-hush", "X": ""}
# These concern a whole file or folder.
WITHOUT_LINE = {"file_missing", "file_empty", "no_apps", "folder_missing", "file_not_read"}


def example(chance: random.Random) -> dict[str, str]:
    """The files that the project brings, of one of its apps."""
    name = chance.choice(["checkout", "back-office"])
    names = ["sources.yaml", "settings.yaml", "policies.yaml", f"apps/{name}.yaml", f"exclusions/{name}.yaml"]
    names += [file for file in (f"agendas/{name}.yaml", f"risks/{name}.yaml") if (ROOT / file).exists()]
    files = {name: (ROOT / name).read_text(encoding="utf-8") for name in names}
    if chance.random() < 0.5:
        files[names[3]] = (ROOT / "apps" / "_example.yaml").read_text(encoding="utf-8")
    return files


def written(path: Path, files: Mapping[str, str], chance: random.Random) -> dict[str, bytes]:
    """Writes a configuration with up to three mistakes in it."""
    made = {name: text.encode() for name, text in files.items()}
    for _ in range(chance.randint(0, 3)):
        name = chance.choice([*made])
        made[name] = mutated(made[name], chance)
    for sub in FOLDERS:
        (path / sub).mkdir(exist_ok=True)
        for old in (path / sub).iterdir():
            old.unlink()
    for name, raw in made.items():
        (path / name).write_bytes(raw)
    return made


def test_random_configurations_are_honoured_or_refused_by_line(tmp_path: Path) -> None:
    good: LoadedFiles | None = None
    for number in range(SEED, SEED + TRIES):
        chance = random.Random(number)
        files = written(tmp_path, folder(chance) if chance.random() < 0.6 else example(chance), chance)
        loaded = load_files(tmp_path, ENVIRON, good.good if good and chance.random() < 0.5 else {})
        good = loaded
        for name, raw in files.items():
            found = [problem for problem in loaded.catalog.problems if problem.spot.file == str(tmp_path / name)]
            _has_lines(number, raw, found)
            _drops_nothing(number, name, raw, found)
        assert "hush-hush" not in repr(loaded.catalog.problems), number


def _has_lines(number: int, raw: bytes, found: list[Problem]) -> None:
    """Each problem has a line of its file, and a sentence in each language with all its facts."""
    lines = len(raw.decode(errors="replace").replace("\r", "\n").splitlines()) + 1
    for problem in found:
        assert problem.spot.line <= lines, (number, problem)
        assert problem.spot.line or problem.code in WITHOUT_LINE, (number, problem)
        asked = any("?" in str(fact) for fact in problem.facts.values())
        for language in ("en", "ja"):
            assert asked or not re.search(r"(^|[ 「])\?( |」|$)", line(problem, text_for(language))), (number, problem)


def _drops_nothing(number: int, name: str, raw: bytes, found: list[Problem]) -> None:
    named = {max(problem.spot.line, 1) for problem in found}
    schema = next(schema for file, schema in FILES.items() if file.split("/")[0] == name.split("/", maxsplit=1)[0])
    try:
        left = dropped(raw, schema, named)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        assert named, (number, name, "not YAML, and nobody says so")
    else:
        whole = {"yaml_too_large", "yaml_too_deep", "not_utf8", "file_empty", "yaml_second_document", "yaml_syntax"}
        # Which keys a source has follows from its kind: written twice, either of them may be meant.
        two_kinds = any(problem.code == "duplicate_key" and problem.facts.get("key") == "kind" for problem in found)
        assert not left or two_kinds or whole & {str(problem.code) for problem in found}, (number, name, left)


def test_commands_say_what_is_wrong_with_random_configurations(tmp_path: Path) -> None:
    """A sample through the command line: an answer or a refusal, never an unexpected error."""
    environ = {"TOMONI_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db", "NAME": "hush-hush", "LC_ALL": "C"}
    commands = (["check", "--offline"], ["status", "--no-sync", "--format", "json"], ["status", "--no-sync"])
    for number in range(SEED, SEED + TRIES, max(TRIES // 10, 1)):
        chance = random.Random(number)
        written(tmp_path, folder(chance) if chance.random() < 0.6 else example(chance), chance)
        for command in commands:
            done = CliRunner().invoke(cli, ["--config", str(tmp_path), *command], env=environ)
            assert done.exit_code in (0, 1), (number, done.output)
            assert "unexpected" not in done.output, (number, done.output)
            assert done.exit_code == 0 or done.stderr, number
            if "json" in command and done.stdout:
                _repeats_errors(number, json.loads(done.stdout), done.stderr)


def _repeats_errors(number: int, answer: dict[str, Any], said: str) -> None:
    """Each error of a file is in the answer too, with its file and line."""
    for problem in answer["problems"]:
        if "file" in problem:
            assert f"{problem['file']}:{problem['line']}: " in said, (number, problem)


def _keys(node: yaml.Node | None, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value != "<<" and not (not place and key.value.startswith("x-")):
                yield (*place, key.value)
                yield from _keys(value, (*place, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _keys(item, (*place, index))


def test_every_key_of_the_example_has_an_effect(tmp_path: Path) -> None:
    """Whatever key is taken away: the catalog differs, or a problem says that it is missing."""
    for sub in ("apps", "exclusions"):
        (tmp_path / sub).mkdir()
    good = Path(__file__).parent / "good" / "sources.yaml"
    (tmp_path / "sources.yaml").write_bytes(good.read_bytes())
    text = (ROOT / "apps" / "_example.yaml").read_text(encoding="utf-8")
    written_out = _merged(yaml.load(text, Loader=yaml.CBaseLoader))
    whole = _seen(tmp_path, _dumped(written_out))
    assert whole == _seen(tmp_path, text)
    # What is written as it would be without the key.
    as_default = {"bucket", "no_data", "direction"}
    for place in _keys(yaml.compose(text, Loader=yaml.CSafeLoader)):
        data = yaml.load(text, Loader=yaml.CBaseLoader)
        inside = data
        for step in place[:-1]:
            inside = inside[step]
        del inside[place[-1]]
        less = _seen(tmp_path, _dumped(data))
        assert less != whole or place[-1] in as_default, place


def _merged(data: Any) -> Any:
    """Data with what they merge written out."""
    if isinstance(data, list):
        return [_merged(each) for each in data]
    if not isinstance(data, dict):
        return data
    return {key: _merged(value) for key, value in {**data.pop("<<", {}), **data}.items()}


def _dumped(data: Any) -> str:
    return str(yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True))


def _seen(path: Path, app: str) -> tuple[object, ...]:
    (path / "apps" / "example.yaml").write_text(app, encoding="utf-8")
    catalog = load_files(path, {"PASSWORD": "a", "TOKEN": "b"}, {}).catalog
    return (repr(catalog.apps), sorted((problem.code, repr(problem.facts)) for problem in catalog.problems))
