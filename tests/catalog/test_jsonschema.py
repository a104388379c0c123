"""The schemas for editors: current, valid, and of one mind with the loading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.catalog.golden import HERE
from tests.tables import table
from tomoni.catalog.document import meaning
from tomoni.catalog.jsonschema import as_text, schema_files, schemas
from tomoni.catalog.unread_files import BESIDE_APPS
from tomoni.catalog.yaml_file import read_document

ROOT = HERE.parents[1]
VALIDATORS = {name: Draft202012Validator(schema) for name, schema in schemas().items()}
# apps/traps.yml is not among them: a number in the place of a text loads, and an editor marks it.
GOOD = [
    *((HERE / "good").rglob("*.yaml")),
    *((ROOT / "config").rglob("*.yaml")),
]


def kind_of(path: Path) -> str:
    folder = path.parent.name
    return {"apps": "app", "agendas": "agenda"}.get(folder, folder if folder in BESIDE_APPS else path.stem)


def errors(path: Path) -> list[str]:
    """What an editor would mark in a file."""
    data: Any = meaning(read_document(path, variables=path.stem == "sources").data)
    return [f"{error.json_path}: {error.message}" for error in VALIDATORS[kind_of(path)].iter_errors(data)]


def test_the_committed_schemas_are_current():
    for name, schema in schemas().items():
        committed = (ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
        hint = "make schemas"
        assert committed == as_text(schema), f"schemas/{name}.schema.json is old; run: {hint}"


def test_there_is_one_file_for_each_kind_of_file():
    assert sorted(schema_files()) == [
        "access.schema.json",
        "agenda.schema.json",
        "app.schema.json",
        "exclusions.schema.json",
        "notifications.schema.json",
        "policies.schema.json",
        "risks.schema.json",
        "settings.schema.json",
        "sources.schema.json",
    ]


@table("name", VALIDATORS)
def test_each_schema_is_a_schema(name: str):
    Draft202012Validator.check_schema(schemas()[name])


@table("path", GOOD)
def test_what_loads_is_valid(path: Path):
    assert errors(path) == []


@table(
    ("file", "marked"),
    [
        ("unknown-keys/apps/shop.yaml", "tilte"),
        ("unknown-keys/sources.yaml", "sead"),
        ("unknown-keys/settings.yaml", "timezon"),
        ("missing-keys/sources.yaml", "$.sources.b"),
        ("missing-keys/settings.yaml", "$.alerts[0]: 'long' is a required property"),
        ("objectives/apps/shop.yaml", "$.journeys[0].slos[3].objective"),
        ("forms/apps/shop.yaml", "$.journeys[0].slos[2].sli"),
        ("lengths/apps/shop.yaml", "$.journeys[0].slos[3].bucket"),
        ("ids/apps/shop.yaml", "$.journeys[0].id"),
        ("app-values/apps/shop.yaml", "$.review.every"),
        ("app-values/apps/shop.yaml", "$.links[0].url"),
        ("time-slices/apps/shop.yaml", "'timeslice' is not one of"),
        ("settings-values/settings.yaml", "$.at_risk_below"),
        ("source-values/sources.yaml", "$.sources.kind"),
        ("agendas/agendas/shop.yaml", "$.steps.journeys.minutes"),
        ("risks/risks/shop.yaml", "$.risks[4].every"),
        ("risks/risks/shop.yaml", "'ettf' was unexpected"),
        ("agendas/agendas/shop.yaml", "'burnt' is not one of"),
        ("wrong-shapes/settings.yaml", "is not of type 'object'"),
    ],
)
def test_what_an_editor_can_see_is_marked(file: str, marked: str):
    found = errors(HERE / "bad" / file)
    assert any(marked in error for error in found), found


def test_every_key_has_a_description():
    for name, schema in schemas().items():
        for path, part in keys(schema):
            assert part.get("description"), f"{name}: {path}"


def keys(schema: Any, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    """All keys of a schema by path, with their schemas."""
    found: list[tuple[str, dict[str, Any]]] = []
    for name, part in schema.items() if isinstance(schema, dict) else ():
        if name == "properties":
            found += [(f"{path}.{key}", value) for key, value in part.items()]
        for inner in part if isinstance(part, list) else [part]:
            found += keys(inner, f"{path}.{name}")
    return found


def test_shipped_files_name_their_schema_and_it_is_there():
    for path in (ROOT / "config").rglob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        prefix = "# yaml-language-server: $schema="
        assert first.startswith(prefix), path
        assert (path.parent / first.removeprefix(prefix)).resolve() == ROOT / "schemas" / f"{kind_of(path)}.schema.json"
