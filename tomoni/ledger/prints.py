"""What tells whether anything stored of a day has changed, without reading its buckets."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from tomoni.ledger.rows import chunks
from tomoni.store.tables import series_days


def day_prints(connection: Connection, keys: Iterable[str]) -> dict[int, str]:
    """A hash of each day (its number since 1970) that is stored of some series. Every fetch of a bucket changes it."""
    table = series_days.c
    found: defaultdict[int, list[str]] = defaultdict(list)
    columns = (table.series, table.day, table.missing, table.margin, table.gap_due, table.newest_fetch)
    for chunk in chunks(keys):
        query = select(*columns, func.length(table.payload)).where(table.series.in_(chunk))
        for row in connection.execute(query):
            found[row.day].append(repr(tuple(row)))
    return {day: hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest() for day, rows in found.items()}
