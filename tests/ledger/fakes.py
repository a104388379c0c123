"""A source in memory whose truth is a formula, and what else the ledger's tests share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from data_sources.base import Answer, Finding, Health, Interval, Notice, QueryText, Request, Series
from data_sources.errors import SourceError
from data_sources.queries import Counts, Query, TextSignal
from tomoni.catalog.schema import SeriesRef
from tomoni.ledger import RequiredSeries

STEP = 300
NOW = 1_795_000_000 // 86_400 * 86_400 + 40_000  # a moment in the middle of a UTC day and of a bucket


def sli(name: str, source: str = "memory", step: int = STEP) -> SeriesRef:
    return SeriesRef(source, Counts(counts=name), step)


def signal(name: str, source: str = "memory", step: int = STEP) -> SeriesRef:
    return SeriesRef(source, TextSignal(query=name), step)


def required_series(ref: SeriesRef, days: float = 2, now: int = NOW) -> RequiredSeries:
    step = ref.step_seconds
    end = -(-now // step) * step
    return RequiredSeries(ref, Interval(int(now - days * 86_400) // step * step, end, step))


def truth(key: str, interval: Interval) -> dict[str, np.ndarray]:
    """What really happened: fractional counts made from the key and the bucket's start."""
    starts = np.arange(interval.start, interval.end, interval.step_seconds)
    salt = int(key[:6], 16)
    total = 100 + (starts // 60 * 7 + salt) % 991 / 7
    good = total - (starts // 300 + salt) % 13 / 3
    return {"good": good, "total": total, "absent": np.zeros(len(starts))}


def _no_gap(_key: str, interval: Interval) -> np.ndarray:
    return np.zeros(len(interval), bool)


@dataclass
class MemorySource:
    """Answers with the truth, less what a test takes from it. ``asked`` keeps every request."""

    id: str = "memory"
    kind: str = "demo"
    lag_seconds: int = 60
    gaps: Callable[[str, Interval], np.ndarray] = _no_gap
    error: SourceError | None = None
    raises: Exception | None = None
    silent: bool = False
    complete: bool = True
    notices: tuple[Notice, ...] = ()
    pause_seconds: float = 0.0
    scale: float = 1.0
    asked: list[Request] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fetch(self, requests: Sequence[Request]) -> Iterator[Answer]:
        with self.lock:
            self.asked += requests
        if self.raises:
            raise type(self.raises)(*self.raises.args)
        for request in () if self.silent else requests:
            time.sleep(self.pause_seconds)
            yield self._answer(request)

    def _answer(self, request: Request) -> Answer:
        if self.error:
            return Answer(request, error=self.error)
        columns = {name: c * self.scale for name, c in truth(request.key, request.interval).items()}
        if isinstance(request.query, TextSignal):
            columns = {"value": columns["total"]}
        gaps = self.gaps(request.key, request.interval)
        for column in columns.values():
            column[gaps] = np.nan
        return Answer(request, Series(request.interval, columns), notices=self.notices, complete=self.complete)

    def buckets_asked(self, key: str) -> list[int]:
        """The starts of all buckets of a series that were asked for, once per question."""
        step = STEP
        return [s for r in self.asked if r.key == key for s in range(r.interval.start, r.interval.end, step)]

    def check(self, request: Request) -> tuple[Finding, ...]:
        return ()

    def health(self) -> Health:
        return Health(True, 0.0)

    def explain(self, query: Query, interval: Interval) -> tuple[QueryText, ...]:
        return ()

    def close(self) -> None:
        return None
