"""Reading files of every format back: what a file says of itself, and what else it shows.

Functions here raise what is in `UNREADABLE` for a file that is damaged.
"""

from __future__ import annotations

import csv
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tomoni.snapshots.record.manifest import KIND, bytes_hash, content_hash

Json = dict[str, Any]
_NAMES = ("app", "journey", "slo", "state")
_COUNTS = ("good", "total", "bad", "sli", "coverage")
_BUDGET = ("allowed_bad", "remaining", "allowed_minutes", "spent_minutes")
_LARGEST_PART = 20_000_000
_IN_HTML = re.compile(r"<script type='application/json' id='tomoni-snapshot'>(.*?)</script>", re.DOTALL)
_IN_MARKDOWN = re.compile(r"<!-- tomoni (\{.*\}) -->")
_ESCAPED_MINUS = re.compile(r"(?<=[:,\[e])\\u002d(?=\d)")  # of a number, as earlier versions wrote it
_LARGEST_UNPACKED = 1_000_000_000
# What reading a file raises that is damaged.
UNREADABLE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    RuntimeError,
    OverflowError,
    struct.error,
    zlib.error,
    csv.Error,
    zipfile.BadZipFile,
    ElementTree.ParseError,
)


@dataclass(frozen=True, slots=True)
class Reader:
    """How `verify` reads a format back.

    ``manifest`` gives what a file states of itself, or a whole record (None: nothing). ``shows`` is the kind of
    its content, for which there are words: `text` (whose hash ``manifest`` compares), `record`, `cells`, or one
    whose hashes ``parts`` gives by the names of its parts. A format that is not ``sealed`` has no seal.
    """

    manifest: Callable[[bytes, Path], Json | None]
    shows: str
    parts: Callable[[bytes, Json], Mapping[str, str]] | None = None
    sealed: bool = True


def json_manifest(content: bytes, _file: Path) -> Json | None:
    """The record of a JSON file, with its manifest."""
    data = json.loads(content)
    return data if isinstance(data, dict) else None


def _found(pattern: re.Pattern[str], content: bytes) -> Json | None:
    """The last manifest in a text, and whether the text around it is as it was written."""
    text = content.decode()
    found = list(pattern.finditer(text))
    if not found:
        return None
    claimed = json_manifest(_ESCAPED_MINUS.sub("-", found[-1][1]).encode(), Path())
    around = text[: found[-1].start(1)] + text[found[-1].end(1) :]
    if claimed is not None and claimed.get("content") != content_hash(around):
        return {**claimed, "seal": ""}
    return claimed


def html_manifest(content: bytes, _file: Path) -> Json | None:
    """The manifest in a script of its own."""
    return _found(_IN_HTML, content)


def markdown_manifest(content: bytes, _file: Path) -> Json | None:
    """The manifest in a comment."""
    return _found(_IN_MARKDOWN, content)


def pptx_manifest(_content: bytes, file: Path) -> Json | None:
    """The manifest in a part of the package."""
    from tomoni.snapshots.exporters.slides.deck import MANIFEST_PART, MANIFEST_SPACE  # noqa: PLC0415 - python-pptx

    with zipfile.ZipFile(file) as archive:
        part = archive.getinfo(MANIFEST_PART.lstrip("/"))
        raw = archive.read(part) if part.file_size <= _LARGEST_PART else b""
    if b"<!" in raw:  # nothing of ours declares entities
        return None
    root = ElementTree.fromstring(raw)  # noqa: S314 - without declarations there is nothing to expand
    return json_manifest((root.text or "").encode(), file) if root.tag == f"{{{MANIFEST_SPACE}}}manifest" else None


def parquet_manifest(_content: bytes, file: Path) -> Json | None:
    """The manifest among the metadata."""
    import pyarrow.parquet  # noqa: PLC0415

    from tomoni.snapshots.exporters.tables import MANIFEST_KEY  # noqa: PLC0415

    metadata = pyarrow.parquet.read_schema(file).metadata or {}
    return json_manifest(metadata[MANIFEST_KEY], file)


def pdf_manifest(_content: bytes, file: Path) -> Json | None:
    """The manifest attached to the pages."""
    from tomoni.snapshots.exporters.printing import pdf_manifest as stored_in_pdf  # noqa: PLC0415 - pypdf

    stored = stored_in_pdf(file)
    return json_manifest(stored.encode(), file) if stored else None


def png_manifest(content: bytes, file: Path) -> Json | None:
    """The manifest in a text chunk."""
    from tomoni.snapshots.exporters.printing import png_manifest as stored_in_png  # noqa: PLC0415 - pypdf

    stored = stored_in_png(content)
    return json_manifest(stored.encode(), file) if stored else None


def csv_manifest(content: bytes, _file: Path) -> Json | None:
    """The rows of the SLOs' numbers, as a manifest without a seal."""
    rows = list(csv.DictReader(StringIO(content.decode(), newline=""), strict=True))
    if not rows or not {"snapshot", "as_of", "app", "budget.remaining"} <= set(rows[0]):
        return None
    slos = []
    for row in rows:
        plain = {name: float(row[name]) if row[name] else None for name in _COUNTS}
        budget = {name: float(row[f"budget.{name}"]) if row[f"budget.{name}"] else None for name in _BUDGET}
        slos.append({**{name: row[name] for name in _NAMES}, **plain, "budget": budget})
    first = rows[0]
    return {"schema": KIND, "snapshot": first["snapshot"], "app": first["app"], "as_of": first["as_of"], "slos": slos}


def picture_parts(content: bytes, _manifest: Json) -> Mapping[str, str]:
    """The picture as one part."""
    from tomoni.snapshots.exporters.printing import png_hash  # noqa: PLC0415 - pypdf

    return {"picture": png_hash(content)}


def pages_parts(content: bytes, manifest: Json) -> Mapping[str, str]:
    """The file as one part."""
    from tomoni.snapshots.exporters.printing import pdf_hash  # noqa: PLC0415 - pypdf

    return {"file": pdf_hash(content, dict(manifest))}


def slides_parts(content: bytes, _manifest: Json) -> Mapping[str, str]:
    """The parts of the package."""
    from tomoni.snapshots.exporters.slides.deck import is_manifest_part  # noqa: PLC0415 - python-pptx

    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
            raise ValueError("too large")
        return {part.filename: _part_hash(archive, part) for part in parts if not is_manifest_part(part)}


def _part_hash(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> str:
    try:
        return bytes_hash(archive.read(part))
    except UNREADABLE:
        return "damaged"


def columns_parts(content: bytes, _manifest: Json) -> Mapping[str, str]:
    """The columns of the table."""
    import pyarrow.parquet  # noqa: PLC0415

    from tomoni.snapshots.exporters.tables import column_hashes  # noqa: PLC0415 - pyarrow

    return column_hashes(pyarrow.parquet.read_table(BytesIO(content)))
