"""Every key of every file with rubbish as its value, out of the JSON Schemas: the rest is as the schemas want it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import yaml

from tests.catalog.generating import SCHEMAS, Schema, concrete, value

FILES = {
    "sources.yaml": "sources",
    "settings.yaml": "settings",
    "policies.yaml": "policies",
    "access.yaml": "access",
    "notifications.yaml": "notifications",
    "apps/shop.yaml": "app",
    "exclusions/shop.yaml": "exclusions",
    "agendas/shop.yaml": "agenda",
    "risks/shop.yaml": "risks",
}
RUBBISH: Mapping[str, Any] = {
    "a list": [[1]],
    "a mapping": {"zzz": {"zzz": 1}},
    "a word": "Quux!",
    "a negative number": -7,
    "a large number": 987654321987,
    "an empty text": "",
}
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Key:
    """One key of a file, and the mapping that it is written in, with what that mapping needs besides."""

    file: str
    path: Path
    needs: Mapping[Path, Any]

    @property
    def name(self) -> str:
        return str(self.path[-1])

    def document(self, written: object, name: str = "") -> tuple[str, int]:
        """The text of a file with this key, and the line of the key."""
        data: dict[str, Any] = {}
        for path, needed in self.needs.items():
            _put(data, path, needed)
        path = (*self.path[:-1], name or self.name)
        _put(data, path, written)
        text = yaml.dump(data, allow_unicode=True, sort_keys=False)
        return text, _line(text, path)


def keys() -> Iterator[Key]:
    """Every key that the schemas have, once for each mapping that it may stand in."""
    for file, name in FILES.items():
        seen: set[str] = set()
        yield from _keys(file, SCHEMAS[name], SCHEMAS[name], (), {}, seen)


def _keys(
    file: str, schema: Schema, root: Schema, path: Path, needs: Mapping[Path, Any], seen: set[str]
) -> Iterator[Key]:
    for found in concrete(schema, root):
        if "properties" in found:
            if (mark := repr(sorted(found["properties"].items(), key=str))) in seen:
                continue
            seen.add(mark)
            yield from _of_mapping(file, found, root, path, needs, seen)
        elif found.get("type") == "array" and "items" in found:
            yield from _keys(file, found["items"], root, (*path, 0), needs, seen)
        elif isinstance(found.get("additionalProperties"), dict) and "propertyNames" not in found:
            yield from _keys(file, found["additionalProperties"], root, (*path, "some"), needs, seen)


def _of_mapping(
    file: str, found: Schema, root: Schema, path: Path, needs: Mapping[Path, Any], seen: set[str]
) -> Iterator[Key]:
    own = {
        (*path, name): "shop" if name == "app" and not path else _plain(found["properties"][name], root)
        for name in found["properties"]
        if name in found.get("required", ()) or "const" in found["properties"][name]
    }
    for name, part in found["properties"].items():
        others = {at: needed for at, needed in {**needs, **own}.items() if at != (*path, name)}
        yield Key(file, (*path, name), others)
        yield from _keys(file, part, root, (*path, name), others, seen)


def _plain(schema: Schema, root: Schema) -> Any:
    """A value that the schema allows."""
    const = next((found["const"] for found in concrete(schema, root) if "const" in found), None)
    return const if const is not None else value(schema, root, random.Random(7), 9)


def _put(data: Any, path: Path, written: object) -> None:
    for step, following in pairwise(path):
        inner: Any = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            if not data:
                data.append(inner)
            data = data[step]
        else:
            data = data.setdefault(step, inner)
    if isinstance(data, dict):
        data[path[-1]] = written


def _line(text: str, path: Path) -> int:
    node, line = yaml.compose(text), 0
    for step in path:
        assert node is not None
        if isinstance(step, int):
            node = node.value[step]
        else:
            key, node = next(pair for pair in node.value if pair[0].value == step)
            line = key.start_mark.line + 1
    return line
