"""A year as one table: a row for each SLO and interval, unrounded."""

from __future__ import annotations

import pyarrow as pa

from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.record.status import rfc3339


def yearly(snapshot: Snapshot) -> pa.Table | None:
    """The year, its quarters and its months of each SLO; None for a snapshot of no year. Moments are in UTC."""
    record = snapshot.beside.year
    if record is None:
        return None
    rows = [(each.slo, one) for each in record.slos for one in (each.whole, *each.quarters, *each.months)]
    return pa.table(
        {
            "slo": pa.array([slo for slo, _ in rows], pa.string()),
            "interval": pa.array([one.name for _, one in rows], pa.string()),
            "start": pa.array([rfc3339(one.start) for _, one in rows], pa.string()),
            "end": pa.array([rfc3339(one.end) for _, one in rows], pa.string()),
            "bad": pa.array([one.bad for _, one in rows], pa.float64()),
            "total": pa.array([one.total for _, one in rows], pa.float64()),
            "sli": pa.array([one.sli for _, one in rows], pa.float64()),
            "missed": pa.array([one.missed for _, one in rows], pa.bool_()),
            "coverage": pa.array([one.coverage for _, one in rows], pa.float64()),
            "snapshot": pa.array([snapshot.hash] * len(rows), pa.string()),
        }
    )
