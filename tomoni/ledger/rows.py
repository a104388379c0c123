"""The rows of series and their days in the database."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from tomoni.catalog.schema import SeriesRef
from tomoni.ledger.days import Day, pack_day, summarise
from tomoni.store.tables import ledger_version, series, series_days, series_revisions

_LOG = logging.getLogger(__name__)
KEYS_PER_QUERY = 500  # well below the least limit on parameters, that of older SQLite: 999
DayKey = tuple[str, int]  # a series' key and a UTC day


class SummaryRow(NamedTuple):
    """A day without its payload; see `store.tables.series_days`."""

    series: str
    day: int
    missing: int
    margin: int
    gap_due: int | None
    newest_fetch: int | None


def log_damage(key: DayKey, error: Exception) -> None:
    """Logs a day that cannot be read. It counts as never fetched, and its next merge replaces it."""
    _LOG.error("series %s, day %d cannot be read: %s", *key, error)


def chunks(keys: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The keys in parts that one query can name."""
    rest = iter(keys)
    while part := tuple(islice(rest, KEYS_PER_QUERY)):
        yield part


def read_version(connection: Connection) -> int:
    """How often the ledger was written to."""
    return int(connection.execute(select(ledger_version.c.version)).scalar_one())


def read_keys(connection: Connection) -> tuple[str, ...]:
    """The names of all series that were ever stored."""
    return tuple(connection.execute(select(series.c.key)).scalars())


def begin_merge(connection: Connection) -> None:
    """Counts the version up; from here to the end of the transaction there is no other writer."""
    table = ledger_version.c
    connection.execute(update(ledger_version).values(version=table.version + 1, noted=table.noted + 1))


def read_payloads(connection: Connection, keys: Iterable[str], days: range) -> Iterator[tuple[str, int, bytes]]:
    """The payloads of consecutive days, in no order."""
    table = series_days.c
    for chunk in chunks(keys):
        query = select(table.series, table.day, table.payload).where(
            table.series.in_(chunk), table.day.between(days.start, days.stop - 1)
        )
        # In parts, so that a driver that fetches eagerly does not hold all payloads at once.
        for row in connection.execute(query, execution_options={"yield_per": 1000}):
            yield row[0], row[1], row[2]


def read_days(connection: Connection, keys: Iterable[str], last: int) -> dict[str, list[int]]:
    """The days that are stored of each series up to a day, the newest first; series without any are left out."""
    table = series_days.c
    found: defaultdict[str, list[int]] = defaultdict(list)
    for chunk in chunks(keys):
        query = select(table.series, table.day).where(table.series.in_(chunk), table.day <= last)
        for key, day in connection.execute(query.order_by(table.day.desc())):
            found[key].append(day)
    return dict(found)


def read_summaries(connection: Connection, keys: Iterable[str], days: range) -> Iterator[SummaryRow]:
    """What planning needs of consecutive days, in no order."""
    table = series_days.c
    for chunk in chunks(keys):
        query = select(table.series, table.day, table.missing, table.margin, table.gap_due, table.newest_fetch).where(
            table.series.in_(chunk), table.day.between(days.start, days.stop - 1)
        )
        for row in connection.execute(query):
            yield SummaryRow(*row)


def read_some_payloads(connection: Connection, wanted: Iterable[DayKey]) -> Iterator[tuple[str, int, bytes]]:
    """The payloads of the days that are named and exist, in no order."""
    by_day: defaultdict[int, list[str]] = defaultdict(list)
    for key, day in wanted:
        by_day[day].append(key)
    for day, keys in by_day.items():
        yield from read_payloads(connection, keys, range(day, day + 1))


def remember_series(connection: Connection, refs: Mapping[str, SeriesRef], now: int) -> None:
    """Adds the series that are not there yet."""
    known: set[str] = set()
    for chunk in chunks(refs):
        known.update(connection.execute(select(series.c.key).where(series.c.key.in_(chunk))).scalars())
    new = [_series_row(key, ref, now) for key, ref in refs.items() if key not in known]
    if new:
        connection.execute(insert(series), new)


def write_days(connection: Connection, days: Mapping[DayKey, Day], existing: set[DayKey]) -> None:
    """Stores whole days, as new rows or over those that exist."""
    fresh: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    for key, day in days.items():
        (changed if key in existing else fresh).append(_day_row(key, day))
    if fresh:
        connection.execute(insert(series_days), [{"series": r.pop("of"), "day": r.pop("on"), **r} for r in fresh])
    if changed:
        table = series_days.c
        here = (table.series == bindparam("of"), table.day == bindparam("on"))
        columns = ("missing", "margin", "gap_due", "newest_fetch", "payload")
        connection.execute(update(series_days).where(*here).values({c: bindparam(c) for c in columns}), changed)
    note_changed(connection, {key for key, _ in days})


def note_changed(connection: Connection, keys: Iterable[str]) -> None:
    """Notes that the days of some series were written or deleted at this version of the ledger."""
    table = series_revisions.c
    version = select(ledger_version.c.version).scalar_subquery()
    for chunk in chunks(sorted(keys)):
        connection.execute(delete(series_revisions).where(table.series.in_(chunk)))
        stored = select(series.c.key, version).where(series.c.key.in_(chunk))
        connection.execute(insert(series_revisions).from_select(["series", "version"], stored))


def _series_row(key: str, ref: SeriesRef, now: int) -> dict[str, object]:
    return {
        "key": key,
        "source": ref.source,
        "form": type(ref.query).__name__,
        "query": ref.query.model_dump(mode="json", exclude_none=True),
        "step_seconds": ref.step_seconds,
        "first_seen": now,
    }


def _day_row(key: DayKey, day: Day) -> dict[str, object]:
    summary = summarise(day)
    return {
        "of": key[0],
        "on": key[1],
        "missing": summary.missing,
        "margin": summary.margin,
        "gap_due": summary.gap_due,
        "newest_fetch": summary.newest_fetch,
        "payload": pack_day(day),
    }
