"""Storing answers together: merging them into the days that they touch, and recording what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import Connection, Engine

from data_sources.base import Answer, Series, Source
from tomoni.catalog.schema import SeriesRef
from tomoni.ledger.again import forgotten
from tomoni.ledger.changes import Change, FoundChange, find_change, record_changes
from tomoni.ledger.clocks import source_now
from tomoni.ledger.days import Arrival, Day, cut, day_numbers, empty_day, leading, leading_over, merge, unpack_day
from tomoni.ledger.horizons import reopen
from tomoni.ledger.model import Kept
from tomoni.ledger.payload import PayloadError
from tomoni.ledger.rows import DayKey, begin_merge, log_damage, read_some_payloads, remember_series, write_days
from tomoni.ledger.states import Outcome, after, read_states, write_states
from tomoni.slo.model import BoolArray
from tomoni.store.engine import write

_BATCH_SECONDS = 1.0
_BATCH_ANSWERS = 64
Days = dict[DayKey, Day]


@dataclass(frozen=True, slots=True)
class Run:
    """One sync: the series by key, the sources by id, when it began (Unix seconds), a clock that never
    goes back, and whether everything is fetched again."""

    refs: Mapping[str, SeriesRef]
    sources: Mapping[str, Source]
    now: int
    monotonic: Callable[[], float]
    again: bool = False

    def source_of(self, key: str) -> Source:
        """The source of a series."""
        return self.sources[self.refs[key].source]


@dataclass(slots=True)
class Batch:
    """Gathers answers and stores them together: a transaction costs more than an answer."""

    engine: Engine
    run: Run
    changes: list[Change] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    pending: list[Answer] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    since: float = 0.0
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.run.monotonic()

    def add(self, answer: Answer) -> None:
        """Takes one answer."""
        if not self.pending:
            self.since = self.run.monotonic()
        self.pending.append(answer)
        self.outcomes.setdefault(answer.request.key, Outcome()).add(answer)

    def flush_if_due(self) -> None:
        """Stores the answers when they are many or the first of them has waited for a second."""
        waited = self.pending and self.run.monotonic() - self.since >= _BATCH_SECONDS
        if len(self.pending) >= _BATCH_ANSWERS or waited:
            self.flush()

    def flush(self) -> None:
        """Stores the answers."""
        if self.pending:
            merged = write(self.engine, self._store)
            self.changes += [found.change for found in merged.changes]
            self.kept += merged.kept
            self.pending.clear()

    def _store(self, connection: Connection) -> Merged:
        begin_merge(connection)
        keys = {answer.request.key for answer in self.pending}
        now = self.run.now
        remember_series(connection, {key: self.run.refs[key] for key in keys}, now)
        merged = self._store_days(connection)
        before = read_states(connection, keys)
        write_states(connection, {key: after(before.get(key), self.outcomes[key], now) for key in keys})
        return merged

    def _store_days(self, connection: Connection) -> Merged:
        present = self.run.now + int(self.run.monotonic() - self.began)
        merged = Merged(self.run, present, [_Part.of(a, self.run) for a in self.pending if a.series and not a.error])
        for series, number, payload in read_some_payloads(connection, merged.days):
            key = (series, number)
            merged.existing.add(key)
            merged.days[key] = self._unpacked(key, payload)
        merged.merge()
        write_days(connection, merged.days, merged.existing)
        reopen(connection, merged.days, self.run.now)
        record_changes(connection, merged.changes)
        return merged

    def _unpacked(self, key: DayKey, payload: bytes) -> Day:
        step = self.run.refs[key[0]].step_seconds
        try:
            return unpack_day(key[1], step, payload)
        except PayloadError as error:
            log_damage(key, error)
            return empty_day(key[1], step)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What is stored of one answer: nothing that lies after the source's own present."""

    key: str
    series: Series
    complete: bool
    fetched_at: int

    @classmethod
    def of(cls, answer: Answer, run: Run) -> _Part:
        source = run.source_of(answer.request.key)
        now = source_now(source, run.now)
        series = answer.series or Series(answer.request.interval, {})
        if now < run.now:
            series = cut(series, now - source.lag_seconds)
        return cls(answer.request.key, series, answer.complete, now)


@dataclass(slots=True)
class Merged:
    """The days that some answers touch, as they are merged into them, and what that changes."""

    run: Run
    present: int
    parts: list[_Part]
    days: Days = field(init=False)
    existing: set[DayKey] = field(default_factory=set)
    changes: list[FoundChange] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)

    def __post_init__(self) -> None:
        touched = [(part, number) for part in self.parts for number in day_numbers(part.series.interval)]
        steps = {(part.key, number): part.series.interval.step_seconds for part, number in touched}
        self.days = {key: empty_day(key[1], step) for key, step in steps.items()}

    def merge(self) -> None:
        """Merges the answers in the order in which they came."""
        before = {key: deepcopy(day) for key, day in self.days.items() if key in self.existing}
        for part in self.parts:
            present = part.fetched_at if part.fetched_at < self.run.now else self.present
            arrival = Arrival(part.series, part.fetched_at, present, part.complete, self._not_replaced(part))
            for number in day_numbers(part.series.interval):
                merge(self.days[part.key, number], arrival)
        for key, day in before.items():
            lag = self.run.source_of(key[0]).lag_seconds
            found = find_change(key[0], day, self.days[key], lag, self.run.again, self.run.now)
            self.changes += [found] if found else []

    def _not_replaced(self, part: _Part) -> BoolArray | None:
        """Which buckets a part that was read again leaves as they are; None: it is an ordinary one."""
        if not self.run.again or not part.complete:
            return None
        interval = part.series.interval
        days = {number: self.days[part.key, number] for number in day_numbers(interval)}
        gone = forgotten(leading_over(days, interval), leading(part.series), "total" in part.series.columns)
        places = np.flatnonzero(gone)
        if len(places):
            start, until = (interval.start + int(p) * interval.step_seconds for p in (places[0], places[-1] + 1))
            self.kept.append(Kept(part.key, start, until, len(places)))
        return gone
