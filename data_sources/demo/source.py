"""The demo source: a seeded world that needs no network and no account.

A series is a pure function of seed, anchor, name and bucket. The anchor is the start of the UTC day
in which the source was built; the story (`data_sources.demo.world`) lies relative to it.
"""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from data_sources.base import Answer, Finding, Health, Interval, QueryText, Request, Series
from data_sources.demo.config import DemoConfig
from data_sources.demo.exploring import DemoExplorer
from data_sources.demo.series import counts_of, values_of
from data_sources.demo.shapes import MINUTE, Frame
from data_sources.demo.world import COUNTS, DEPLOYED, SIGNALS
from data_sources.errors import NotFound, QueryRefused, SourceError
from data_sources.exploring import Exploring
from data_sources.queries import Counts, Query, TextSignal
from data_sources.splits import SplitCounts, split_columns
from tomoni.slo.model import DAY, FloatArray

_LAG_SECONDS = 60


class DemoSource(Exploring):
    """Answers `Counts` and `TextSignal` by the name of a series; has no state, so any thread may ask."""

    kind = "demo"

    def __init__(self, source_id: str, config: DemoConfig, clock: Callable[[], float] = time.time) -> None:
        self.id = source_id
        self.lag_seconds = _LAG_SECONDS if config.lag_seconds is None else config.lag_seconds
        self._clock = clock
        self._frame = Frame(anchor=int(clock()) // DAY * DAY, seed=config.seed)
        self._explorer = DemoExplorer(source_id, self._columns, self._frame.moment(*DEPLOYED))
        self.explorer = self._explorer

    def fetch(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """Yields one answer for each request; buckets that have not ended yet are not observed."""
        for request in requests:
            try:
                columns = self._answered(request.query, request.interval)
            except SourceError as error:
                yield Answer(request, error=error)
            else:
                yield Answer(request, series=Series(request.interval, columns))

    def _answered(self, query: Query, interval: Interval) -> dict[str, FloatArray]:
        return self._split(query, interval) if isinstance(query, SplitCounts) else self._columns(query, interval)

    def _split(self, query: SplitCounts, interval: Interval) -> dict[str, FloatArray]:
        """The columns of a split. Raises QueryRefused of what is not counted."""
        if not isinstance(query.of, Counts):
            raise QueryRefused(self.id, facts={"reason": "form_not_answered", "form": type(query.of).__name__})
        seen = self._columns(query.of, interval)["total"]
        return split_columns(query, self._explorer.split(query.of.counts, query.by, interval), seen)

    def check(self, request: Request) -> tuple[Finding, ...]:
        """Names a series that does not exist, with the one that is nearest to it."""
        try:
            self._known(request.query)
        except SourceError as error:
            return (Finding("error", error.code, error.facts),)
        return ()

    def health(self) -> Health:
        """Always well."""
        return Health(answered=True, seconds=0.0)

    def explain(self, query: Query, interval: Interval) -> tuple[QueryText, ...]:
        """The series' name, once for each of its columns."""
        if isinstance(query, Counts):
            return tuple(QueryText(role, query.counts) for role in ("good", "total"))
        return (QueryText("value", query.query),) if isinstance(query, TextSignal) else ()

    def close(self) -> None:
        """There is nothing to close."""

    def _known(self, query: Query) -> str:
        if isinstance(query, Counts):
            if query.parts:
                raise QueryRefused(self.id, facts={"reason": "no_columns", "name": query.counts})
            return self._among(COUNTS, query.counts)
        if isinstance(query, TextSignal):
            return self._among(SIGNALS, query.query)
        raise QueryRefused(self.id, facts={"reason": "form_not_answered", "form": type(query).__name__})

    def _among(self, series: Mapping[str, object], name: str) -> str:
        if name in series:
            return name
        nearest = difflib.get_close_matches(name, series, n=1, cutoff=0.5)
        reason = "no_series_near" if nearest else "no_series"
        facts = {"reason": reason, "name": name, "known": ", ".join(series), "nearest": "".join(nearest)}
        raise NotFound(self.id, facts=facts)

    def _columns(self, query: Query, interval: Interval) -> dict[str, FloatArray]:
        name = self._known(query)
        if interval.step_seconds % MINUTE:
            raise QueryRefused(self.id, facts={"reason": "step", "step_seconds": interval.step_seconds})
        first_day = interval.start // DAY
        days = max(1, -(-interval.end // DAY) - first_day)
        if isinstance(query, Counts):
            minutes = counts_of(name, COUNTS[name], self._frame, first_day, days)
            columns = {column: self._cut(values, interval).sum(axis=1) for column, values in minutes.items()}
            return {**columns, "absent": columns["total"] * 0.0}
        values = values_of(name, SIGNALS[name], self._frame, first_day, days)
        return {"value": self._cut(values, interval).mean(axis=1)}

    def _cut(self, values: FloatArray, interval: Interval) -> FloatArray:
        """The minutes of an interval, a row a bucket, NaN from the first bucket that has not ended."""
        skip = (interval.start % DAY) // MINUTE
        a_bucket = interval.step_seconds // MINUTE
        rows: FloatArray = values.reshape(-1)[skip : skip + len(interval) * a_bucket].reshape(-1, a_bucket).copy()
        ended = (int(self._clock()) - interval.start) // interval.step_seconds
        rows[max(0, ended) :] = np.nan
        return rows
