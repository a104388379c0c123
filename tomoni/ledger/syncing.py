"""Fetching what is missing into the ledger, in transactions of about a second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, Engine

from data_sources.base import Answer, Series, Source
from tomoni.catalog.schema import SeriesRef
from tomoni.ledger.days import Day, day_numbers, empty_day, merge, unpack_day
from tomoni.ledger.fetching import Fetching
from tomoni.ledger.missing import Plan
from tomoni.ledger.model import RequiredSeries, SourceReport, SyncReport
from tomoni.ledger.payload import PayloadError
from tomoni.ledger.rows import DayKey, begin_merge, log_damage, read_some_payloads, remember_series, write_days
from tomoni.ledger.states import Outcome, after, read_states, write_states
from tomoni.store.engine import reading, write

Progress = Callable[[int, int, str, int], None]
_BATCH_SECONDS = 1.0
_BATCH_ANSWERS = 64


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How a sync reports its progress and is stopped; ``monotonic`` is a clock that never goes back.

    ``on_progress`` is called in the caller's thread with the answers so far, all requests, the
    source that answered and the buckets that it brought.
    """

    monotonic: Callable[[], float]
    on_progress: Progress | None = None
    should_stop: Callable[[], bool] = lambda: False


def sync(
    engine: Engine, sources: Mapping[str, Source], required: Sequence[RequiredSeries], now: int, options: SyncOptions
) -> SyncReport:
    """Fetches what is missing of ``required`` as of ``now``; see `ledger.ledger.Ledger.sync`."""
    began = options.monotonic()
    with reading(engine) as connection:
        requests = Plan(connection, sources, required, now).requests()
    total = sum(len(each) for each in requests.values())
    counts: defaultdict[str, SourceReport] = defaultdict(SourceReport)
    batch = _Batch(engine, {series.ref.key: series.ref for series in required}, now, options.monotonic)
    done = 0
    with closing(Fetching(sources, requests).answers(options.should_stop)) as answers:
        for arrived in answers:
            if arrived is not None:
                source_id, answer = arrived
                counts[source_id] = _count(counts[source_id], answer)
                batch.add(answer)
                done += 1
                if options.on_progress:
                    options.on_progress(done, total, source_id, _buckets(answer))
            batch.flush_if_due()
    batch.flush()
    return SyncReport(dict(counts), options.monotonic() - began, stopped=done < total)


def _buckets(answer: Answer) -> int:
    return len(answer.series.interval) if answer.series and not answer.error else 0


def _count(report: SourceReport, answer: Answer) -> SourceReport:
    failed = answer.error is not None
    return replace(
        report,
        requests=report.requests + 1,
        buckets=report.buckets + _buckets(answer),
        errors=report.errors + failed,
    )


@dataclass(slots=True)
class _Batch:
    """Gathers answers and stores them together: a transaction costs more than an answer."""

    engine: Engine
    refs: Mapping[str, SeriesRef]
    now: int
    monotonic: Callable[[], float]
    pending: list[Answer] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    since: float = 0.0

    def add(self, answer: Answer) -> None:
        if not self.pending:
            self.since = self.monotonic()
        self.pending.append(answer)
        self.outcomes.setdefault(answer.request.key, Outcome()).add(answer)

    def flush_if_due(self) -> None:
        if len(self.pending) >= _BATCH_ANSWERS or (self.pending and self.monotonic() - self.since >= _BATCH_SECONDS):
            self.flush()

    def flush(self) -> None:
        if self.pending:
            write(self.engine, self._store)
            self.pending.clear()

    def _store(self, connection: Connection) -> None:
        begin_merge(connection)
        keys = {answer.request.key for answer in self.pending}
        remember_series(connection, {key: self.refs[key] for key in keys}, self.now)
        self._store_days(connection)
        before = read_states(connection, keys)
        write_states(connection, {key: after(before.get(key), self.outcomes[key], self.now) for key in keys})

    def _store_days(self, connection: Connection) -> None:
        parts = self._parts()
        days = {key: self._empty(key) for key in parts}
        existing: set[DayKey] = set()
        for series, number, payload in read_some_payloads(connection, parts):
            key = (series, number)
            existing.add(key)
            days[key] = self._unpacked(key, payload)
        for key, answers in parts.items():
            for series_part, complete in answers:
                merge(days[key], series_part, self.now, complete)
        write_days(connection, days, existing)

    def _parts(self) -> dict[DayKey, list[tuple[Series, bool]]]:
        """The answers that touch each day, in the order in which they came."""
        parts: defaultdict[DayKey, list[tuple[Series, bool]]] = defaultdict(list)
        for answer in self.pending:
            if answer.series is not None and answer.error is None:
                for number in day_numbers(answer.series.interval):
                    parts[answer.request.key, number].append((answer.series, answer.complete))
        return parts

    def _empty(self, key: DayKey) -> Day:
        return empty_day(key[1], self.refs[key[0]].step_seconds)

    def _unpacked(self, key: DayKey, payload: bytes) -> Day:
        try:
            return unpack_day(key[1], self.refs[key[0]].step_seconds, payload)
        except PayloadError as error:
            log_damage(key, error)
            return self._empty(key)
