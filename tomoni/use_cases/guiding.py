"""The guided start: what a source has that could be an SLI, how it went, and what an objective would have meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data_sources.base import Interval, ListsSlos, NativeDefinition, Request, Source
from data_sources.errors import SourceError
from data_sources.exploring import Cancelled, Explores
from tomoni.catalog.drafts import sli_form
from tomoni.exploring.detectors.table import found_in
from tomoni.exploring.draft import DEFAULT_OBJECTIVE
from tomoni.exploring.likely import Found, LikelySli
from tomoni.exploring.stock import Stock, stock_of
from tomoni.slo.model import DAY, HOUR, MINUTE, FloatArray

DAYS = 28
_STEP_SECONDS = 300
_OBJECTIVES = ("99.99", "99.95", "99.9", "99.5", "99", "98", "95", "90")
# So much of its budget an objective would have spent at most, to be one that teams can begin with; so many bad events
# it allows at least, over so many days: fewer say nothing about the next month.
_MOST_SPENT = 0.7
_FEWEST_ALLOWED = 10
_FEWEST_DAYS = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """How an SLI went: its good and total events by buckets of an interval (NaN: not observed), and the error that
    kept some of it from being read."""

    interval: Interval
    good: FloatArray
    total: FloatArray
    error: SourceError | None = None

    @property
    def sums(self) -> tuple[float, float]:
        """All good events, and all events."""
        return float(np.nansum(self.good)), float(np.nansum(self.total))

    @property
    def sli(self) -> float | None:
        """The share of good events; None without any event."""
        good, total = self.sums
        return good / total if total > 0 else None

    @property
    def observed_days(self) -> float:
        """How much time was observed, in days."""
        return self.observed_seconds / DAY

    @property
    def observed_seconds(self) -> float:
        """How much time was observed."""
        return float(np.count_nonzero(~np.isnan(self.total))) * self.interval.step_seconds

    def spent(self, objective: str) -> float | None:
        """Which share of its budget an objective (percent) would have spent; None without any event or budget."""
        allowed = 1 - float(objective) / 100
        return None if self.sli is None or allowed <= 0 else (1 - self.sli) / allowed

    @property
    def objective(self) -> str:
        """An objective to begin with, in percent: the highest usual one that would have left some of its budget, and
        that enough history speaks for."""
        if self.sli is None or self.observed_days < _FEWEST_DAYS:
            return DEFAULT_OBJECTIVE
        return next((each for each in _OBJECTIVES if self._bears(each)), _OBJECTIVES[-1])

    def _bears(self, objective: str) -> bool:
        spent, allowed = self.spent(objective), (1 - float(objective) / 100) * self.sums[1]
        modest = objective in (DEFAULT_OBJECTIVE, *_OBJECTIVES[_OBJECTIVES.index(DEFAULT_OBJECTIVE) :])
        return spent is not None and spent <= _MOST_SPENT and (modest or allowed >= _FEWEST_ALLOWED)

    def by_hour(self) -> FloatArray:
        """The share of good events of each hour (NaN: none) from the first one with any event on."""
        per_hour = HOUR // self.interval.step_seconds
        whole = len(self.interval) // per_hour * per_hour
        good, total = (np.nansum(each[:whole].reshape(-1, per_hour), axis=1) for each in (self.good, self.total))
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.where(total > 0, good / total, np.nan)
        seen = np.flatnonzero(~np.isnan(shares))
        return shares[seen[0] :] if len(seen) else shares[:0]


def find_likely(source: Source, now: int, cancelled: Cancelled = lambda: False) -> Found:
    """What a source has that could be an SLI or a signal. Raises `SourceError`; nothing of a source that cannot be
    explored."""
    end = -(-now // MINUTE) * MINUTE  # up to this minute: a server may have been started just now
    interval, native = Interval(end - DAY, end, MINUTE), _native(source)
    if not isinstance(source, Explores):
        return found_in(Stock(native=native))
    return found_in(stock_of(source, interval, native, cancelled=cancelled))


def can_be_looked_at(source: Source) -> bool:
    """Whether anything can be found in a source."""
    return isinstance(source, Explores | ListsSlos)


def _native(source: Source) -> Sequence[NativeDefinition]:
    """The SLOs that a source keeps; none where it has none to tell or does not let us read them."""
    if not isinstance(source, ListsSlos):
        return ()
    try:
        return source.native_definitions()
    except SourceError:
        if not isinstance(source, Explores):
            raise
        return ()


def preview(source: Source, sli: LikelySli, now: int, days: int = DAYS) -> Preview:
    """How an SLI went over the last days."""
    interval = _until(source, now, days)
    form = sli_form(sli.keys)
    good = np.full(len(interval), np.nan)
    total, error = good.copy(), None
    for answer in source.fetch([Request("preview", form, interval)]):
        if answer.series is not None:
            good, total = answer.series.columns["good"], answer.series.columns["total"]
        error = answer.error
    return Preview(interval, good, total, error)


def _until(source: Source, now: int, days: int) -> Interval:
    """The last days of whole hours that a source can be trusted with, or more."""
    end = (now - source.lag_seconds) // _STEP_SECONDS * _STEP_SECONDS
    return Interval(end - days * DAY, end, _STEP_SECONDS)
