"""What a file of any format says of itself: the manifest inside, and the whole record where there is one."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from stat import S_ISREG
from typing import Any

from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.formats import FORMATS
from tomoni.snapshots.exporters.readers import UNREADABLE
from tomoni.snapshots.record.manifest import is_manifest, seal_of
from tomoni.snapshots.record.snapshot import SCHEMA, Snapshot, from_json
from tomoni.snapshots.verifying.contents import Content, content_of

Json = dict[str, Any]
_YEARS = range(1970, 3000)
LARGEST = 200_000_000  # bytes of a file that is read


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
    form = FORMATS.get(file.suffix.lower().removeprefix("."))
    if form is None or form.reader is None:
        raise SnapshotError("not_a_snapshot", {"file": str(file)})
    try:
        found = form.reader.manifest(content, file)
    except UNREADABLE:
        found = None
    if found is None:
        raise SnapshotError("not_a_snapshot", {"file": str(file)})
    manifest = found["status"] if found.get("schema") == SCHEMA else found
    if not is_manifest(manifest) or not _is_whole(manifest):
        raise SnapshotError("not_a_snapshot", {"file": str(file)})
    snapshot = from_json(found) if found.get("schema") == SCHEMA else None
    sealed = _fits(manifest) if "seal" in manifest else None
    untouched = sealed is True if form.reader.sealed else None
    return Claim(manifest, untouched, snapshot, content_of(form.reader, content, found, manifest))


def _fits(manifest: Json) -> bool:
    """Whether the seal is that of the rest."""
    try:
        return bool(manifest["seal"] == seal_of(manifest))
    except (ValueError, RecursionError):  # an infinite number, which is never written
        return False


def _is_whole(manifest: Json) -> bool:
    """Whether everything that checks look at has its form; any value may be wrong."""
    slos, definitions = manifest.get("slos"), manifest.get("definitions", {})
    if not isinstance(slos, list) or not isinstance(definitions, dict) or not isinstance(manifest.get("app"), str):
        return False
    moments = [manifest[name] for name in ("as_of", "start", "made_at") if name in manifest]
    return all(_is_slo(slo) for slo in slos) and all(_is_moment(moment) for moment in moments)


def _is_slo(slo: object) -> bool:
    if not isinstance(slo, dict) or not isinstance(slo.get("budget") or {}, dict):
        return False
    return all(isinstance(slo.get(name), str) for name in ("app", "journey", "slo"))


def _is_moment(moment: object) -> bool:
    try:
        return datetime.fromisoformat(str(moment)).year in _YEARS
    except ValueError:
        return False


def _content(file: Path) -> bytes:
    """The bytes of a file. What is no file may never end, or never begin, so it is not opened."""
    if not S_ISREG(file.stat().st_mode):
        why = errno.EISDIR if file.is_dir() else errno.ENOTSUP
        raise SnapshotError("file_unreadable", {"file": str(file), "reason": os.strerror(why)})
    with file.open("rb") as opened:
        content = opened.read(LARGEST + 1)  # it may grow while it is read, and some files state no size
    if len(content) > LARGEST:
        raise SnapshotError("file_unreadable", {"file": str(file), "reason": f"> {LARGEST // 2**20} MiB"})
    return content
