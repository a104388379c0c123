"""Whether all that a file shows is as it was written: its text, pixels, pages, slides, columns or cells.

Hashes of it stand in the sealed manifest. CSV has none; its cells are those that its record would be written as.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import zip_longest
from typing import Any

from tomoni.snapshots.exporters.readers import UNREADABLE, Reader
from tomoni.snapshots.record.snapshot import SCHEMA, Snapshot
from tomoni.snapshots.record.status import rfc3339

Json = Mapping[str, Any]
Cells = Sequence[Sequence[str]]
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What a file shows: its kind (`text`, `picture`, `pages`, `slides`, `columns`, `record`, `cells`), the names of
    the parts that are not as they were written (None: the file cannot tell), and of CSV its cells."""

    kind: str
    altered: tuple[str, ...] | None
    cells: Cells | None = None


def content_of(reader: Reader, content: bytes, found: Json, manifest: Json) -> Content:
    """What a file with a manifest shows; ``found`` is the JSON data that was read from it."""
    kind = reader.shows
    if kind == "cells":
        return Content(kind, None, list(csv.reader(StringIO(content.decode(), newline=""))))
    if kind == "record":
        return Content(kind, _altered_beside(found) if found.get("schema") == SCHEMA else None)
    if kind == "text":  # whose hash was compared when it was read: a manifest of another text has no seal
        return Content(kind, () if manifest.get("seal") else ("text",))
    if reader.parts is None or not isinstance(manifest.get("parts"), dict):
        return Content(kind, None)
    try:
        parts = reader.parts(content, dict(manifest))
    except UNREADABLE:
        return Content(kind, ("file",))
    said = manifest["parts"]
    return Content(kind, tuple(name for name in dict.fromkeys([*said, *parts]) if said.get(name) != parts.get(name)))


def altered_cells(cells: Cells, snapshot: Snapshot) -> tuple[str, ...]:
    """The cells of a CSV file that are not those of its record, by row (1: the first SLO) and column."""
    from tomoni.snapshots.exporters import tables  # noqa: PLC0415 - pyarrow

    written = tables.as_csv(tables.numbers(snapshot)).decode()
    return tuple(_differing(cells, list(csv.reader(StringIO(written, newline="")))))


def _differing(cells: Cells, expected: Cells) -> Iterator[str]:
    """By the names of the columns: their order follows a record's, which sorts names, or a review's."""
    headings = cells[0] if cells else ()
    if len(set(headings)) < len(headings) or any(len(row) != len(headings) for row in cells):
        yield "table"
    nothing: Row = {}
    for row, (mine, theirs) in enumerate(zip_longest(_by_name(cells), _by_name(expected), fillvalue=nothing), 1):
        for heading in dict.fromkeys([*theirs, *mine]):
            if not _same(heading, mine.get(heading), theirs.get(heading)):
                yield f"{row}/{heading}"


def _by_name(cells: Cells) -> list[Row]:
    return [dict(zip(cells[0], row, strict=False)) for row in cells[1:]]


def _same(heading: str, said: str | None, found: str | None) -> bool:
    if said == found or said is None or found is None:
        return said == found
    try:
        if heading == "notices":  # their wording is that of the version that wrote the file
            return [notice["key"] for notice in json.loads(said)] == [notice["key"] for notice in json.loads(found)]
        return float(said) == float(found)
    except (ValueError, LookupError, TypeError):
        return False


def _altered_beside(record: Json) -> tuple[str, ...]:
    """What stands beside the content of a record, which its hash does not cover."""
    made_at, said = record.get("made_at"), record["status"].get("made_at")
    return () if isinstance(made_at, int) and rfc3339(made_at) == said else ("made_at",)
