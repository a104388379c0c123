"""How far back series are stored, and how: compacting old days to hours, and deleting days that are too old.

Both work in small transactions, take turns with merges (`rows.begin_merge`), and go on where they were when a process
was killed: a day is either as it was or compacted, and the horizon of its series says so in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import Connection, Engine, Select, bindparam, delete, func, insert, literal, select, update

from tomoni.ledger.compaction import compacted, hours_of
from tomoni.ledger.days import Day, pack_day, unpack_day
from tomoni.ledger.payload import PayloadError
from tomoni.ledger.rows import DayKey, begin_merge, chunks, log_damage, note_changed, write_days
from tomoni.slo.model import DAY, HOUR, BoolArray
from tomoni.store.engine import reading, write
from tomoni.store.schema import require_revision
from tomoni.store.tables import series, series_changes, series_days, series_horizons

SERIES_AT_ONCE = 40  # in a transaction
_DAYS_AT_ONCE = 200  # of one series in a transaction
_HOURS_OF_A_DAY = DAY // HOUR
_SINCE = "0014"  # code before this revision takes the sum of an hour for one bucket
_FRESH_DAYS = 3  # no horizon reaches days as young as these


@dataclass(frozen=True, slots=True)
class Horizon:
    """Of a series: nothing is stored of the days (numbers since 1970) before ``kept_from``, and those before
    ``compacted_until`` were compacted; None: all is kept, none was."""

    kept_from: int | None
    compacted_until: int | None


@dataclass(frozen=True, slots=True)
class Compacting:
    """What is compacted of a series: its days before ``until``, but for hours (numbers since 1970) in ``keep``.
    A bucket is settled when it was fetched twice its source's lag after its end."""

    key: str
    step_seconds: int
    until: int
    lag_seconds: int
    keep: frozenset[int] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Compacted:
    """What came of it: days that were looked at, hours that became sums, the bytes of the days before and after."""

    days: int = 0
    hours: int = 0
    bytes_before: int = 0
    bytes_after: int = 0

    def __add__(self, other: Compacted) -> Compacted:
        return Compacted(
            self.days + other.days,
            self.hours + other.hours,
            self.bytes_before + other.bytes_before,
            self.bytes_after + other.bytes_after,
        )


def read_horizons(connection: Connection, keys: Iterable[str]) -> dict[str, Horizon]:
    """The horizons of some series; those of which everything is stored as it was fetched are left out."""
    table, found = series_horizons.c, dict[str, Horizon]()
    for chunk in chunks(keys):
        query = select(table.series, table.kept_from, table.compacted_until).where(table.series.in_(chunk))
        found |= {row.series: Horizon(row.kept_from, row.compacted_until) for row in connection.execute(query)}
    return found


def pending(engine: Engine, wanted: Sequence[Compacting]) -> list[Compacting]:
    """Those of which a day is to be compacted yet, as far as their horizons tell."""
    with reading(engine) as connection:
        known = read_horizons(connection, [one.key for one in wanted])
    return [one for one in wanted if (_from(known.get(one.key)) or 0) < one.until]


def compact(engine: Engine, some: Sequence[Compacting]) -> Compacted:
    """Compacts the next days of a few series in one transaction; call it until none is `pending`."""
    return write(engine, lambda connection: _compact(connection, some))


def measure(engine: Engine, one: Compacting) -> Compacted:
    """What compacting a series would do; nothing is written."""
    with reading(engine) as connection:
        known = read_horizons(connection, [one.key])
        done, first = Compacted(), _from(known.get(one.key)) or 0
        while rows := _rows(connection, one, first):
            done += _apply(one, rows).done
            first = rows[-1][0] + 1
        return done


def forget(engine: Engine, before: Mapping[str, int]) -> int:
    """Deletes the days of some series before a day each, in one transaction; how many there were."""
    return write(engine, lambda connection: _forget(connection, before))


def forgettable(engine: Engine, before: Mapping[str, int]) -> dict[str, int]:
    """The bytes of each series that has days before a day; those without any are left out."""
    table, found = series_days.c, dict[str, int]()
    with reading(engine) as connection:
        known = read_horizons(connection, before)
        for key, day in before.items():
            horizon = known.get(key)
            if horizon is not None and horizon.kept_from is not None and horizon.kept_from >= day:
                continue
            query = select(func.sum(func.length(table.payload))).where(table.series == key, table.day < day)
            size = connection.execute(query).scalar()
            found |= {key: int(size)} if size else {}
    return found


