"""What goes into the ledger and what comes out of it.

Times are whole Unix seconds (UTC), intervals are half-open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from data_sources.base import Interval, Notice
from tomoni.catalog.schema import SeriesRef
from tomoni.ledger.changes import Change
from tomoni.ledger.days import HOURS
from tomoni.slo.model import BoolArray, Buckets, FloatArray, IntArray


class NamedSeries(Protocol):
    """What a series is read back by: a `SeriesRef`, or the series of a definition that is no longer in force."""

    @property
    def key(self) -> str:
        """The name under which the ledger keeps it."""
        ...

    @property
    def step_seconds(self) -> int:
        """The length of its buckets."""
        ...


@dataclass(frozen=True, slots=True)
class RequiredSeries:
    """A series, and the buckets of it that should be known."""

    ref: SeriesRef
    interval: Interval

    def __post_init__(self) -> None:
        if self.interval.step_seconds != self.ref.step_seconds:
            raise ValueError(f"{self.interval} is not in buckets of {self.ref.step_seconds} s")


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """The remembered buckets of one series.

    ``columns`` are those of `data_sources.base.Series`, NaN where nothing was observed. ``fetched_at``
    is when each bucket was last fetched with a full answer, 0 never: an unobserved bucket with
    ``fetched_at`` is a gap in the source, one without is not known yet, and an observed bucket without
    comes from a partial answer. All shapes are ``(len(interval),)``.
    """

    interval: Interval
    columns: Mapping[str, FloatArray]
    fetched_at: IntArray

    def column(self, name: str) -> FloatArray:
        """One column, all NaN where the series has no such column."""
        found = self.columns.get(name)
        return np.full(len(self.interval), np.nan) if found is None else found

    def values(self) -> FloatArray:
        """The means of an infra signal."""
        return self.column("value")

    def buckets(self) -> Buckets:
        """The buckets of an SLI."""
        absent = self.column("absent") == 1
        interval, hours = self.interval, self.hours()
        good, total = self.column("good"), self.column("total")
        return Buckets(interval.start, interval.step_seconds, good, total, absent, hours=hours)

    def hours(self) -> BoolArray | None:
        """Which buckets belong to hours that are stored as one sum (`slo.hours`); None: none of them."""
        marked = self.columns.get(HOURS)
        found = None if marked is None else marked == 1
        return found if found is not None and found.any() else None

    @property
    def known_until(self) -> int | None:
        """The end of the newest bucket that the source has answered for, None when there is none."""
        known = [self.fetched_at > 0, *(~np.isnan(column) for column in self.columns.values())]
        buckets = max(_up_to_the_last(each) for each in known)
        return self.interval.start + buckets * self.interval.step_seconds if buckets else None


def _up_to_the_last(marked: BoolArray) -> int:
    """How many elements there are up to the last one that is marked, it included."""
    from_the_end = marked[::-1]
    place = int(from_the_end.argmax()) if len(marked) else 0
    return len(marked) - place if len(marked) and from_the_end[place] else 0


@dataclass(frozen=True, slots=True)
class SeriesState:
    """How the requests for a series went.

    ``tried`` is when it was last requested, ``answered`` when it last answered (None: never),
    ``failing_since`` when the failures began that have not ended (None: it does not fail). The
    error is stored as in `data_sources.errors`; ``error_code`` None: no error.
    """

    tried: int
    answered: int | None
    failing_since: int | None = None
    error_code: str | None = None
    detail: str = ""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one source did in a sync: requests, buckets received, requests that failed."""

    requests: int = 0
    buckets: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """The hull of the remembered buckets of a series that its source no longer has, and how many they are."""

    series: str
    start: int
    until: int
    buckets: int


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, by source id; sources without a request are left out.

    ``stopped``: it was stopped before everything was fetched. ``changes`` is what sources said otherwise
    of settled buckets, ``kept`` what they no longer had when it was read again.
    """

    sources: Mapping[str, SourceReport]
    seconds: float
    stopped: bool = False
    changes: tuple[Change, ...] = ()
    kept: tuple[Kept, ...] = ()
