"""The saved snapshots: stored once, never changed, found by hash, app and date, until they are deleted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from tomoni.access.audit import Deeds
from tomoni.access.policy import EVERYTHING, Grants
from tomoni.catalog.schema import SnapshotRetention
from tomoni.catalog.who_may import Role
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record import removal
from tomoni.snapshots.record.figures import HeldFigures, forget_within
from tomoni.snapshots.record.listing import (
    PREFIX,
    DeletedSnapshot,
    ListedSnapshot,
    Page,
    Selection,
    chosen,
    find_one,
    list_query,
    listed_of,
    trace_of,
)
from tomoni.snapshots.record.packing import unpack
from tomoni.snapshots.record.rows import KnownRecords, row_of
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.store.engine import reading, write
from tomoni.store.tables import deleted_snapshots as traces
from tomoni.store.tables import snapshots as table

T = TypeVar("T")
GONE = frozenset({"snapshot_unknown", "snapshot_deleted", "snapshot_expired"})  # codes: it is not there, or no more


@dataclass(frozen=True, slots=True, eq=False)
class ReadSnapshots:
    """Several snapshots that were read, and by hash why others could not be."""

    found: Sequence[Snapshot]
    failed: Mapping[str, SnapshotError]


class SnapshotStore:
    """Keeps and finds snapshots. Safe in several threads and processes. All methods raise StoreError; those that write
    also NotAllowedError. Those of apps that the reader does not see are not there."""

    def __init__(
        self,
        engine: Engine,
        grants: Grants = EVERYTHING,
        deeds: Deeds | None = None,
        known: KnownRecords | None = None,
    ) -> None:
        self._engine, self._grants, self._deeds = engine, grants, deeds or Deeds(time.time)
        self._known = known or KnownRecords()
        self.figures = HeldFigures(engine)

    def seen_by(self, grants: Grants, deeds: Deeds | None = None) -> SnapshotStore:
        """The same for a reader who may not see or do everything, and whose deeds are remembered."""
        return SnapshotStore(self._engine, grants, deeds, self._known)

    def keep(self, snapshot: Snapshot) -> bool:
        """Saves a snapshot; False when it was saved already."""
        self._grants.require(Role.MEMBER, snapshot.review.app.id)
        row = row_of(snapshot)
        return write(self._engine, lambda connection: self._keep(connection, row))

    def prepared(self, snapshot: Snapshot, meeting: str) -> Callable[[Connection], str]:
        """Packs the snapshot of a meeting; what is returned saves it within a write transaction, and returns its
        hash."""
        self._grants.require(Role.MEMBER, snapshot.review.app.id)
        row = row_of(snapshot)

        def keep(connection: Connection) -> str:
            self.keep_within(connection, snapshot, row)
            forget_within(connection, meeting)
            return snapshot.hash

        return keep

    def keep_within(self, connection: Connection, snapshot: Snapshot, row: Mapping[str, object]) -> None:
        """Saves the row of a snapshot and pins it: what a review closed with does not expire."""
        self._keep(connection, row)
        removal.pin(connection, snapshot.hash, snapshot.made_at)

    def _keep(self, connection: Connection, row: Mapping[str, object]) -> bool:
        kept = _insert(connection, row)
        if kept:
            self._deeds.remember(connection, "snapshot.kept", str(row["app"]), str(row["hash"]))
        return kept

    def listed(self, app: str | None = None) -> tuple[ListedSnapshot, ...]:
        """All snapshots, or those of one app, the newest first."""
        with reading(self._engine) as connection:
            return tuple(listed_of(row) for row in connection.execute(list_query(self._seen(Selection(app)))))

    def page(self, selection: Selection, number: int, size: int) -> Page:
        """A page of at most ``size`` snapshots of a selection, the newest first; the last page in place of
        one beyond it. Each entry is held against the record (`ListedSnapshot.trouble`)."""
        selection = self._seen(selection)
        with reading(self._engine) as connection:
            total = connection.execute(chosen(select(func.count()).select_from(table), selection)).scalar_one()
            pages = max(1, -(-total // size))
            number = max(1, min(number, pages))
            rows = connection.execute(list_query(selection).limit(size).offset((number - 1) * size)).all()
            records = select(table.c.hash, table.c.payload).where(table.c.hash.in_([row.hash for row in rows]))
            payloads = {row.hash: row.payload for row in connection.execute(records)}
        return Page(tuple(self._known.proved(row, payloads[row.hash]) for row in rows), number, pages, total)

    def moments(self, app: str | None = None) -> tuple[tuple[str, int], ...]:
        """The apps and moments that snapshots are of, each once, the newest first."""
        c = table.c
        query = chosen(select(c.app, c.as_of).distinct().order_by(c.as_of.desc(), c.app), self._seen(Selection(app)))
        with reading(self._engine) as connection:
            return tuple((row.app, row.as_of) for row in connection.execute(query))

    def before(self, one: ListedSnapshot) -> ListedSnapshot | None:
        """The newest snapshot of the same app of an earlier moment."""
        query = list_query(self._seen(Selection(one.app, until=one.as_of - 1))).limit(1)
        with reading(self._engine) as connection:
            return next((listed_of(row) for row in connection.execute(query)), None)

    def read(self, named: str) -> Snapshot:
        """The snapshot of a hash, or of the beginning of one.

        Raises SnapshotError: `snapshot_unknown`, `snapshot_ambiguous`, `snapshot_deleted`, `snapshot_expired`,
        `record_damaged`, `record_newer`, `record_altered`.
        """
        with reading(self._engine) as connection:
            payload = self._of(named, lambda: find_one(connection, named, table.c.payload))
        snapshot = unpack(payload)
        self._see(snapshot.review.app.id, named)
        if not snapshot.hash.startswith(PREFIX + named.removeprefix(PREFIX).lower()):  # another one lies in its place
            raise SnapshotError("record_altered", {"said": named[:80], "found": snapshot.hash})
        return snapshot

    def read_all(self, hashes: Iterable[str]) -> ReadSnapshots:
        """The snapshots of some hashes. Those that were deleted meanwhile are left out, and one that cannot be
        read leaves the others alone."""
        found, failed = [], {}
        for each in hashes:
            try:
                found.append(self.read(each))
            except SnapshotError as error:
                if error.code not in GONE:
                    failed[each] = error
        return ReadSnapshots(found, failed)

    def entry(self, named: str, unpinned: bool = False) -> ListedSnapshot:
        """The entry of a snapshot in the list; with ``unpinned`` a pinned one is refused.

        Raises SnapshotError: `snapshot_pinned`, and as `read`.
        """
        with reading(self._engine) as connection:
            found = self._of(named, lambda: removal.find_entry(connection, named))
        self._see(found.app, named)
        if unpinned and found.pinned:
            raise SnapshotError("snapshot_pinned", {"hash": found.hash})
        return found

    def delete(self, named: str, now: int) -> ListedSnapshot:
        """Deletes a snapshot; a trace of it stays, with the moment ``now`` (Unix seconds).

        Raises SnapshotError: as `read`, and `snapshot_pinned`.
        """
        self._grants.require(Role.MEMBER, self.entry(named).app)
        return write(self._engine, lambda connection: self._did("deleted", connection, removal.delete_one, named, now))

    def pin(self, named: str, now: int | None) -> ListedSnapshot:
        """Pins a snapshot at a moment, or (None) unpins it. Raises SnapshotError as `read`."""
        self._grants.require(Role.MEMBER, self.entry(named).app)
        what = "unpinned" if now is None else "pinned"
        return write(self._engine, lambda connection: self._did(what, connection, removal.pin, named, now))

    def expire(self, rule: SnapshotRetention, now: int, dry_run: bool = False) -> tuple[ListedSnapshot, ...]:
        """Deletes the snapshots that a rule does not keep, and returns them; ``dry_run`` only returns them."""
        self._grants.require(Role.ADMIN)
        with reading(self._engine) as connection:
            found = removal.find_expired(connection, rule, now)
        if dry_run or not found:
            return found
        # Looked for again under the write lock: one may have been pinned or deleted meanwhile.
        return write(self._engine, lambda connection: self._expired(connection, rule, now))

    def _expired(self, connection: Connection, rule: SnapshotRetention, now: int) -> tuple[ListedSnapshot, ...]:
        gone = removal.delete_expired(connection, rule, now)
        for each in gone:
            self._deeds.remember(connection, "snapshot.expired", each.app, each.hash)
        return gone

    def _did(
        self, what: str, connection: Connection, do: Callable[..., ListedSnapshot], named: str, now: int | None
    ) -> ListedSnapshot:
        """Does something to a snapshot and remembers who did."""
        found = do(connection, named, now)
        self._deeds.remember(connection, f"snapshot.{what}", found.app, found.hash)
        return found

    def deleted(self) -> tuple[DeletedSnapshot, ...]:
        """The traces of all snapshots that were deleted, the newest first."""
        c = traces.c
        query = select(traces).order_by(c.as_of.desc(), c.made_at.desc(), c.hash)
        with reading(self._engine) as connection:
            return tuple(trace_of(row) for row in connection.execute(query) if self._grants.sees(row.app))

    def _seen(self, selection: Selection) -> Selection:
        """A selection of what this reader sees."""
        return replace(selection, only=self._grants.only, unseen=self._grants.unseen)

    def _of(self, named: str, find: Callable[[], T]) -> T:
        """What is found; the trace of one that was deleted of an app that the reader does not see is none."""
        try:
            return find()
        except SnapshotError as error:
            if app := error.facts.get("app"):
                self._see(str(app), named)
            raise

    def _see(self, app: str, named: str) -> None:
        """Raises SnapshotError: `snapshot_unknown` for one of an app that the reader does not see."""
        if not self._grants.sees(app):
            raise SnapshotError("snapshot_unknown", {"hash": named})


def _insert(connection: Connection, row: Mapping[str, object]) -> bool:
    if connection.execute(select(table.c.hash).where(table.c.hash == row["hash"])).scalar() is not None:
        return False
    try:
        with connection.begin_nested():
            connection.execute(insert(table), row)
            connection.execute(delete(traces).where(traces.c.hash == row["hash"]))
    except IntegrityError:  # another process was faster with the same content
        return False
    return True
