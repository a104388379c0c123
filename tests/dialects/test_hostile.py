"""Whatever stands in a file: nothing raises, every value is told, and what cannot be read names its file and line."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml
from click.testing import Result

from tests.cli.conftest import config, environ, run
from tests.dialects.corpus import GCP, GRAFANA, OPENSLO, PYRRA, SLO_GENERATOR, SLOTH, SLOTH_KUBERNETES, VARIANTS
from tests.dialects.importing import brought
from tests.dialects.test_corpus import untold

pytestmark = pytest.mark.slow
__all__ = ["config", "environ", "run"]
Run = Callable[..., Result]
BASES = {
    "sloth": SLOTH,
    "pyrra": PYRRA,
    "openslo": OPENSLO,
    "slo-generator": SLO_GENERATOR,
    "grafana": GRAFANA,
    "gcp": GCP,
}
ODD: list[Any] = [
    None,
    "",
    "x",
    0,
    -1,
    1e300,
    True,
    [],
    {},
    [[]],
    [{"a": 1}],
    {"a": {"b": []}},
    "1.5.0",
    "${A}",
    "é" * 50,
    "x" * 6_000,
    "日本\u202e\u0000{{.window}}",
]


def places(data: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of some data but the whole."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        yield (*place, key)
        yield from places(value, (*place, key))


def changed(data: Any, place: tuple[Any, ...], value: Any) -> Any:
    """The data with another value at a place, or without the key where that is None."""
    data = deepcopy(data)
    inner = data
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return data


@pytest.mark.parametrize("dialect", sorted(BASES))
def test_any_value_of_any_kind_at_any_place_is_told_and_never_raises(tmp_path: Path, dialect: str) -> None:
    data = yaml.safe_load(BASES[dialect])
    chance = random.Random(7)
    for number, place in enumerate(places(data)):
        odd = changed(data, place, chance.choice(ODD))
        text = yaml.safe_dump(odd, sort_keys=False, allow_unicode=True)
        found = brought(dialect, tmp_path / str(number), text)
        assert not untold(text, found), (place, text)


@pytest.mark.parametrize("dialect", sorted(BASES))
def test_specs_of_other_dialects_are_named_as_such(tmp_path: Path, dialect: str) -> None:
    others = [text for name, text in BASES.items() if name != dialect]
    found = brought(dialect, tmp_path, *others)
    assert found.slos == {}
    assert sum("other_kind" in line or "left_out" in line for line in found.told()) == len(others)


@pytest.mark.parametrize("dialect", ["openslo", "sloth", "pyrra", "slo-generator"])
def test_a_kind_that_is_no_text_is_told_at_its_line(tmp_path: Path, dialect: str) -> None:
    base = SLOTH_KUBERNETES if dialect == "sloth" else BASES[dialect]
    for odd, said in {"{a: SLO}": "wrong_type", "[SLO]": "wrong_type", "1": "other_kind"}.items():
        told = brought(dialect, tmp_path / odd, re.sub(r"(?m)^kind: .*", f"kind: {odd}", base)).told()
        assert "1 ignored other_kind" in told
        assert [line.split()[-1] for line in told] == (["other_kind", said] if said == "wrong_type" else [said]), odd


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(8)
)


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (BOMB.encode(), 1, "more than 200000 values"),
        (b"version: prometheus/v1\nservice: \xff\n", 2, "UTF-8"),
        (b"version: prometheus/v1\n\tservice: a\n", 2, "tab"),
        (b"version: prometheus/v1\nservice: a\nservice: b\n", 3, "service"),
        (b"version: [prometheus/v1\n", 1, "YAML"),
        (b"a: " + b"[" * 100 + b"]" * 100, 1, "64"),
        (b"x" * 10_000_000, 1, "larger"),
        (b"a: &a [*a]\n", 1, ""),
        (b"version: !!python/object:os.system x\n", 1, ""),
    ],
)
def test_a_file_that_cannot_be_read_names_its_line(
    run: Run, tmp_path: Path, content: bytes, line: int, says: str
) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_bytes(content)
    result = run("import", "sloth", str(spec), "--out", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert f"{spec}:{line}: " in result.stderr
    assert says in result.stderr
    assert "unexpected" not in result.stderr
    assert not (tmp_path / "out").exists()


def test_what_can_be_read_beside_a_broken_document_comes_over(run: Run, tmp_path: Path) -> None:
    spec = tmp_path / "specs"
    spec.mkdir()
    (spec / "a.yaml").write_text(
        "---\n---\n" + SLOTH.replace("service: shop", "service: bakery") + "---\n# nothing\n---\nnot: [closed\n",
        encoding="utf-8",
    )
    (spec / "b.json").write_text('{"version": "prometheus/v1", "service": "empty", "slos": []}', encoding="utf-8")
    (spec / "notes.txt").write_text("no spec", encoding="utf-8")
    result = run("import", "sloth", str(spec), "--out", str(tmp_path / "out"), "--window", "28d")
    assert result.exit_code == 1
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["bakery.yaml"]
    assert f"{spec / 'a.yaml'}:23: " in result.stderr
    assert f"{spec / 'b.json'}:1: ignored: it has no SLOs" in result.stderr


HELM = {
    "a value": lambda text: text.replace(": ", ": {{ .Values.x }}", 1),
    "a block": lambda text: "{{- if .Values.enabled }}\n" + text + "{{- end }}\n",
    "a text": lambda text: text + "note: '{{ include \"x\" . }}'\n",
}
WHOLE = {
    "windows": lambda text: text.replace("\n", "\r\n"),
    "mark": lambda text: "\ufeff" + text,
    "empty documents": lambda text: f"---\n---\n{text}---\n---\n# nothing\n",
    "a list": lambda text: "- nothing\n- " + text.replace("\n", "\n  ").strip() + "\n",
    "an anchor": lambda text: "x: &a {b: c}\n" + text + "y: *a\n",
    "alerts": lambda text: text + "note: '{{ if $labels.x }}{{ $value }}{{ end }} {{.window}}'\n",
}
# What is wrong stands in the line before the last.
BROKEN = {
    "twice": lambda text: text + "note: a\nnote: b\nmore: c\n",
    "tab": lambda text: text + "more:\n\tnote: a\nlast: b\n",
    "no such anchor": lambda text: text + "note: *nowhere\nmore: c\n",
    "own tag": lambda text: text + "note: !own a\nmore: c\n",
}


@pytest.mark.parametrize("dialect", sorted(BASES))
def test_siblings_of_a_spec_are_read_or_say_what_to_do(run: Run, tmp_path: Path, dialect: str) -> None:
    def of(name: str, text: str) -> Result:
        spec = tmp_path / f"{name}.yaml"
        spec.write_text(text, encoding="utf-8", newline="")
        return run("import", dialect, str(spec), "--dry-run", "--format", "json")

    for name, change in WHOLE.items():
        result = of(name, change(BASES[dialect]))
        answer = json.loads(result.stdout)
        assert (result.exit_code, len(answer["files"])) == (0, 1), (name, result.stderr)
        assert "Helm" not in result.stderr
        assert name != "a list" or ("[0]", "no_spec") in {
            (each["what"], each.get("reason")) for each in answer["report"]
        }
    for name, change in BROKEN.items():
        text = change(BASES[dialect])
        result = of(name, text)
        assert (result.exit_code, "Traceback" in result.stderr) == (1, False), name
        assert f"{tmp_path / name}.yaml:{text.count(chr(10)) - 1}: " in result.stderr, (name, result.stderr)
    for name, change in HELM.items():
        assert "this is a template of Helm" in of(name, change(BASES[dialect])).stderr


@pytest.mark.parametrize("dialect", ["pyrra", "openslo", "grafana", "gcp"])
def test_a_window_of_ages_leaves_its_slo_out_and_no_other(tmp_path: Path, dialect: str) -> None:
    ages = re.sub(r"(window|duration|rollingPeriod): \w+", r"\1: 99999999999999s", BASES[dialect])
    found = brought(dialect, tmp_path, ages, BASES[dialect])
    assert len(found.slos) == 1
    assert any("left_out" in line for line in found.told())


def test_a_thousand_files_take_as_much_time_a_file_as_ten(tmp_path: Path) -> None:
    def a_file(count: int) -> float:
        specs = [SLOTH.replace("service: shop", f"service: shop-{n}") for n in range(count)]
        began = process_time()
        assert len(brought("sloth", tmp_path / str(count), *specs).apps) == count
        return (process_time() - began) / count

    few = min(a_file(10 + n) for n in range(3))
    assert a_file(200) < 4 * few


def test_a_document_that_is_a_text_is_told(tmp_path: Path) -> None:
    assert brought("sloth", tmp_path, "only words").told() == ["1 ignored no_spec"]


def test_every_dialect_has_its_corpus() -> None:
    assert set(VARIANTS) == set(BASES)
