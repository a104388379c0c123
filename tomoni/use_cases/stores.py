"""What is remembered, as the product takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tomoni.ledger import Ledger
from tomoni.meetings.meetings import Meetings
from tomoni.snapshots.record.store import SnapshotStore
from tomoni.store.drawn import DrawnRows
from tomoni.store.leases import Leases


@dataclass(frozen=True, slots=True)
class Stores:
    """What is remembered, all in one database: ``size`` is how many bytes it takes, ``dispose`` closes it."""

    ledger: Ledger
    snapshots: SnapshotStore
    meetings: Meetings
    leases: Leases
    drawn: DrawnRows
    size: Callable[[], int]
    dispose: Callable[[], None]
