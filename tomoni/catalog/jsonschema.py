"""JSON Schemas (draft 2020-12) of the configuration files, for editors.

They come from the same models that read the files. An editor sees less than `catalog.load` does:
what two keys demand of each other, and whether a source answers a form, is told only there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from data_sources.kinds import KINDS
from data_sources.queries import (
    SLI_FORMS,
    CloudSignal,
    Counts,
    Distribution,
    Expression,
    FileSignal,
    Gauge,
    Histogram,
    NativeSlo,
    Ratio,
)
from tomoni.catalog.agreements import FORMS, ExclusionsEntry, PoliciesEntry
from tomoni.catalog.readings import DURATION_PATTERN
from tomoni.catalog.written import AppEntry, SettingsEntry

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_REF = "#/$defs/"
_LENGTH = {"type": "string", "pattern": DURATION_PATTERN}
_VARIABLE = {"type": "string", "pattern": r"\$\{[A-Za-z_][A-Za-z0-9_]*\}"}
# Keys that pydantic adds and editors make nothing of, or something wrong.
_NOISE = frozenset({"title", "default", "writeOnly", "format", "discriminator", "gt"})

FORM_KEYS: Mapping[tuple[type[BaseModel], str], str] = {
    (Ratio, "total"): "All events: a counter selector, a Cloud Monitoring filter, or {expr: full PromQL}.",
    (Ratio, "good"): "The good events, written like total; or bad instead.",
    (Ratio, "bad"): "The bad events, written like total; or good instead.",
    (Expression, "expr"): "Full PromQL; $window is the bucket.",
    (Histogram, "histogram"): "A classic histogram: its base name without _bucket, with label matchers.",
    (Histogram, "under"): "The threshold: 300ms, or seconds as a number. It must be an edge of the histogram.",
    (Gauge, "gauge"): "A PromQL expression or a Cloud Monitoring filter; each bucket is one event.",
    (Gauge, "good_when"): "The condition on the bucket's mean: '>= 1', '< 0.8'.",
    (Distribution, "distribution"): "A Cloud Monitoring filter for a metric of distributions.",
    (Distribution, "under"): "The threshold: a length such as 300ms, or a number in the metric's unit.",
    (Distribution, "range"): "From and to in the metric's unit, instead of under: [0, 300].",
    (NativeSlo, "slo"): "The full name of an SLO kept in Cloud Monitoring.",
    (Counts, "counts"): "A file of the source's folder, or the name of a demo series.",
    (CloudSignal, "filter"): "A Cloud Monitoring filter.",
    (CloudSignal, "aligner"): "How the points of one series within a bucket become one.",
    (CloudSignal, "reducer"): "How several series become one.",
    (CloudSignal, "group_by"): "Labels to keep apart while reducing.",
    (FileSignal, "file"): "A file of the source's folder.",
    (FileSignal, "value"): "The column with the values.",
}
SOURCE_KEYS: Mapping[str, str] = {
    "kind": "What kind of source it is.",
    "timeout_seconds": "How long one question may take.",
    "lag_seconds": "How many of the newest seconds are not trusted yet, because points arrive late.",
    "max_parallel": "How many questions are asked at once.",
    "url": "The address of the server.",
    "headers": "HTTP headers that are sent with every question.",
    "auth": "How to sign in.",
    "verify_tls": "true, false, or a file of certificates to trust.",
    "ui_url": "Where people open the server, if that is elsewhere.",
    "project": "The Google Cloud project whose metrics are read.",
    "api_endpoint": "Another address of the API, such as an emulator's.",
    "insecure": "true: no TLS, for an emulator.",
    "path": "The folder with the files; relative paths begin at this file.",
    "seed": "Another number is another world.",
    "username": "The user's name.",
    "password": "The password; better ${NAME} than written out.",
    "token": "The token; better ${NAME} than written out.",
    "credentials_file": "A service account's key file; relative paths begin at this file.",
    "impersonate": "The service account to act as.",
}


def write(folder: Path) -> None:
    """Writes each schema to ``<name>.schema.json`` in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (folder / f"{name}.schema.json").write_text(as_text(schema), encoding="utf-8")


