"""The last good definition of each source: its keys as they were written, without a secret.

What is kept has references to the environment and to files in place of secrets. A source whose secret stands in
``sources.yaml`` itself is not kept; while the program runs it is still known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from data_sources.config import SourceConfig
from data_sources.secrets import Secret
from tomoni.catalog.document import Document, Place, Plain, Quoted
from tomoni.catalog.schema import GoodFile
from tomoni.catalog.sources import SourceTable, read_sources, value_at

# A secret that is nothing but references, after the word for the way to sign in.
_REFERENCES = re.compile(r"\s*(?:\w+ )?(?:\$\{[^}]+\})+\s*")


def kept(document: Document, table: SourceTable, good: GoodFile) -> GoodFile:
    """What to keep of a file: the kind of each source, and the keys of those that have no secret in them."""
    elements = {**good.elements, **{name: kind for name, kind in table.kinds.items() if kind}}
    there = table.kinds if table.readable else good.elements
    texts = {name: text for name, text in good.texts.items() if name in there and name not in table.configs}
    for name, config in table.configs.items():
        data = document.at(("sources", name))
        if all(_REFERENCES.fullmatch(text) for text in _secrets(data, config)):
            texts[name] = json.dumps(_stored(data), ensure_ascii=False)
    return GoodFile(elements, texts)


def in_force(
    document: Document,
    table: SourceTable,
    good: GoodFile,
    before: Mapping[str, SourceConfig],
    environ: Mapping[str, str],
) -> SourceTable:
    """The sources with the last good definition of each that is broken now, where it is known."""
    broken = table.unusable if table.readable else {*good.elements, *before}
    held = {}
    for name in sorted(broken):
        text = good.texts.get(name)
        config = _read(document.file, name, text, environ) if text is not None else None
        if (config := config or before.get(name)) is not None:
            held[name] = config
    kinds = {name: kind or good.elements.get(name, "") for name, kind in table.kinds.items()}
    if not table.readable:
        kinds = {**good.elements, **kinds}
    kinds |= {name: config.kind for name, config in held.items()}
    readable = table.readable or bool(kinds)
    return replace(table, configs={**table.configs, **held}, kinds=kinds, readable=readable, held=frozenset(held))


def _read(file: str, name: str, text: str, environ: Mapping[str, str]) -> SourceConfig | None:
    document = Document(file, data={"sources": {name: _restored(json.loads(text))}})
    return read_sources(document, environ).configs.get(name)


def _secrets(data: object, config: SourceConfig, place: Place = ()) -> Iterator[str]:
    """The written texts of a source that are secrets."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _secrets(value, config, (*place, key))
    elif isinstance(data, str) and isinstance(value_at(config, place), Secret):
        yield data


def _stored(data: object) -> Any:  # noqa: ANN401 - any JSON
    """Data as JSON: a text begins with p or q, for plain or quoted."""
    if isinstance(data, dict):
        return {key: _stored(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_stored(each) for each in data]
    return ("q" if isinstance(data, Quoted) else "p") + data if isinstance(data, str) else None


def _restored(data: object) -> Any:  # noqa: ANN401 - any data
    if isinstance(data, dict):
        return {key: _restored(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_restored(each) for each in data]
    if not isinstance(data, str):
        return None
    return Quoted(data[1:]) if data[0] == "q" else Plain(data[1:])
