"""Reading remembered buckets back as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import Connection

from data_sources.base import Interval
from tomoni.ledger.changes import read_previous
from tomoni.ledger.days import day_numbers
from tomoni.ledger.model import NamedSeries, Remembered
from tomoni.ledger.payload import ASKED, Column, PayloadError, parse, unpack
from tomoni.ledger.rows import log_damage, read_days, read_payloads
from tomoni.slo.model import DAY, FloatArray, IntArray


@dataclass(slots=True)
class _Arrays:
    """The arrays of one series over whole days, filled day by day."""

    days: range
    step_seconds: int
    fetched_at: IntArray
    columns: dict[str, FloatArray] = field(default_factory=dict)

    def put(self, day: int, payload: bytes) -> None:
        """Fills in one day. Raises PayloadError and leaves the day as not known."""
        size = DAY // self.step_seconds
        packed = parse(payload)
        if packed.size != size:
            raise PayloadError(f"{packed.size} buckets, not {size}")
        for name, _, _ in packed.parts:
            if name != ASKED and name not in self.columns:
                self.columns[name] = np.full(len(self.fetched_at), np.nan)
        here = slice((day - self.days.start) * size, (day - self.days.start + 1) * size)
        place: dict[str, Column] = {name: column[here] for name, column in self.columns.items()}
        place[ASKED] = self.fetched_at[here]
        try:
            packed.write_into(place)
        except PayloadError:
            for name, column in place.items():
                column[:] = 0 if name == ASKED else np.nan
            raise

    def within(self, interval: Interval) -> Remembered:
        first = (interval.start - self.days.start * DAY) // self.step_seconds
        here = slice(first, first + len(interval))
        return Remembered(interval, {n: c[here] for n, c in self.columns.items()}, self.fetched_at[here])


def read(
    connection: Connection, refs: Sequence[NamedSeries], start: int, end: int, known_at: int | None = None
) -> dict[str, Remembered]:
    """What is remembered of each series, by key: all buckets that touch ``[start, end)``.

    With ``known_at`` (Unix seconds) without what sources said otherwise of settled buckets after it.
    """
    intervals = {ref.key: _grid(start, end, ref.step_seconds) for ref in refs}
    arrays = {key: _empty(interval) for key, interval in intervals.items()}
    days = day_numbers(Interval(start // DAY * DAY, -(-end // DAY) * DAY, DAY))
    earlier = {} if known_at is None else read_previous(connection, arrays, days, known_at)
    for key, day, payload in read_payloads(connection, arrays, days):
        try:
            arrays[key].put(day, earlier.get((key, day), payload))
        except PayloadError as error:
            log_damage((key, day), error)
    return {key: arrays[key].within(interval) for key, interval in intervals.items()}


def observed_before(connection: Connection, keys: Iterable[str], moment: int) -> set[str]:
    """Which series have a bucket that was observed and begins before a moment.

    The newest days are looked at first: a history mostly goes on to where it is asked from.
    """
    found: set[str] = set()
    last = (moment - 1) // DAY
    for key, days in read_days(connection, keys, last).items():
        if any(_observed_before(connection, key, day, moment) for day in days):
            found.add(key)
    return found


def _observed_before(connection: Connection, key: str, day: int, moment: int) -> bool:
    for _, number, payload in read_payloads(connection, [key], range(day, day + 1)):
        try:
            columns = unpack(payload)
        except PayloadError as error:
            log_damage((key, number), error)
            continue
        size = len(columns[ASKED])
        starts = number * DAY + np.arange(size) * (DAY // size)
        leading = columns.get("total", columns.get("value"))
        if leading is not None and bool(np.any(~np.isnan(leading) & (starts < moment))):
            return True
    return False


def _grid(start: int, end: int, step: int) -> Interval:
    return Interval(start // step * step, -(-end // step) * step, step)


def _empty(interval: Interval) -> _Arrays:
    days = day_numbers(interval)
    size = len(days) * (DAY // interval.step_seconds)
    return _Arrays(days, interval.step_seconds, np.zeros(size, np.int64))
