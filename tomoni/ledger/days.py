"""One UTC day of one series as arrays: merging answers into it, and what planning needs to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from data_sources.base import Interval, Series
from tomoni.ledger.payload import ASKED, Column, pack, unpack
from tomoni.ledger.planning import clip, next_gap_due
from tomoni.slo.model import DAY, HOUR, BoolArray, FloatArray, IntArray

HOURS = "hours"  # the column that marks the buckets of hours that are one sum (`ledger.compaction`)


@dataclass(slots=True, eq=False)
class Day:
    """The buckets of a UTC day: ``columns`` as in `data_sources.base.Series`, ``fetched_at`` as in `Remembered`."""

    number: int
    step_seconds: int
    columns: dict[str, FloatArray]
    fetched_at: IntArray

    @property
    def ends(self) -> IntArray:
        """The end of each bucket, Unix seconds."""
        step = self.step_seconds
        return np.arange(1, len(self.fetched_at) + 1, dtype=np.int64) * step + self.number * DAY

    @property
    def observed(self) -> BoolArray:
        """Which buckets were observed."""
        return observed(self.columns, len(self.fetched_at))


@dataclass(frozen=True, slots=True)
class Summary:
    """What planning needs of a day without unpacking it; see `store.tables.series_days`."""

    missing: int
    margin: int
    gap_due: int | None
    newest_fetch: int


def observed(columns: Mapping[str, FloatArray], size: int) -> BoolArray:
    """Which buckets were observed, by the column that every observed bucket has."""
    leading = columns.get("total", columns.get("value"))
    return np.zeros(size, np.bool_) if leading is None else ~np.isnan(leading)


def empty_day(number: int, step_seconds: int) -> Day:
    """A day about which nothing is known."""
    return Day(number, step_seconds, {}, np.zeros(DAY // step_seconds, np.int64))


def unpack_day(number: int, step_seconds: int, payload: bytes) -> Day:
    """A day from its payload. Raises PayloadError."""
    columns: dict[str, Column] = unpack(payload)
    fetched_at = columns.pop(ASKED).astype(np.int64, copy=False)
    return Day(number, step_seconds, {name: np.asarray(c, np.float64) for name, c in columns.items()}, fetched_at)


def pack_day(day: Day) -> bytes:
    """The payload of a day."""
    return pack({**day.columns, ASKED: day.fetched_at})


def summarise(day: Day) -> Summary:
    """What planning needs of a day."""
    known = day.fetched_at > 0
    ends = day.ends
    margin = int((day.fetched_at - ends)[known].min()) if known.any() else 0
    due = next_gap_due(day.fetched_at, day.observed, ends)
    return Summary(int((~known).sum()), margin, due, int(day.fetched_at.max(initial=0)))


def day_numbers(interval: Interval) -> range:
    """The UTC days that an interval touches."""
    return range(interval.start // DAY, -(-interval.end // DAY))


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """The series of an answer, and how it is merged.

    ``fetched_at`` is the moment of its sync, ``present`` the moment of merging. ``kept`` is given when
    everything is read again: the buckets that the answer must not replace, shape ``(len(interval),)``.
    """

    series: Series
    fetched_at: int
    present: int
    complete: bool = True
    kept: BoolArray | None = None


def merge(day: Day, arrival: Arrival) -> None:
    """Merges the part of an answer that lies in the day.

    A later full answer replaces an earlier one. What a full answer observed stays observed: sources
    forget, the ledger does not. A partial answer only fills what is not known from a full one, its
    buckets stay due, and the next full answer replaces it, even by a gap. What was fetched later than
    the present was fetched by a clock that was ahead: any answer counts as later.
    """
    here, there = _overlap(day, arrival.series.interval)
    mine = {name: column[there] for name, column in arrival.series.columns.items()}
    new = observed(mine, here.stop - here.start)
    take, after = _taken(day, arrival, new, here, there)
    if HOURS in day.columns:
        _leave_cut_hours(day, here, take, after)
    for name in {**day.columns, **mine}:
        _put(day, name, here, take, mine.get(name))
    day.fetched_at[here] = after


def _taken(day: Day, arrival: Arrival, new: BoolArray, here: slice, there: slice) -> tuple[BoolArray, IntArray]:
    """Which buckets an answer replaces, and when each was fetched afterwards."""
    old, before = day.observed[here], day.fetched_at[here]
    ahead = before > arrival.present
    if not arrival.complete:
        take = new & (~old | (before == 0))
        return take, np.where(take, 0, before)
    if arrival.kept is not None:
        take = ~arrival.kept[there]
    else:
        take = (new & ((before <= arrival.fetched_at) | ahead)) | (before == 0)
    return take, np.where(ahead, arrival.fetched_at, np.maximum(before, arrival.fetched_at))


def _leave_cut_hours(day: Day, here: slice, take: BoolArray, after: IntArray) -> None:
    """Takes nothing of an hour that is one sum where not all of it is replaced: the sum has no parts."""
    per = HOUR // day.step_seconds
    for first in range(here.start // per * per, here.stop, per):
        if day.columns[HOURS][first] != 1:
            continue
        begin, end = max(first, here.start), min(first + per, here.stop)
        part = slice(begin - here.start, end - here.start)
        if end - begin < per or not take[part].all():
            take[part] = False
            after[part] = day.fetched_at[begin:end]


def _put(day: Day, name: str, here: slice, take: BoolArray, values: FloatArray | None) -> None:
    if name not in day.columns:
        day.columns[name] = np.full(len(day.fetched_at), np.nan)
    day.columns[name][here][take] = np.nan if values is None else values[take]


def _overlap(day: Day, interval: Interval) -> tuple[slice, slice]:
    """The buckets that a day and an interval share: their places in the day and in the interval."""
    step, size = day.step_seconds, len(day.fetched_at)
    offset = (interval.start - day.number * DAY) // step  # of the interval's first bucket in the day
    first, last = max(0, offset), min(size, offset + len(interval))
    return slice(first, last), slice(first - offset, last - offset)


def leading(series: Series) -> FloatArray:
    """The column that every observed bucket has; NaN where nothing was observed."""
    found = series.columns.get("total", series.columns.get("value"))
    return np.full(len(series.interval), np.nan) if found is None else found


def leading_over(days: Mapping[int, Day], interval: Interval) -> FloatArray:
    """The same of the days of one series, by number, over an interval that they cover."""
    found = np.full(len(interval), np.nan)
    for day in days.values():
        here, there = _overlap(day, interval)
        column = day.columns.get("total", day.columns.get("value"))
        if column is not None:
            found[there] = column[here]
    return found


def cut(series: Series, until: int) -> Series:
    """The buckets of a series that ended by a moment (Unix seconds)."""
    interval = clip(series.interval, until)
    return Series(interval, {name: column[: len(interval)] for name, column in series.columns.items()})


def split(interval: Interval) -> Iterator[Interval]:
    """The parts of an interval by UTC day."""
    for number in day_numbers(interval):
        start, end = max(interval.start, number * DAY), min(interval.end, (number + 1) * DAY)
        yield Interval(start, end, interval.step_seconds)
