"""The saved snapshots: stored once, never changed, found by hash, app and date."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError

from tomoni.catalog.schema import LocalText
from tomoni.review.model import NamedPeriod
from tomoni.slo.model import State
from tomoni.snapshots.errors import Code, SnapshotError
from tomoni.snapshots.record.snapshot import VERSION, Snapshot, as_json, canonical, from_json, numbers_hash
from tomoni.store.engine import reading, write
from tomoni.store.tables import snapshots as table

FEWEST_SIGNS = 6  # of a hash that is named by its beginning
_PREFIX = "sha256:"


@dataclass(frozen=True, slots=True)
class ListedSnapshot:
    """An entry of the list of snapshots: app, period ``[start, as_of)``, when it was made
    (Unix seconds), and how many SLOs were in which state. ``numbers`` is the hash of its numbers alone,
    ``period`` the calendar period that it is of, if it has a name."""

    hash: str
    app: str
    title: LocalText
    start: int
    as_of: int
    made_at: int
    numbers: str
    states: Mapping[State, int]
    period: NamedPeriod | None = None


class SnapshotStore:
    """Keeps and finds snapshots. Safe in several threads and processes. All methods raise StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, snapshot: Snapshot) -> bool:
        """Saves a snapshot; False when it was saved already."""
        row = _row(snapshot)
        return write(self._engine, lambda connection: _insert(connection, row))

    def listed(self, app: str | None = None) -> tuple[ListedSnapshot, ...]:
        """All snapshots, or those of one app, the newest first."""
        c = table.c
        query = select(c.hash, c.app, c.summary, c.start, c.as_of, c.made_at, c.numbers)
        query = query.order_by(c.as_of.desc(), c.made_at.desc(), c.hash)
        if app is not None:
            query = query.where(c.app == app)
        with reading(self._engine) as connection:
            return tuple(_listed(row) for row in connection.execute(query))

    def read(self, named: str) -> Snapshot:
        """The snapshot of a hash, or of the beginning of one.

        Raises SnapshotError: `snapshot_unknown`, `snapshot_ambiguous`, `record_damaged`, `record_newer`,
        `record_altered`.
        """
        start = named.removeprefix(_PREFIX).lower()
        with reading(self._engine) as connection:
            found = self._hashes(connection, start)
            if len(found) != 1:
                code: Code = "snapshot_ambiguous" if found else "snapshot_unknown"
                raise SnapshotError(code, {"hash": named[:80], "count": len(found)})
            query = select(table.c.payload).where(table.c.hash == found[0])
            payload = connection.execute(query).scalar_one()
        return unpack(payload)

    def _hashes(self, connection: Connection, start: str) -> list[str]:
        if len(start) < FEWEST_SIGNS or not start.isalnum():
            return []
        query = select(table.c.hash).where(table.c.hash.startswith(_PREFIX + start)).limit(2)
        return list(connection.execute(query).scalars())


def pack(snapshot: Snapshot) -> bytes:
    """A snapshot as compressed JSON."""
    return zlib.compress(canonical(as_json(snapshot)), 6)


def unpack(payload: bytes) -> Snapshot:
    """The snapshot of `pack`. Raises SnapshotError."""
    try:
        data = json.loads(zlib.decompress(payload))
    except (zlib.error, ValueError):
        raise SnapshotError("record_damaged", {"place": "payload"}) from None
    return from_json(data)


def _insert(connection: Connection, row: Mapping[str, object]) -> bool:
    if connection.execute(select(table.c.hash).where(table.c.hash == row["hash"])).scalar() is not None:
        return False
    try:
        with connection.begin_nested():
            connection.execute(insert(table), row)
    except IntegrityError:  # another process was faster with the same content
        return False
    return True


def _row(snapshot: Snapshot) -> dict[str, object]:
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
        "summary": {"title": dict(review.app.title.by_language), "states": dict(states)} | _named(review.period),
        "payload": pack(snapshot),
    }


def _named(period: NamedPeriod | None) -> dict[str, object]:
    """What the summary of a snapshot says of the period that it is of."""
    return {"period": {"name": period.name, "start": period.start, "end": period.end}} if period else {}


def _listed(row: Any) -> ListedSnapshot:  # noqa: ANN401 - a row of the query above
    named = row.summary.get("period")
    period = NamedPeriod(**named) if named else None
    states = {State(state): n for state, n in row.summary["states"].items()}
    title = LocalText(row.summary["title"])
    return ListedSnapshot(row.hash, row.app, title, row.start, row.as_of, row.made_at, row.numbers, states, period)
