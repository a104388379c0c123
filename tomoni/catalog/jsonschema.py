"""JSON Schemas (draft 2020-12) of the configuration files, for editors.

They come from the same models that read the files. An editor sees less than `catalog.load` does:
what two keys demand of each other, and whether a source answers a form, is checked only there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from data_sources.kinds import KINDS, signal_forms, sli_forms
from data_sources.queries import TextSignal
from tomoni.catalog.access import AccessEntry
from tomoni.catalog.agendas import AgendaEntry
from tomoni.catalog.apps import AppEntry
from tomoni.catalog.exclusions import FORMS, ExclusionsEntry
from tomoni.catalog.notifications import NotificationsEntry
from tomoni.catalog.policies import PoliciesEntry
from tomoni.catalog.risks import RisksEntry
from tomoni.catalog.settings import SettingsEntry

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_REF = "#/$defs/"
_VARIABLE = {"type": "string", "pattern": r"\$\{[A-Za-z_][A-Za-z0-9_]*\}"}
# Keys that pydantic adds and editors make nothing of, or something wrong.
_NOISE = frozenset({"title", "default", "writeOnly", "format", "discriminator", "gt"})

_NAME = "urn:tomoni:schema"  # schemas are found by files, not by an address; their names stay the same


def schema_files() -> dict[str, str]:
    """The text of each schema by the name of its file."""
    return {f"{name}.schema.json": as_text(schema) for name, schema in schemas().items()}


def as_text(schema: Schema) -> str:
    """A schema as it is committed."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def schemas() -> dict[str, Schema]:
    """The schema of each kind of file by name."""
    found = {
        "sources": _file("The sources of Tomoni (sources.yaml)", _sources()),
        "settings": _file("The settings of Tomoni (settings.yaml)", _model(SettingsEntry)),
        "app": _file("An app of Tomoni (apps/<app>.yaml)", _app()),
        "access": _file("Who may see and do what in Tomoni (access.yaml)", _model(AccessEntry)),
        "notifications": _file("Who is told of budgets (notifications.yaml)", _model(NotificationsEntry)),
        "policies": _file("The policies of Tomoni (policies.yaml)", _model(PoliciesEntry)),
        "exclusions": _file("Exclusions of Tomoni (exclusions/<app>.yaml)", _exclusions()),
        "agenda": _file("An agenda of Tomoni (agendas/<app>.yaml)", _model(AgendaEntry)),
        "risks": _file("The risks of Tomoni (risks/<app>.yaml)", _model(RisksEntry)),
    }
    return {name: {"$schema": DRAFT, "$id": f"{_NAME}:{name}", **schema} for name, schema in found.items()}


def _file(title: str, schema: Schema) -> Schema:
    """The schema of a whole file; keys that begin with x- are free, for anchors."""
    return {"title": title, **schema, "patternProperties": {"^x-": {}}}


def _model(model: type[BaseModel]) -> Schema:
    schema: Schema = _tidy(model.model_json_schema())
    schema["description"] = _first_paragraph(schema["description"])
    return schema


def _first_paragraph(docstring: str) -> str:
    return docstring.split("\n\n", maxsplit=1)[0].replace("``", "").replace("`", "")


def _tidy(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """A schema without noise, its placeholders filled with references."""
    if isinstance(schema, list):
        return [_tidy(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$comment" in schema:
        return {"$ref": _REF + schema["$comment"], "description": schema.get("description", "")}
    tidy = {
        key: _tidy(part)
        for key, part in schema.items()
        if key not in _NOISE or (key == "default" and part is not None) or isinstance(part, dict)
    }
    # A key without a value counts as not written; listing null would only blur the messages of editors.
    choices = [choice for choice in tidy.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        del tidy["anyOf"]
        return {**choices[0], **tidy}
    return {**tidy, "anyOf": choices} if choices else tidy


def _app() -> Schema:
    schema = _model(AppEntry)
    definitions = schema["$defs"]
    # The most common form, looked for last, is the first that editors propose.
    *others, common = sli_forms().values()
    forms = {form.__name__: _form(form, definitions) for form in (common, *others)}
    definitions |= {name: _with_source(form) for name, form in forms.items()}
    definitions["Sli"] = {"oneOf": _references(forms)}
    mappings = [_form(form, definitions) for form in signal_forms().values() if form is not TextSignal]
    definitions["SignalQuery"] = {"anyOf": [{"type": ["string", "number"], "minLength": 1}, *mappings]}
    return schema


def _exclusions() -> Schema:
    """Exactly the keys of one form, as the reading wants them."""
    schema = _model(ExclusionsEntry)
    schema["$defs"]["ExclusionEntry"]["oneOf"] = [{"required": list(form)} for form in FORMS]
    return schema


def _form(model: type[BaseModel], definitions: Schema) -> Schema:
    """The schema of one form; the models within it go to the definitions."""
    schema = _model(model)
    for name, part in schema.pop("$defs", {}).items():
        definitions[name] = {**part, "description": _first_paragraph(part["description"])}
    return schema


def _with_source(form: Schema) -> Schema:
    source = {"type": ["string", "number"], "description": "The source to query: an id of sources.yaml."}
    return {
        **form,
        "properties": {"source": source, **form["properties"]},
        "required": ["source", *form.get("required", ())],
    }


def _sources() -> Schema:
    definitions: Schema = {}
    for name, kind in KINDS.items():
        schema = _model(kind.config)
        definitions |= schema.pop("$defs", {})
        definitions[name] = schema
    for schema in definitions.values():
        schema["properties"] = {key: _or_variable(part) for key, part in schema["properties"].items()}
    return {
        "description": "Where metrics come from.",
        "type": "object",
        "properties": {
            "sources": {
                "description": "The sources, each under an id of your own.",
                "type": "object",
                "additionalProperties": {"oneOf": _references(KINDS)},
            }
        },
        "required": ["sources"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def _references(names: Iterable[str]) -> list[Schema]:
    return [{"$ref": _REF + name} for name in names]


def _description_of(schema: Schema) -> Schema:
    return {key: part for key, part in schema.items() if key == "description"}


def _or_variable(schema: Schema) -> Schema:
    """A schema whose values may come from the environment: a ${NAME} is fine wherever a value is."""
    if "const" in schema or "$ref" in schema:
        return schema
    if schema.get("type") in ("integer", "number", "boolean"):
        written = {key: part for key, part in schema.items() if key != "description"}
        return {"anyOf": [written, _VARIABLE], **_description_of(schema)}
    if schema.get("type") == "string":
        return {**schema, "type": ["string", "number"]}
    changed = {
        key: [_or_variable(part) for part in parts] for key, parts in schema.items() if key in ("anyOf", "oneOf")
    }
    if isinstance(schema.get("additionalProperties"), dict):
        changed["additionalProperties"] = _or_variable(schema["additionalProperties"])  # type: ignore[assignment]
    return {**schema, **changed}