def as_text(schema: Schema) -> str:
    """A schema as it is committed."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def schemas() -> dict[str, Schema]:
    """The schema of each kind of file by name."""
    return {
        "sources": _file("The sources of Tomoni (sources.yaml)", _sources()),
        "settings": _file("The settings of Tomoni (settings.yaml)", _model(SettingsEntry)),
        "app": _file("An app of Tomoni (apps/<app>.yaml)", _app()),
        "policies": _file("The policies of Tomoni (policies.yaml)", _model(PoliciesEntry)),
        "exclusions": _file("Exclusions of Tomoni (exclusions/<app>.yaml)", _exclusions()),
    }


def _file(title: str, schema: Schema) -> Schema:
    """The schema of a whole file; keys that begin with x- are free, for anchors."""
    return {"$schema": DRAFT, "title": title, **schema, "patternProperties": {"^x-": {}}}


def _model(model: type[BaseModel]) -> Schema:
    schema: Schema = _tidy(model.model_json_schema())
    schema["description"] = schema["description"].split("\n\n")[0].replace("``", "").replace("`", "")
    return schema


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
    # A key without a value counts as not written; saying so would blur what editors tell.
    choices = [choice for choice in tidy.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        del tidy["anyOf"]
        return {**choices[0], **tidy}
    return {**tidy, "anyOf": choices} if choices else tidy


def _app() -> Schema:
    schema = _model(AppEntry)
    forms = {"Ratio": _ratio(), "Distribution": _distribution(), "Histogram": _histogram()}
    forms |= {model.__name__: _form(model) for model in SLI_FORMS.values() if model.__name__ not in forms}
    schema["$defs"] |= {"Expression": _form(Expression)}
    schema["$defs"] |= {name: _with_source(form) for name, form in forms.items()}
    schema["$defs"]["Sli"] = {"oneOf": [{"$ref": _REF + name} for name in forms]}
    schema["$defs"]["SignalQuery"] = {
        "anyOf": [{"type": ["string", "number"], "minLength": 1}, _form(CloudSignal), _form(FileSignal)]
    }
    return schema


def _exclusions() -> Schema:
    """Exactly the keys of one form, as the reading wants them."""
    schema = _model(ExclusionsEntry)
    schema["$defs"]["ExclusionEntry"]["oneOf"] = [{"required": list(form)} for form in FORMS]
    return schema


def _form(model: type[BaseModel]) -> Schema:
    schema = _model(model)
    schema.pop("$defs", None)
    for key, part in schema["properties"].items():
        part["description"] = FORM_KEYS[model, key]
    return schema


def _ratio() -> Schema:
    return {**_form(Ratio), "oneOf": [{"required": ["good"]}, {"required": ["bad"]}]}


def _distribution() -> Schema:
    schema = {**_form(Distribution), "oneOf": [{"required": ["under"]}, {"required": ["range"]}]}
    schema["properties"]["under"]["anyOf"] = [_LENGTH, {"type": "number"}]
    return schema


def _histogram() -> Schema:
    schema = _form(Histogram)
    told = schema["properties"]["under"]["description"]
    under = {"anyOf": [_LENGTH, {"type": "number", "exclusiveMinimum": 0}], "description": told}
    schema["properties"]["under"] = under
    return schema


def _with_source(form: Schema) -> Schema:
    source = {"type": ["string", "number"], "description": "The source that is asked: an id of sources.yaml."}
    return {
        **form,
        "properties": {"source": source, **form["properties"]},
        "required": ["source", *form["required"]],
    }


def _sources() -> Schema:
    definitions: Schema = {}
    for name, kind in KINDS.items():
        schema = _model(kind.config)
        definitions |= schema.pop("$defs", {})
        definitions[name] = schema
    for schema in definitions.values():
        for key, part in schema["properties"].items():
            schema["properties"][key] = {**_or_variable(part), "description": SOURCE_KEYS[key]}
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


def _or_variable(schema: Schema) -> Schema:
    """A schema whose values may come from the environment: a ${NAME} is fine wherever a value is."""
    if "const" in schema or "$ref" in schema:
        return schema
    if schema.get("type") in ("integer", "number", "boolean"):
        return {"anyOf": [schema, _VARIABLE]}
    if schema.get("type") == "string":
        return {**schema, "type": ["string", "number"]}
    changed = {
        key: [_or_variable(part) for part in parts] for key, parts in schema.items() if key in ("anyOf", "oneOf")
    }
    if isinstance(schema.get("additionalProperties"), dict):
        changed["additionalProperties"] = _or_variable(schema["additionalProperties"])  # type: ignore[assignment]
    return {**schema, **changed}
