"""A snapshot as the bytes that a database keeps."""

from __future__ import annotations

import json
import zlib

from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.snapshot import Snapshot, as_json, canonical, from_json


def pack(snapshot: Snapshot) -> bytes:
    """A snapshot as compressed JSON."""
    return zlib.compress(canonical(as_json(snapshot)), 6)


def unpack(payload: bytes) -> Snapshot:
    """The snapshot of `pack`. Raises SnapshotError: `record_damaged`, `record_newer`, `record_altered`."""
    try:
        data = json.loads(zlib.decompress(payload))
    except (zlib.error, ValueError):
        raise SnapshotError("record_damaged", {"place": "payload"}) from None
    return from_json(data)
