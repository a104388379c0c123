"""Whether everything that is written in a file is either read or named in a problem with its line.

What may be written is taken from the JSON Schemas, not from the reading itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from tests.catalog.generating import SCHEMAS, Schema, concrete

MERGE = "tag:yaml.org,2002:merge"
NULLS = ("", "~", "null", "Null", "NULL")
SCALARS = {"string", "number", "integer", "boolean"}
# References to variables may stand without quotes in {…}: their brackets are not YAML's.
VARIABLE = re.compile(r"\$\{([^{}\n]*)\}")


def dropped(raw: bytes, schema: str, named: set[int]) -> list[str]:
    """What is written in a file that is neither known nor on a line of a problem (``named``)."""
    text = raw.decode("utf-8-sig")
    if schema == "sources":
        text = VARIABLE.sub(r"$<\1>", text)
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    return [*_below(root, [SCHEMAS[schema]], SCHEMAS[schema], _Lines(named))] if root is not None else []


class _Lines:
    """The lines that problems name."""

    def __init__(self, named: set[int]) -> None:
        self.named = named

    def has(self, *nodes: yaml.Node) -> bool:
        return any(node.start_mark.line + 1 in self.named for node in nodes)


def _below(node: yaml.Node, written: Sequence[Schema], root: Schema, lines: _Lines) -> Iterator[str]:
    found = [each for schema in written for each in concrete(schema, root)]
    if isinstance(node, yaml.MappingNode):
        yield from _mapping(node, [schema for schema in found if "object" in _kinds(schema)], root, lines)
    elif isinstance(node, yaml.SequenceNode):
        lists = [schema for schema in found if "array" in _kinds(schema)]
        if not lists and node.value and not lines.has(node):
            yield f"{node.start_mark.line + 1}: a list"
        items = [item for schema in lists for item in schema.get("prefixItems", [schema.get("items")])]
        for item in node.value if lists else ():
            yield from _below(item, items, root, lines)
    elif not any(_kinds(schema) & SCALARS for schema in found) and found and not _is_null(node) and not lines.has(node):
        yield f"{node.start_mark.line + 1}: {node.value}"


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in NULLS


def _kinds(schema: Schema) -> set[str]:
    kinds = schema.get(
        "type", "object" if "properties" in schema else [*SCALARS] if {"enum", "const"} & set(schema) else ""
    )
    return set(kinds) if isinstance(kinds, list) else {kinds}


def _mapping(node: yaml.MappingNode, objects: list[Schema], root: Schema, lines: _Lines) -> Iterator[str]:
    if not objects:
        if node.value and not lines.has(node):
            yield f"{node.start_mark.line + 1}: a mapping"
        return
    pairs = [*_pairs(node)]
    fitting = _fitting(objects, {key.value: value for key, value in pairs if isinstance(key, yaml.ScalarNode)})
    for key, value in pairs:
        schemas = [schema for fit in fitting if (schema := _of_key(fit, key)) is not None]
        if lines.has(key, value):
            continue  # named; what is below it may have been left aside
        if not schemas and not (fitting == [root] and str(key.value).startswith("x-")):
            yield f"{key.start_mark.line + 1}: {key.value}"
        yield from _below(value, schemas, root, lines) if schemas else ()


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """The keys and values of a mapping, with those that it merges."""
    own = [(key, value) for key, value in node.value if key.tag != MERGE]
    yield from own
    there = {key.value for key, _ in own if isinstance(key, yaml.ScalarNode)}
    for key, value in node.value:
        if key.tag == MERGE:
            for base in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                if isinstance(base, yaml.MappingNode) and base is not node:
                    yield from (pair for pair in _pairs(base) if pair[0].value not in there)


def _fitting(objects: list[Schema], written: Mapping[str, yaml.Node]) -> list[Schema]:
    """The alternative that a mapping is read as: the one whose kind or whose required keys are written."""
    kind = written.get("kind")
    consts = [each for each in objects if kind is not None and _const(each) == kind.value]
    whole = [each for each in objects if set(each.get("required", ())) <= set(written)]
    return consts or (whole if len(whole) == 1 else objects)


def _const(schema: Schema) -> Any:
    return schema.get("properties", {}).get("kind", {}).get("const")


def _of_key(schema: Schema, key: yaml.Node) -> Schema | None:
    found = schema.get("properties", {}).get(key.value if isinstance(key, yaml.ScalarNode) else "")
    more = schema.get("additionalProperties")
    return found if found is not None else more if isinstance(more, dict) else None
