"""Counts the first events of new series where series appear; elsewhere the plain counts are complete.

Series that appear are looked for with the buckets themselves in a union. In a long interval they are
looked for hour by hour, then bucket by bucket in the hours with new ones; and only where there are few
events: among a million bad ones the first of each series do not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
_CLOSE = 6  # windows between which a further query costs more than asking for all of them
Results = Mapping[str, RangeResult]
Parts = Mapping[str, Counters | str]
Completing = Callable[[str, Interval], RangeResult]


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
            stretches = self._searched(counters, results) if appeared is None else _stretches(self._any(appeared))
            return {**results, **self._complete(counters, results, list(stretches))}
        except (QueryRefused, TimedOut, BadAnswer):
            return {role: _unsure(result) if role in counters else result for role, result in results.items()}

    def added_by(
        self, counters: Mapping[str, Counters], plain: tuple[Results, Results], complete: Completing
    ) -> Results:
        """The results of split counters with the first values of the series that appeared. ``plain`` has the results
        of each role as one series, and as they are; ``complete`` queries a role over a stretch."""
        together, several = plain
        results = {role: several[role] for role in counters}
        try:
            for stretch in list(self._searched(counters, together)):
                for role, result in results.items():
                    interval = _common(stretch, result.interval)
                    results[role] = _laid_over_each(result, complete(role, interval))
        except (QueryRefused, TimedOut, BadAnswer):
            return {role: _unsure(several[role]) for role in counters}
        return results

    def _searched(self, counters: Mapping[str, Counters], results: Results) -> Iterator[Interval]:
        """The stretches of an interval in which series appear on known targets."""
        events = self._deciding(results)
        deciding = [(role, part) for role, part in counters.items() if events[role] < MANY_EVENTS]
        if not deciding:
            return
        interval = results[deciding[0][0]].interval
        hours = [part.appeared(WINDOW_SECONDS) for _, part in deciding]
        for stretch in _stretches(self._any(self._asked(hours, _hours(interval)))):
            within = _common(stretch, interval)
            yield from _stretches(self._any(self._asked([part.appeared_on_targets for _, part in deciding], within)))

    def _asked(self, texts: Sequence[str], interval: Interval) -> Results:
        return dict(zip(texts, self.ranges.together(texts, interval), strict=True))

    def _any(self, appeared: Results) -> tuple[Interval, BoolArray]:
        """The windows, and in which of them any series appeared."""
        tracks = [self._track(result, role) for role, result in appeared.items()]
        windows = next(iter(appeared.values())).interval
        return windows, np.any([track.values > 0 for track in tracks], axis=0)

    def _deciding(self, results: Results) -> dict[str, float]:
        """How many events depend on each role's new series: where good ones are counted, the bad ones
        depend on those of all."""
        events = {role: float(np.nansum(self._track(result, role).values)) for role, result in results.items()}
        if "total" in events and "good" in events:
            events["total"] -= events["good"]
        return events

    def _complete(self, counters: Mapping[str, Counters], results: Results, stretches: Sequence[Interval]) -> Results:
        """The results of counters, with the complete counts in place where series of any role appeared."""
        return {role: self._replaced(role, part, results[role], stretches) for role, part in counters.items()}

    def _replaced(self, role: str, part: Counters, plain: RangeResult, stretches: Sequence[Interval]) -> RangeResult:
        for stretch in stretches:
            interval = _common(stretch, plain.interval)
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


def _common(stretch: Interval, interval: Interval) -> Interval:
    """The buckets of an interval that are in a stretch, which may begin or end outside."""
    start, end = max(stretch.start, interval.start), min(stretch.end, interval.end)
    return Interval(start, max(start, end), interval.step_seconds)


def _stretches(found: tuple[Interval, BoolArray]) -> Iterator[Interval]:
    """The windows that are flagged, together with those between them where that saves a query."""
    windows, flagged = found
    places = np.flatnonzero(flagged)
    for part in np.split(places, np.flatnonzero(np.diff(places) > _CLOSE) + 1):
        if len(part):
            first, last = (windows.start + int(place) * windows.step_seconds for place in (part[0], part[-1] + 1))
            yield Interval(first, last, windows.step_seconds)


def _laid_over(plain: RangeResult, old: Track, new: Track, found: RangeResult) -> RangeResult:
    track = Track(np.where(new.present, new.values, old.values), new.present | old.present)
    notices = distinct([*plain.notices, *found.notices])
    return RangeResult(plain.interval, {(): track}, notices, plain.complete and found.complete)


def _laid_over_each(plain: RangeResult, found: RangeResult) -> RangeResult:
    """The series of a result with those of a stretch in their place."""
    empty, tracks = Track.empty(len(plain.interval)), dict(plain.tracks)
    for labels, track in found.tracks.items():
        old, new = tracks.get(labels, empty), track.realigned(found.interval, plain.interval)
        tracks[labels] = Track(np.where(new.present, new.values, old.values), new.present | old.present)
    notices = distinct([*plain.notices, *found.notices])
    return RangeResult(plain.interval, tracks, notices, plain.complete and found.complete)


def _unsure(result: RangeResult) -> RangeResult:
    return replace(result, notices=(*result.notices, Notice("first_events_unknown")))
