"""`sources.yaml`: the configured sources, with ``${NAME}`` read from the environment.

A fact about a source never contains a value that was written: it may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import Field

from data_sources.config import Kind, SourceConfig
from data_sources.kinds import KINDS
from tomoni.catalog.codes import Code, listed, nearest
from tomoni.catalog.document import Document, Fault, Place, Quoted
from tomoni.catalog.mapping import ONE_BY_ONE, Entry, read_entry, validated_meaning

# A dollar before it keeps what looks like a variable as it is: $${NAME}.
_VARIABLE = re.compile(r"(\$?)\$\{([^}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class SourcesEntry(Entry):
    """`config/sources.yaml`."""

    sources: Annotated[dict[str, Any], ONE_BY_ONE] = Field(
        default={}, description="Where metrics come from: an id of your own for each source."
    )


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The sources that are written. ``kinds`` has all of them, with the kind where it is known;
    ``configs`` only those that can be used. ``readable`` is False when nothing could be read."""

    configs: Mapping[str, SourceConfig] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    readable: bool = True

    @property
    def unusable(self) -> frozenset[str]:
        """The sources that are written but have errors."""
        return frozenset(self.kinds.keys() - self.configs.keys())


def read_sources(document: Document, environ: Mapping[str, str]) -> SourceTable:
    """The sources of a document; faults are noted in it."""
    if document.data is None:
        if not document.faults:
            document.note((), Code.FILE_EMPTY)
        return SourceTable(readable=False)
    read_entry(document, (), SourcesEntry)
    written = document.at(("sources",))
    if not isinstance(written, dict):
        if isinstance(document.data, dict):
            _note_no_sources(document, written)
        return SourceTable(readable=False)
    kinds: dict[str, str] = {}
    configs: dict[str, SourceConfig] = {}
    broken = {fault.place[1] for fault in document.faults if len(fault.place) > 1}
    for source_id in written:
        place = ("sources", source_id)
        if not str(source_id).strip():
            document.note_key(place, Code.BAD_ID, written=f'"{source_id}"', meant="")
            continue
        kinds[source_id] = _kind(document, place)
        config = _config(document, place, environ) if kinds[source_id] else None
        if config is not None and source_id not in broken:
            configs[source_id] = config
    return SourceTable(configs, kinds)


def _note_no_sources(document: Document, written: object) -> None:
    if written is not None:
        document.note(("sources",), Code.WRONG_TYPE, expected="mapping")
    else:
        document.note_key(("sources",), Code.MISSING_KEY, key="sources")


def _kind(document: Document, place: Place) -> str:
    """The known kind of a source, or nothing."""
    written = document.at(place)
    if not isinstance(written, dict):
        document.note(place, Code.WRONG_TYPE, expected="mapping")
        return ""
    kind = written.get("kind")
    if kind is None:
        document.note_key((*place, "kind"), Code.MISSING_KEY, key="kind")
        return ""
    if not isinstance(kind, str) or kind not in KINDS:
        name = str(kind) if isinstance(kind, str) else ""
        document.note((*place, "kind"), Code.UNKNOWN_KIND, kind=name, nearest=nearest(name, KINDS), known=listed(KINDS))
        return ""
    return str(kind)


def _config(document: Document, place: Place, environ: Mapping[str, str]) -> SourceConfig | None:
    kind: Kind = KINDS[str(document.at((*place, "kind")))]
    before = len(document.faults)
    data = cast(dict[str, Any], _filled(document, place, environ))
    config, faults = validated_meaning(kind.config, data, place)
    # What a missing variable leaves behind is no fault of its own.
    missing = {fault.place for fault in document.faults[before:]}
    document.faults.extend(fault for fault in faults if fault.place not in missing)
    if config is None or missing:
        return None
    own = [Fault((*place, *fault.path), Code(fault.code), fault.facts, fault.at_key) for fault in config.faults()]
    document.faults.extend(own)
    return None if own else config.relative_to(Path(document.file).parent)


def _filled(document: Document, place: Place, environ: Mapping[str, str]) -> object:
    """The data at a place with its variables filled in."""
    written = document.at(place)
    if isinstance(written, dict):
        return {key: _filled(document, (*place, key), environ) for key in written}
    if isinstance(written, list):
        return [_filled(document, (*place, index), environ) for index in range(len(written))]
    if not isinstance(written, str) or "${" not in written:
        return written

    def value(match: re.Match[str]) -> str:
        escaped, name = match.groups()
        if escaped:
            return match[0][1:]
        if not _NAME.fullmatch(name):
            document.note(place, Code.BAD_VARIABLE, written=match[0])
        elif name not in environ:
            document.note(place, Code.VARIABLE_NOT_SET, name=name)
        return environ.get(name, "")

    kind = Quoted if isinstance(written, Quoted) else type(written)
    return kind(_VARIABLE.sub(value, written))
