"""Counts the first events of new series where series appear; elsewhere the plain counts are complete.

Series that appear are looked for with the buckets themselves in a union, else hour by hour, and only
where there are few events: among a million bad ones the first of each series do not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from data_sources.base import Interval, Notice
from data_sources.errors import BadAnswer, QueryRefused, TimedOut
from data_sources.prometheus.counters import Counters
from data_sources.prometheus.parse import Track
from data_sources.prometheus.ranges import RangeResult, Ranges, distinct
from tomoni.slo.model import BoolArray

WINDOW_SECONDS = 3600
MANY_EVENTS = 1_000_000
Results = Mapping[str, RangeResult]
Parts = Mapping[str, Counters | str]


@dataclass(frozen=True, slots=True)
class Births:
    """Adds the first events of new series to results. Raises `SourceError`."""

    ranges: Ranges

    def added(self, parts: Parts, results: Results, appeared: Results | None = None) -> Results:
        """The results with the first values of the series that appeared.

        ``appeared`` has the numbers of new series by bucket, where they were queried already. What the
        server refuses, such as a day of very many series, leaves the plain counts, with a notice.
        """
        counters = {role: part for role, part in parts.items() if isinstance(part, Counters)}
        if not any(len(results[role].interval) for role in counters):
            return results
        try:
            found = self._appeared(counters, results) if appeared is None else appeared
            return {**results, **self._complete(counters, results, found)}
        except (QueryRefused, TimedOut, BadAnswer):
            return {role: _unsure(result) if role in counters else result for role, result in results.items()}

    def _appeared(self, counters: Mapping[str, Counters], results: Results) -> Results:
        """The numbers of new series hour by hour, by role."""
        roles = [role for role, events in self._deciding(results).items() if role in counters and events < MANY_EVENTS]
        if not roles:
            return {}
        interval = _hours(results[roles[0]].interval)
        found = self.ranges.together([counters[role].appeared(WINDOW_SECONDS) for role in roles], interval)
        return dict(zip(roles, found, strict=True))

    def _deciding(self, results: Results) -> dict[str, float]:
        """How many events depend on each role's new series: where good ones are counted, the bad ones
        depend on those of all."""
        events = {role: float(np.nansum(self._track(result, role).values)) for role, result in results.items()}
        if "total" in events and "good" in events:
            events["total"] -= events["good"]
        return events

    def _complete(self, counters: Mapping[str, Counters], results: Results, appeared: Results) -> Results:
        """The results of counters, with the complete counts in place where series of any role appeared."""
        found = [(result.interval, self._track(result, role)) for role, result in appeared.items()]
        if not found:
            return {}
        windows = found[0][0]
        flagged = np.any([track.values > 0 for _, track in found], axis=0)
        return {role: self._replaced(role, part, results[role], (windows, flagged)) for role, part in counters.items()}

    def _replaced(
        self, role: str, part: Counters, plain: RangeResult, flagged: tuple[Interval, BoolArray]
    ) -> RangeResult:
        for interval in _stretches(*flagged, plain.interval):
            found = self.ranges.query(part.with_first_values, interval)
            new = self._track(found, role).realigned(interval, plain.interval)
            plain = _laid_over(plain, self._track(plain, role), new, found)
        return plain

    def _track(self, result: RangeResult, role: str) -> Track:
        return self.ranges.single(result, role)


def _hours(interval: Interval) -> Interval:
    """The hours that hold an interval."""
    start, end = interval.start // WINDOW_SECONDS, -(-interval.end // WINDOW_SECONDS)
    return Interval(start * WINDOW_SECONDS, end * WINDOW_SECONDS, WINDOW_SECONDS)


def _stretches(windows: Interval, flagged: BoolArray, interval: Interval) -> Iterator[Interval]:
    """The flagged windows, joined where they touch, cut to an interval."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flagged, [False]])))
    for first, last in edges.reshape(-1, 2):
        start = max(windows.start + int(first) * windows.step_seconds, interval.start)
        end = min(windows.start + int(last) * windows.step_seconds, interval.end)
        if start < end:
            yield Interval(start, end, interval.step_seconds)


def _laid_over(plain: RangeResult, old: Track, new: Track, found: RangeResult) -> RangeResult:
    track = Track(np.where(new.present, new.values, old.values), new.present | old.present)
    notices = distinct([*plain.notices, *found.notices])
    return RangeResult(plain.interval, {(): track}, notices, plain.complete and found.complete)


def _unsure(result: RangeResult) -> RangeResult:
    return replace(result, notices=(*result.notices, Notice("first_events_unknown")))
