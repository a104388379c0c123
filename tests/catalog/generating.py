"""Random configurations: files out of their schemas, and mutations of bytes, tokens, lines and keys."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from tomoni.catalog.jsonschema import schemas

Schema = Mapping[str, Any]
SCHEMAS = schemas()
FILES = {
    "sources.yaml": "sources",
    "settings.yaml": "settings",
    "policies.yaml": "policies",
    "apps/shop.yaml": "app",
    "exclusions/shop.yaml": "exclusions",
    "agendas/shop.yaml": "agenda",
    "risks/shop.yaml": "risks",
}
# Values for what only a pattern describes, by a part of the pattern.
BY_PATTERN = {
    "ms|s|m": ("5m", "1h", "28d", "300ms", "7d", "10m", "1h30m", "0s"),
    "days?": ("2 weeks", "10 days", "week"),
    "serviceLevelObjectives": ("projects/p/services/s/serviceLevelObjectives/o",),
    "[01]": ("09:00", "18:00", "24:00", "25:00"),
    "[A-Z]{2}": ("JP", "DE", "XX"),
    "^[^/]+/[^/]+$": ("buy/up", "buy/fast", "buy"),
    "[hH][tT]": ("https://example.com/a", "http://127.0.0.1:9090"),
    ">=|<=": (">= 1", "< 0.8"),
    "(100|": ("50%", "0%", "25 %"),
    "[a-z0-9]([a-z0-9-]*": ("shop", "buy", "up", "fast", "cpu", "standard", "Shop"),
}
WORDS = (
    "shop",
    "demo",
    "Buy it",
    "注文",
    "a: b",
    "99,5",
    "#1",
    "${NAME}",
    "~",
    "yes",
    "1e3",
    "UTC",
    "Asia/Tokyo",
    "en",
)
NUMBERS = (0, 1, 5, 99, 99.9, 99.95, 100, 0.5, 0.25, -1, 1000, 4, 12)
IDS = ("demo", "exports", "prometheus", "gcp", "standard", "X-Scope")
LANGUAGES = ("en", "ja", "en", "ja", "jp")
# Keys that name something which is defined elsewhere.
REFERENCES = {"source": IDS[:4], "policy": ("standard",), "default": ("standard",), "objective": (99, 99.9, 95)}
TOKENS: tuple[str, ...] = ("[", "]", "{", "}", ":", ",", "&a ", "*a", "<<: *a", "---\n", "\t", "!!x ", "~", "on", "1e9")
TOKENS += ("99,95", "'", '"', "# ", "| ", "> ", "%", "@", "\r\n", "\u2028", "\ufeff", "- ", "? ", "null", "=", "${X}")
MORE_KEYS = (b"extra: 1", b"x-extra:", b"extra: {a: 1}", b"1: 2", b"on:", b"'': a")


def concrete(schema: Schema, root: Schema) -> Iterator[Schema]:
    """The alternatives that a schema stands for, without references."""
    if "$ref" in schema:
        yield from concrete(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
        return
    choices = [part for key in ("anyOf", "oneOf") for part in schema.get(key, ()) if set(part) - {"required"}]
    for choice in choices:
        yield from concrete(choice, root)
    if not choices:
        yield schema


def folder(chance: random.Random) -> dict[str, str]:
    """The files of one configuration: most keys as their schemas want them, some not."""
    made = {}
    for name, schema in FILES.items():
        root = SCHEMAS[schema]
        data = mapping(root, root, chance, 0)
        if name.endswith("/shop.yaml"):
            data = {**data, "app": "shop"}
        flow = chance.choice([None, None, False, True])
        made[name] = yaml.dump(
            data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, default_flow_style=flow
        )
    return made


def value(schema: Schema, root: Schema, chance: random.Random, depth: int) -> Any:
    """A random value for a schema."""
    found = chance.choice([*concrete(schema, root)])
    kinds = found.get("type", "object" if "properties" in found else "string")
    kind = chance.choice(kinds) if isinstance(kinds, list) else kinds
    if chance.random() < 0.01:
        return chance.choice([None, [], {}, "", {"a": None}, [1], "x"])
    if "const" in found or "enum" in found:
        return found.get("const") or chance.choice(found["enum"])
    if kind == "object":
        return mapping(found, root, chance, depth)
    if kind == "array":
        items = found.get("prefixItems") or [found["items"]] * chance.randint(0, 3)
        return [value(item, root, chance, depth + 1) for item in items]
    if kind == "boolean":
        return chance.choice([True, False])
    return chance.choice(NUMBERS) if kind in ("number", "integer") else text(found, chance)


def mapping(schema: Schema, root: Schema, chance: random.Random, depth: int) -> dict[str, Any]:
    """A mapping with what is required, and some of the rest."""
    properties, required = schema.get("properties", {}), schema.get("required", ())
    often = 0.9 if depth == 0 else 0.4
    names = [name for name in properties if name in required or chance.random() < often]
    made = {name: value(properties[name], root, chance, depth + 1) for name in names}
    made |= {name: chance.choice(REFERENCES[name]) for name in names if name in REFERENCES and chance.random() < 0.9}
    more = schema.get("additionalProperties")
    if isinstance(more, dict):
        ids = LANGUAGES if "propertyNames" in schema else IDS
        made |= {chance.choice(ids): value(more, root, chance, depth + 1) for _ in range(chance.randint(1, 3))}
    return made


def text(schema: Schema, chance: random.Random) -> str:
    if examples := schema.get("examples"):
        return str(chance.choice(examples))
    pattern = schema.get("pattern", "")
    choices = next((values for part, values in BY_PATTERN.items() if part in pattern), WORDS)
    return chance.choice(choices)


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """The same file with one mistake in it."""
    at = chance.randrange(len(raw) + 1)
    lines = raw.split(b"\n")
    n = chance.randrange(len(lines))
    line = lines[n]
    match chance.randrange(10):
        case 0:
            return raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
        case 1:
            return raw[:at] if chance.random() < 0.2 else raw[:at] + raw[at + 1 :]
        case 2:
            lines[n : n + 1] = []
        case 3:
            lines.insert(n, line)
        case 4:
            return raw[:at] + chance.choice(TOKENS).encode() + raw[at:]
        case 5:
            words = raw.split(b" ")
            words[chance.randrange(len(words))] = chance.choice(words)
            return b" ".join(words)
        case 6:  # a key without its value
            lines[n] = line.partition(b":")[0] + b":"
        case 7:  # a misspelt key
            key, colon, rest = line.partition(b":")
            lines[n] = key[:-1] + colon + rest
        case 8:  # a key more
            blanks = line[: len(line) - len(line.lstrip(b" "))]
            lines.insert(
                n, blanks + chance.choice([b"extra: 1", b"x-extra:", b"extra: {a: 1}", b"1: 2", b"on:", b"'': a"])
            )
        case _:  # another depth
            lines[n] = line[2:] if chance.random() < 0.5 else b"  " + line
    return b"\n".join(lines)
