"""`sources.yaml`: the configured sources, with ``${NAME}`` read from the environment and ``${file:PATH}`` from a file.

A fact about a source never contains a value that was written: it may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import BaseModel, Field

from data_sources.config import Kind, SourceConfig
from data_sources.kinds import KINDS
from data_sources.secrets import Secret, file_reference, has_file_reference
from tomoni.catalog.codes import WARNINGS, Code, listed, nearest
from tomoni.catalog.document import Document, Fault, Place, Quoted
from tomoni.catalog.mapping import ONE_BY_ONE, Entry, fault_of_no_kind, read_entry, validated_meaning
from tomoni.catalog.secrets import short

# A dollar before it keeps what looks like a variable as it is: $${NAME}.
_VARIABLE = re.compile(r"(\$?)\$\{([^}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FILE = re.compile(r"file:(.+)")
_REFERENCE = re.compile(r"[A-Z][A-Z0-9_]*|file:.*")
# Other notations for a variable, which are not filled in: $NAME, $(NAME), %NAME%, {{ NAME }}.
_LOOKALIKE = re.compile(r"\$[A-Z_]{2}[A-Z0-9_]*|\$\([A-Z_]{2}[A-Z0-9_]*\)|%[A-Z_]{2}[A-Z0-9_]*%|\{\{.*\}\}")


class SourcesEntry(Entry):
    """`config/sources.yaml`."""

    sources: Annotated[dict[str, Any], ONE_BY_ONE] = Field(
        default={}, description="Where metrics come from: an id of your own for each source."
    )


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The sources that are written. ``kinds`` has all of them, with the kind where it is known;
    ``configs`` only those that can be used, ``held`` those of them that are used as they last were.
    ``readable`` is False when nothing could be read."""

    configs: Mapping[str, SourceConfig] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    readable: bool = True
    held: frozenset[str] = frozenset()

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
    note_unfilled(document, document.data, values=False)
    written = document.at(("sources",))
    if not isinstance(written, dict):
        if isinstance(document.data, dict):
            _note_no_sources(document, written)
        return SourceTable(readable=False)
    kinds: dict[str, str] = {}
    configs: dict[str, SourceConfig] = {}
    broken = {fault.place[1] for fault in document.errors() if len(fault.place) > 1}
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
        document.faults.append(fault_of_no_kind(written, place, [each.config for each in KINDS.values()]))
        return ""
    if not isinstance(kind, str):
        document.note((*place, "kind"), Code.WRONG_TYPE, expected="text")
        return ""
    if kind not in KINDS:
        known = listed(KINDS)
        document.note((*place, "kind"), Code.UNKNOWN_KIND, kind=str(kind), nearest=nearest(kind, KINDS), known=known)
        return ""
    return str(kind)


def _config(document: Document, place: Place, environ: Mapping[str, str]) -> SourceConfig | None:
    kind: Kind = KINDS[str(document.at((*place, "kind")))]
    before = len(document.faults)
    data = cast(dict[str, Any], _filled(document, place, environ))
    config, faults = validated_meaning(kind.config, data, place)
    # What a missing variable leaves behind is no fault of its own.
    missing = {fault.place for fault in document.faults[before:] if fault.code not in WARNINGS}
    wrong = {fault.place for fault in faults if fault.code is not Code.UNKNOWN_KEY}
    misplaced = _misplaced(config, data, place, wrong) - missing
    document.faults.extend(Fault(at, Code.FILE_NOT_READ_HERE) for at in sorted(misplaced, key=str))
    document.faults.extend(fault for fault in faults if fault.place not in missing | misplaced)
    if config is None or missing or misplaced:
        return None
    own = [Fault((*place, *fault.path), Code(fault.code), fault.facts, fault.at_key) for fault in config.faults()]
    document.faults.extend(own)
    return None if own else config.relative_to(Path(document.file).parent)


def _misplaced(config: SourceConfig | None, data: object, place: Place, faulty: set[Place]) -> set[Place]:
    """The references to files where no secret belongs."""
    files = set(_references(data, place))
    if config is None:
        return files & faulty
    return {at for at in files if not isinstance(value_at(config, at[len(place) :]), Secret)}


def _references(data: object, place: Place) -> Iterator[Place]:
    """The places of all references to files."""
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _references(value, (*place, key))
    elif isinstance(data, str) and has_file_reference(data):
        yield place


def value_at(config: object, place: Place) -> object:
    """What a configuration holds at a place."""
    for step in place:
        if isinstance(config, BaseModel):
            config = getattr(config, str(step), None)
        else:
            config = config.get(step) if isinstance(config, Mapping) else None
    return config


def _filled(document: Document, place: Place, environ: Mapping[str, str]) -> object:
    """The data at a place with its variables filled in."""
    written = document.at(place)
    if isinstance(written, dict):
        return {key: _filled(document, (*place, key), environ) for key in written}
    if isinstance(written, list):
        return [_filled(document, (*place, index), environ) for index in range(len(written))]
    if not isinstance(written, str):
        return written
    if _LOOKALIKE.fullmatch(written):
        document.note(place, Code.VARIABLE_LOOKALIKE)
    return _filled_text(document, place, written, environ) if "${" in written else written


def _filled_text(document: Document, place: Place, written: str, environ: Mapping[str, str]) -> str:
    empty: list[str] = []

    def value(match: re.Match[str]) -> str:
        escaped, name = match.groups()
        if escaped:
            return match[0][1:]
        if file := _FILE.fullmatch(name):
            return file_reference((Path(document.file).parent / file[1]).resolve())
        if not _NAME.fullmatch(name):
            document.note(place, Code.BAD_VARIABLE, written=match[0])
        elif name not in environ:
            document.note(place, Code.VARIABLE_NOT_SET, name=name)
        elif not environ[name].strip():
            empty.append(name)
        return environ.get(name, "")

    filled = _VARIABLE.sub(value, written)
    code = Code.VARIABLE_EMPTY_PART if filled.strip() else Code.VARIABLE_EMPTY
    for name in empty:
        document.note(place, code, name=name)
    return (Quoted if isinstance(written, Quoted) else type(written))(filled)


def variables_of(data: object) -> Iterator[str]:
    """The names of the variables that some data refer to."""
    if isinstance(data, dict | list):
        for value in data.values() if isinstance(data, dict) else data:
            yield from variables_of(value)
    elif isinstance(data, str):
        yield from (name for escaped, name in _VARIABLE.findall(data) if not escaped)


def note_unfilled(document: Document, data: object, place: Place = (), values: bool = True) -> None:
    """Notes references to variables where none are filled in: in keys, and with ``values`` in values too."""
    if isinstance(data, dict):
        for key, value in data.items():
            if _VARIABLE.search(key):
                document.note_key((*place, key), Code.VARIABLE_MISPLACED, written=short(key))
            note_unfilled(document, value, (*place, key), values)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            note_unfilled(document, value, (*place, index), values)
    elif values and isinstance(data, str):
        # What a query language or a dashboard puts between the brackets is for the query's own checks.
        names = [match for match in _VARIABLE.finditer(data) if not match[1] and _REFERENCE.fullmatch(match[2])]
        if names:
            document.note(place, Code.VARIABLE_MISPLACED, written=names[0][0])
