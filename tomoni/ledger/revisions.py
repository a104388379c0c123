"""Which merge last changed what is stored of each series: what was read of it before is true until the next one.

Code from before revision 0015 writes without saying what it changes. It counts the version up all the same, but not the
noted ones: the difference grows with each of its writes, and is part of every revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from tomoni.ledger.rows import chunks
from tomoni.store.tables import ledger_version, series_revisions


@dataclass(frozen=True, slots=True)
class Revisions:
    """The revisions of some series at one version of the ledger; ``unnoted`` is how many writes did not say what they
    changed."""

    version: int
    unnoted: int
    changed: Mapping[str, int]

    def of(self, key: str) -> str:
        """What stays the same for as long as nothing that is stored of a series changes."""
        return f"{self.unnoted}.{self.changed.get(key, 0)}"


def read_revisions(connection: Connection, keys: Iterable[str]) -> Revisions:
    """The revisions of some series; nothing was noted of those that were never written since."""
    version, noted = connection.execute(select(ledger_version.c.version, ledger_version.c.noted)).one()
    table, found = series_revisions.c, dict[str, int]()
    for chunk in chunks(keys):
        rows = connection.execute(select(table.series, table.version).where(table.series.in_(chunk)))
        found |= {row.series: row.version for row in rows}
    return Revisions(version, version - noted, found)