def reopen(connection: Connection, days: Iterable[DayKey], now: int) -> None:
    """Notes that days were merged into: what lies behind the horizon of its series is looked at again."""
    first: dict[str, int] = {}
    for key, day in days:
        if day < now // DAY - _FRESH_DAYS:
            first[key] = min(day, first.get(key, day))
    if not first:
        return
    table = series_horizons.c
    for column in (table.compacted_until, table.kept_from):
        here = (table.series == bindparam("of"), column > bindparam("on"))
        rows = [{"of": key, "on": day} for key, day in first.items()]
        connection.execute(update(series_horizons).where(*here).values({column.name: bindparam("on")}), rows)


def _from(horizon: Horizon | None) -> int | None:
    return None if horizon is None else horizon.compacted_until


@dataclass(frozen=True, slots=True)
class _Applied:
    days: Mapping[DayKey, Day]
    done: Compacted


def _rows(connection: Connection, one: Compacting, first: int) -> list[tuple[int, bytes]]:
    table = series_days.c
    here = (table.series == one.key, table.day >= first, table.day < one.until)
    query = select(table.day, table.payload).where(*here).order_by(table.day).limit(_DAYS_AT_ONCE)
    return [(row.day, row.payload) for row in connection.execute(query)]


def _apply(one: Compacting, rows: Sequence[tuple[int, bytes]]) -> _Applied:
    """The days that change, and what comes of all."""
    changed, done = dict[DayKey, Day](), Compacted()
    for number, payload in rows:
        size, day = len(payload), None
        try:
            day = compacted(unpack_day(number, one.step_seconds, payload), _kept(one, number), one.lag_seconds)
        except (PayloadError, ValueError) as error:  # it stays as it is, and reads as not known
            log_damage((one.key, number), error)
        if day is not None:
            changed[one.key, number] = day
            hours = int((hours_of(day) > 0).sum()) * one.step_seconds // HOUR
            done += Compacted(1, hours, size, len(pack_day(day)))
        else:
            done += Compacted(1, 0, size, size)
    return _Applied(changed, done)


def _kept(one: Compacting, day: int) -> BoolArray:
    first = day * _HOURS_OF_A_DAY
    return np.array([first + hour in one.keep for hour in range(_HOURS_OF_A_DAY)])


def _compact(connection: Connection, some: Sequence[Compacting]) -> Compacted:
    begin_merge(connection)
    known, done, changed = read_horizons(connection, [one.key for one in some]), Compacted(), dict[DayKey, Day]()
    for one in some:
        first = _from(known.get(one.key)) or 0
        if first >= one.until:
            continue
        rows = _rows(connection, one, first)
        applied = _apply(one, rows)
        done, changed = done + applied.done, {**changed, **applied.days}
        until = rows[-1][0] + 1 if len(rows) == _DAYS_AT_ONCE else one.until
        _set(connection, one.key, known, {"compacted_until": until})
    if changed:
        require_revision(connection, _SINCE)
        write_days(connection, changed, set(changed))
    return done


def _forget(connection: Connection, before: Mapping[str, int]) -> int:
    begin_merge(connection)
    known, count = read_horizons(connection, before), 0
    for key, day in before.items():
        count += connection.execute(
            delete(series_days).where(series_days.c.series == key, series_days.c.day < day)
        ).rowcount
        connection.execute(delete(series_changes).where(series_changes.c.series == key, series_changes.c.day < day))
        _set(connection, key, known, {"kept_from": day})
    note_changed(connection, set(before))
    return count


def _set(connection: Connection, key: str, known: Mapping[str, Horizon], values: dict[str, int]) -> None:
    if key in known:
        connection.execute(update(series_horizons).where(series_horizons.c.series == key).values(values))
    else:
        connection.execute(insert(series_horizons).from_select(["series", *values], _row_of(key, values)))


def _row_of(key: str, values: Mapping[str, int]) -> Select[tuple[object, ...]]:
    """The row of a series that is stored; nothing of one that never was."""
    from_series = series.c.key
    return select(from_series, *(literal(value) for value in values.values())).where(from_series == key)
