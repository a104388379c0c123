"""What sources said otherwise of buckets that were settled: finding it, recording it, and undoing it.

A bucket is settled when it was fetched at least twice its source's lag after its end: late points are
usual before. A gap that is filled counts as a change when it was still a gap a day after its end, or when
its interval was read again on request: sources that are filled in the course of a day do that all the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import Connection, insert, select

from tomoni.ledger.compaction import as_summed
from tomoni.ledger.days import Day, pack_day
from tomoni.ledger.rows import DayKey, chunks
from tomoni.slo.model import DAY, BoolArray, FloatArray
from tomoni.store.tables import series_changes

_NEAR = 1e-9  # values that agree so far are the same
_COMPARED = ("good", "total", "value")
Sums = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Change:
    """One time that a source said otherwise of one UTC day of a series.

    ``start`` and ``until`` are the hull of the ``buckets`` that changed, ``before`` and ``after`` their
    sums by column (of an infra signal's ``value`` the sum of its means), with ``observed``, how many of
    them were observed.
    """

    series: str
    changed_at: int
    start: int
    until: int
    buckets: int
    before: Sums
    after: Sums


@dataclass(frozen=True, slots=True, eq=False)
class FoundChange:
    """A change that is not recorded yet, with the day as it was before."""

    change: Change
    previous: Day = field(repr=False)


def find_change(key: str, old: Day, new: Day, lag_seconds: int, again: bool, now: int) -> FoundChange | None:
    """What differs between two states of a day that was settled, None when nothing does; of an hour that was one sum
    its sum."""
    new = as_summed(new, old)
    differs = _differing(old, new) & _settled(old, lag_seconds, again)
    if not differs.any():
        return None
    places, step = np.flatnonzero(differs), old.step_seconds
    start, until = (old.number * DAY + int(place) * step for place in (places[0], places[-1] + 1))
    change = Change(key, now, start, until, len(places), _sums(old, differs), _sums(new, differs))
    return FoundChange(change, old)


def _settled(day: Day, lag_seconds: int, again: bool) -> BoolArray:
    age = day.fetched_at - day.ends
    settled: BoolArray = (day.fetched_at > 0) & (age >= 2 * lag_seconds)
    return settled if again else settled & (day.observed | (age >= DAY))


def _differing(old: Day, new: Day) -> BoolArray:
    size = len(old.fetched_at)
    differs = np.zeros(size, np.bool_)
    for name in _COMPARED:
        one, other = _column(old, name, size), _column(new, name, size)
        differs |= ~np.isclose(one, other, rtol=_NEAR, atol=_NEAR, equal_nan=True)
    return differs


def _column(day: Day, name: str, size: int) -> FloatArray:
    found = day.columns.get(name)
    return np.full(size, np.nan) if found is None else found


def _sums(day: Day, where: BoolArray) -> dict[str, float]:
    found = {name: float(np.nansum(day.columns[name][where])) for name in _COMPARED if name in day.columns}
    return {**found, "observed": float(day.observed[where].sum())}


def record_changes(connection: Connection, found: Sequence[FoundChange]) -> None:
    """Stores changes, each with its day as it was before."""
    if found:
        connection.execute(insert(series_changes), [_row(one) for one in found])


def read_changes(connection: Connection, keys: Iterable[str], start: int, until: int) -> list[Change]:
    """The recorded changes of some series that touch an interval, in the order in which they were found."""
    table, rows = series_changes.c, []
    columns = (table.series, table.changed_at, table.start, table.until, table.buckets, table.before, table.after)
    for chunk in chunks(keys):
        here = (table.series.in_(chunk), table.start < until, table.until > start)
        rows += [(row.id, Change(*row[:-1])) for row in connection.execute(select(*columns, table.id).where(*here))]
    return [change for _, change in sorted(rows, key=lambda row: row[0])]


def read_previous(connection: Connection, keys: Iterable[str], days: range, moment: int) -> dict[DayKey, bytes]:
    """The payloads of days as they were at a moment, of those days alone that changed after it."""
    table, found = series_changes.c, dict[DayKey, bytes]()
    for chunk in chunks(keys):
        here = (table.series.in_(chunk), table.day.between(days.start, days.stop - 1), table.changed_at > moment)
        query = select(table.series, table.day, table.payload).where(*here).order_by(table.id)
        for series, day, payload in connection.execute(query):
            found.setdefault((series, day), payload)
    return found


def _row(found: FoundChange) -> dict[str, object]:
    change = found.change
    return {
        "series": change.series,
        "day": found.previous.number,
        "changed_at": change.changed_at,
        "start": change.start,
        "until": change.until,
        "buckets": change.buckets,
        "before": dict(change.before),
        "after": dict(change.after),
        "payload": pack_day(found.previous),
    }
