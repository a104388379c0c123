"""Deleting snapshots, one by one or by a rule, and pinning them. Each function is part of a write transaction."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from tomoni.catalog.schema import SnapshotRetention
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.listing import ListedSnapshot, Reason, Selection, find_one, list_query, listed_of
from tomoni.snapshots.record.retention import Dated, expired
from tomoni.store.tables import deleted_snapshots as traces
from tomoni.store.tables import snapshots as table


def find_entry(connection: Connection, named: str) -> ListedSnapshot:
    """The entry of one snapshot in the list. Raises SnapshotError as `find_one`."""
    digest = find_one(connection, named, table.c.hash)
    row = connection.execute(list_query(Selection()).where(table.c.hash == digest)).one_or_none()
    # Deleted by another process between the two queries: the first one then reports that.
    return find_entry(connection, named) if row is None else listed_of(row)


def delete_one(connection: Connection, named: str, now: int) -> ListedSnapshot:
    """Deletes one snapshot. Raises SnapshotError: `snapshot_pinned`, and as `find_one`."""
    entry = find_entry(connection, named)
    if not _remove(connection, entry, now, "deleted"):
        digest = find_one(connection, entry.hash, table.c.hash)  # another process may just have deleted it
        raise SnapshotError("snapshot_pinned", {"hash": digest})
    return entry


def find_expired(connection: Connection, rule: SnapshotRetention, now: int) -> tuple[ListedSnapshot, ...]:
    """The snapshots that a rule does not keep, the oldest first."""
    found = {each.hash: each for each in map(listed_of, connection.execute(list_query(Selection())))}
    dated = [Dated(each.hash, each.app, each.as_of, each.made_at, each.pinned) for each in found.values()]
    return tuple(found[digest] for digest in expired(dated, rule, now))


def delete_expired(connection: Connection, rule: SnapshotRetention, now: int) -> tuple[ListedSnapshot, ...]:
    """Deletes the snapshots that a rule does not keep, and returns them."""
    return tuple(each for each in find_expired(connection, rule, now) if _remove(connection, each, now, "expired"))


def _remove(connection: Connection, entry: ListedSnapshot, now: int, reason: Reason) -> bool:
    """Deletes a snapshot and leaves a trace; False when it is pinned, or gone already."""
    summary = connection.execute(select(table.c.summary).where(table.c.hash == entry.hash)).scalar()
    if isinstance(summary, dict):  # a trace keeps nothing of what was written
        summary.pop("notes", None)
    # The row itself is asked whether it is pinned: another process may just have pinned or deleted it.
    unpinned = (table.c.hash == entry.hash) & table.c.pinned_at.is_(None)
    if connection.execute(delete(table).where(unpinned)).rowcount == 0:
        return False
    connection.execute(delete(traces).where(traces.c.hash == entry.hash))
    kept = {"hash": entry.hash, "app": entry.app, "as_of": entry.as_of, "start": entry.start, "made_at": entry.made_at}
    connection.execute(insert(traces), {**kept, "summary": summary, "deleted_at": now, "reason": reason})
    return True


def pin(connection: Connection, named: str, now: int | None) -> ListedSnapshot:
    """Pins one snapshot at a moment, or (None) unpins it. Raises SnapshotError as `find_one`."""
    digest = find_one(connection, named, table.c.hash)
    connection.execute(update(table).where(table.c.hash == digest).values(pinned_at=now))
    return find_entry(connection, digest)
