"""What a file of any format says of itself: the manifest inside, and the whole record where there is one."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from stat import S_ISREG
from typing import Any
from xml.etree import ElementTree

from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.manifest import KIND, content_hash, is_manifest, seal_of
from tomoni.snapshots.record.snapshot import SCHEMA, Snapshot, from_json
from tomoni.snapshots.verifying.contents import UNREADABLE, Content, content_of

Json = dict[str, Any]
LARGEST = 200_000_000  # bytes of a file that is read
_NAMES = ("app", "journey", "slo", "state")
_COUNTS = ("good", "total", "bad", "sli", "coverage")
_BUDGET = ("allowed_bad", "remaining", "allowed_minutes", "spent_minutes")
_LARGEST_PART = 20_000_000
_IN_HTML = re.compile(r"<script type='application/json' id='tomoni-snapshot'>(.*?)</script>", re.DOTALL)
_IN_MARKDOWN = re.compile(r"<!-- tomoni (\{.*\}) -->")


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """What a file claims: its manifest, whether that is as it was written (None: it has no seal), the
    record inside, which JSON alone has, and what else the file shows."""

    manifest: Json
    sealed: bool | None
    snapshot: Snapshot | None
    content: Content


def read_claim(file: Path) -> Claim:
    """Reads what a file says of itself; of CSV that is its rows.

    Raises SnapshotError: `file_unreadable`, `not_a_snapshot`, and for JSON what `snapshots.record.from_json` raises.
    """
    try:
        content = _content(file)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SnapshotError("file_unreadable", {"file": str(file), "reason": reason}) from None
    read = _WAYS.get(file.suffix.lower(), _nothing)
    try:
        found = read(content, file)
    except UNREADABLE:
        found = None
    if found is None:
        raise SnapshotError("not_a_snapshot", {"file": str(file)})
    manifest = found["status"] if found.get("schema") == SCHEMA else found
    if not is_manifest(manifest):
        raise SnapshotError("not_a_snapshot", {"file": str(file)})
    snapshot = from_json(found) if found.get("schema") == SCHEMA else None
    sealed = manifest["seal"] == seal_of(manifest) if "seal" in manifest else None
    untouched = None if file.suffix.lower() == ".csv" else sealed is True
    return Claim(manifest, untouched, snapshot, content_of(file, content, found, manifest))


def _content(file: Path) -> bytes:
    """The bytes of a file. What is no file may never end, or never begin, so it is not opened."""
    if not S_ISREG(file.stat().st_mode):
        raise SnapshotError("file_unreadable", {"file": str(file), "reason": os.strerror(errno.ENOTSUP)})
    with file.open("rb") as opened:
        content = opened.read(LARGEST + 1)  # it may grow while it is read, and some files state no size
    if len(content) > LARGEST:
        raise SnapshotError("file_unreadable", {"file": str(file), "reason": f"> {LARGEST} bytes"})
    return content


def _nothing(_content: bytes, _file: Path) -> Json | None:
    return None


def _json(content: bytes, _file: Path) -> Json | None:
    data = json.loads(content)
    return data if isinstance(data, dict) else None


def _found(pattern: re.Pattern[str], content: bytes) -> Json | None:
    """The last manifest in a text, and whether the text around it is as it was written."""
    text = content.decode()
    found = list(pattern.finditer(text))
    if not found:
        return None
    claimed = _json(found[-1][1].encode(), Path())
    around = text[: found[-1].start(1)] + text[found[-1].end(1) :]
    if claimed is not None and claimed.get("content") != content_hash(around):
        return {**claimed, "seal": ""}
    return claimed


def _html(content: bytes, _file: Path) -> Json | None:
    return _found(_IN_HTML, content)


def _markdown(content: bytes, _file: Path) -> Json | None:
    return _found(_IN_MARKDOWN, content)


def _pptx(_content: bytes, file: Path) -> Json | None:
    from tomoni.snapshots.exporters.slides import MANIFEST_PART, MANIFEST_SPACE  # noqa: PLC0415 - python-pptx

    with zipfile.ZipFile(file) as archive:
        part = archive.getinfo(MANIFEST_PART.lstrip("/"))
        raw = archive.read(part) if part.file_size <= _LARGEST_PART else b""
    if b"<!" in raw:  # nothing of ours declares entities
        return None
    root = ElementTree.fromstring(raw)  # noqa: S314 - without declarations there is nothing to expand
    return _json((root.text or "").encode(), file) if root.tag == f"{{{MANIFEST_SPACE}}}manifest" else None


def _parquet(_content: bytes, file: Path) -> Json | None:
    import pyarrow.parquet  # noqa: PLC0415

    from tomoni.snapshots.exporters.tables import MANIFEST_KEY  # noqa: PLC0415

    metadata = pyarrow.parquet.read_schema(file).metadata or {}
    return _json(metadata[MANIFEST_KEY], file)


def _pdf(_content: bytes, file: Path) -> Json | None:
    from tomoni.snapshots.exporters.printing import pdf_manifest  # noqa: PLC0415 - pypdf

    stored = pdf_manifest(file)
    return _json(stored.encode(), file) if stored else None


def _png(content: bytes, file: Path) -> Json | None:
    from tomoni.snapshots.exporters.printing import png_manifest  # noqa: PLC0415 - pypdf

    stored = png_manifest(content)
    return _json(stored.encode(), file) if stored else None


def _csv(content: bytes, _file: Path) -> Json | None:
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


_WAYS: Mapping[str, Callable[[bytes, Path], Json | None]] = {
    ".csv": _csv,
    ".json": _json,
    ".html": _html,
    ".md": _markdown,
    ".pptx": _pptx,
    ".parquet": _parquet,
    ".pdf": _pdf,
    ".png": _png,
}
