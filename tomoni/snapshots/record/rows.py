"""The row of a snapshot in the database, and whether a row still says what the record beside it holds.

The list reads what rows say, since records are large; whoever alters a row, or a record, would have it show what nobody
froze. So what a page of the list shows is held against the records, each of which has a hash of its own.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from tomoni.catalog.local_text import LocalText
from tomoni.review.model import NamedPeriod
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.listing import NOTES_IN_LIST, ListedSnapshot, listed_of
from tomoni.snapshots.record.packing import pack, unpack
from tomoni.snapshots.record.snapshot import VERSION, Snapshot, numbers_hash
from tomoni.snapshots.record.workshop import WorkshopRecord

_MOST_KNOWN = 512  # records of which it is known what they hold
_MOMENTS = ("app", "start", "as_of", "made_at")


def row_of(snapshot: Snapshot) -> dict[str, object]:
    """The row that a snapshot is kept as."""
    return {**_said_of(snapshot), "payload": pack(snapshot)}


def _said_of(snapshot: Snapshot) -> dict[str, object]:
    review = snapshot.review
    states = Counter(track.status.figures.state.value for track in review.tracks)
    return {
        "hash": snapshot.hash,
        "app": review.app.id,
        "as_of": review.as_of,
        "start": review.start,
        "made_at": snapshot.made_at,
        "version": VERSION,
        "numbers": numbers_hash(review),
        "summary": {
            "title": dict(review.app.title.by_language),
            "states": dict(states),
            "notes": snapshot.beside.notes[:NOTES_IN_LIST],
            **_named(review.period),
            **({"meeting": snapshot.beside.meeting.id} if snapshot.beside.meeting else {}),
            **_tried(snapshot.beside.workshop),
            **({"year": snapshot.beside.year.name} if snapshot.beside.year else {}),
        },
    }


def _tried(workshop: WorkshopRecord | None) -> dict[str, object]:
    """The SLO that was tried on in the workshop, as ``journey/slo``."""
    return {"workshop": f"{workshop.journey}/{workshop.slo}"} if workshop else {}


def _named(period: NamedPeriod | None) -> dict[str, object]:
    """What the summary of a snapshot says of the period that it is of."""
    return {"period": {"name": period.name, "start": period.start, "end": period.end}} if period else {}


@dataclass(slots=True)
class KnownRecords:
    """What records that were read once hold, by their bytes: the same record is not read again for the next reader.
    Safe in several threads."""

    _known: dict[tuple[str, bytes], Mapping[str, Any] | SnapshotError] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def proved(self, row: Any, payload: bytes) -> ListedSnapshot:  # noqa: ANN401 - a row of `list_query`
        """The entry of a row as its record has it, with what is wrong with it (`ListedSnapshot.trouble`)."""
        listed, held = listed_of(row), self._held(row.hash, payload)
        if isinstance(held, SnapshotError):
            return ListedSnapshot(
                row.hash, row.app, LocalText({}), row.start, row.as_of, row.made_at, row.numbers, {}, row.size,
                row.pinned_at is not None, trouble=held,
            )  # fmt: skip
        if _same(row, held):
            return listed
        true = listed_of(SimpleNamespace(**{**held, "size": row.size, "pinned_at": row.pinned_at}))
        return replace(true, trouble=SnapshotError("entry_altered"))

    def _held(self, digest: str, payload: bytes) -> Mapping[str, Any] | SnapshotError:
        key = digest, hashlib.sha256(payload).digest()
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = _read(digest, payload)
            with self._lock:
                while len(self._known) >= _MOST_KNOWN:
                    del self._known[next(iter(self._known))]
                self._known[key] = known
        return known


def _read(digest: str, payload: bytes) -> Mapping[str, Any] | SnapshotError:
    try:
        snapshot = unpack(payload)
        if snapshot.hash != digest:  # another one lies in its place
            return SnapshotError("record_altered", {"said": digest[:80], "found": snapshot.hash})
    except SnapshotError as error:
        return error
    return _said_of(snapshot)


def _same(row: Any, held: Mapping[str, Any]) -> bool:  # noqa: ANN401 - a row of `list_query`
    """Whether a row says nothing else than its record. One of an older version may say less."""
    if any(getattr(row, name) != held[name] for name in _MOMENTS):
        return False
    summary = row.summary if isinstance(row.summary, Mapping) else {"title": None}
    return all(held["summary"].get(name) == said for name, said in summary.items())
