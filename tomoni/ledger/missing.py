"""What is missing of the wanted series, found with as little reading as possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from data_sources.base import Interval, Request, Source
from tomoni.ledger.clocks import source_now
from tomoni.ledger.days import Day, day_numbers, unpack_day
from tomoni.ledger.model import RequiredSeries
from tomoni.ledger.payload import PayloadError
from tomoni.ledger.planning import clip, coalesce, due_buckets, intervals_of
from tomoni.ledger.rows import DayKey, SummaryRow, log_damage, read_some_payloads, read_summaries
from tomoni.slo.model import DAY


class Plan:
    """Finds what to ask for; ``requests`` holds it by source id once it is made.

    First the summaries of all days are read (one query, no payloads), then the payloads of the few
    days in which something may be due.
    """

    def __init__(
        self, connection: Connection, sources: Mapping[str, Source], required: Sequence[RequiredSeries], now: int
    ) -> None:
        self._connection = connection
        self._now = {source_id: source_now(source, now) for source_id, source in sources.items()}
        self._lags = {source_id: source.lag_seconds for source_id, source in sources.items()}
        self._required = self._closed(required)
        self._due: defaultdict[str, list[Interval]] = defaultdict(list)
        self._open_doubtful_days(self._compare_summaries())

    def requests(self) -> dict[str, list[Request]]:
        """What to ask each source for, by source id."""
        found: defaultdict[str, list[Request]] = defaultdict(list)
        for key, due in self._due.items():
            ref = self._required[key].ref
            found[ref.source] += [Request(key, ref.query, interval) for interval in coalesce(due)]
        return dict(found)

    def _closed(self, required: Sequence[RequiredSeries]) -> dict[str, RequiredSeries]:
        """By key, the hull of what is wanted of each series, up to its source's lag."""
        hulls: dict[str, RequiredSeries] = {}
        for series in required:
            lag = self._lags.get(series.ref.source)
            if lag is None:
                continue
            key, interval = series.ref.key, clip(series.interval, self._now[series.ref.source] - lag)
            if key in hulls:
                interval = _hull(hulls[key].interval, interval)
            hulls[key] = RequiredSeries(series.ref, interval)
        return {key: series for key, series in hulls.items() if len(series.interval)}

    def _compare_summaries(self) -> list[DayKey]:
        """Notes the days that are missing as a whole, returns those that need a look inside."""
        stored = self._summaries()
        doubtful: list[DayKey] = []
        for key, series in self._required.items():
            days, lag, now = stored.get(key, {}), self._lags[series.ref.source], self._now[series.ref.source]
            for number in day_numbers(series.interval):
                summary = days.get(number)
                if summary is None:
                    self._due[key].append(_part(series.interval, number))
                elif _doubtful(summary, lag, now):
                    doubtful.append((key, number))
        return doubtful

    def _summaries(self) -> dict[str, dict[int, SummaryRow]]:
        if not self._required:
            return {}
        first = min(series.interval.start for series in self._required.values()) // DAY
        last = max(series.interval.end for series in self._required.values()) // DAY
        found: defaultdict[str, dict[int, SummaryRow]] = defaultdict(dict)
        for row in read_summaries(self._connection, self._required, range(first, last + 1)):
            found[row.series][row.day] = row
        return found

    def _open_doubtful_days(self, doubtful: Iterable[DayKey]) -> None:
        for key, number, payload in read_some_payloads(self._connection, doubtful):
            series = self._required[key]
            try:
                self._due[key] += self._due_of(unpack_day(number, series.ref.step_seconds, payload), series)
            except PayloadError as error:
                log_damage((key, number), error)
                self._due[key].append(_part(series.interval, number))

    def _due_of(self, day: Day, series: RequiredSeries) -> list[Interval]:
        ends, source = day.ends, series.ref.source
        due = due_buckets(day.fetched_at, day.observed, ends, self._lags[source], self._now[source])
        due &= (ends > series.interval.start) & (ends <= series.interval.end)
        return intervals_of(due, day.number * DAY, day.step_seconds)


def _doubtful(summary: SummaryRow, lag_seconds: int, now: int) -> bool:
    gap_due = summary.gap_due is not None and summary.gap_due <= now
    # Fetched by a clock that was ahead; where that is not recorded, only days still to come can show it.
    newest = summary.newest_fetch
    ahead = summary.day >= now // DAY if newest is None else newest > now
    return summary.missing > 0 or summary.margin < 2 * lag_seconds or gap_due or ahead


def _part(interval: Interval, number: int) -> Interval:
    """The part of an interval that lies in a UTC day."""
    start, end = max(interval.start, number * DAY), min(interval.end, (number + 1) * DAY)
    return Interval(start, end, interval.step_seconds)


def _hull(one: Interval, other: Interval) -> Interval:
    return Interval(min(one.start, other.start), max(one.end, other.end), one.step_seconds)
