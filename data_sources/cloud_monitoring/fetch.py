"""Answering many requests with few calls: shared calls, bounded parallelism, faults kept apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, cast

from data_sources.base import Answer, Interval, Notice, Request, Series
from data_sources.bounds import within_bounds
from data_sources.cloud_monitoring.columns import assemble
from data_sources.cloud_monitoring.distributions import Range
from data_sources.cloud_monitoring.metrics import Metrics
from data_sources.cloud_monitoring.nesting import remarks_on
from data_sources.cloud_monitoring.parse import Call, Reading, UnreadablePoints
from data_sources.cloud_monitoring.query import Plan, QueryInputs, Refusal, filters_of, plan
from data_sources.cloud_monitoring.sharing import Shared, shared
from data_sources.cloud_monitoring.splitting import Splitter
from data_sources.cloud_monitoring.unreadable import FAULTS, answers_read
from data_sources.errors import (
    AccessDenied,
    BadAnswer,
    NotFound,
    QueryRefused,
    RateLimited,
    SourceError,
    TimedOut,
    Unreachable,
)
from data_sources.pool import Pool
from data_sources.splits import SplitCounts

if TYPE_CHECKING:
    from data_sources.cloud_monitoring.client import Connection

# Older points are requested separately: Google may refuse them, or hold them at ten minutes, after six weeks.
RECENT_SECONDS = 41 * 86_400
_ENDS_A_FETCH = (Unreachable, RateLimited)
_TIMEOUTS_IN_A_ROW = 4
# Numbers of one call at once: what is more than that is not one series by any grouping.
MOST_PLACES = 10_000_000


@dataclass(frozen=True, slots=True)
class FetchContext:
    """What fetching needs of a source."""

    source: str
    connect: Callable[[], Connection]
    metrics: Metrics
    clock: Callable[[], float]
    max_parallel: int
    reading: Callable[[Call, frozenset[Range]], Reading] = Reading

    def refused(self, refusal: Refusal) -> QueryRefused:
        """A refusal of a plan as this source's error."""
        return QueryRefused(self.source, str(refusal.facts.get("detail", "")), refusal.facts)

    def read(self, call: Call, ranges: frozenset[Range] = frozenset()) -> Reading:
        """All pages of a call. What is older than six weeks may be missing. Raises SourceError."""
        with answers_read(self.source):
            return self._read(call, ranges)

    def _read(self, call: Call, ranges: frozenset[Range]) -> Reading:
        interval = call.interval
        horizon = int(self.clock() - RECENT_SECONDS) // interval.step_seconds * interval.step_seconds
        if not len(interval) or not interval.start < horizon < interval.end:
            return self._patiently(call, ranges)
        reading = self.reading(call, ranges)
        reading.absorb(self._patiently(_over(call, horizon, interval.end), ranges))
        try:
            reading.absorb(self._patiently(_over(call, interval.start, horizon), ranges))
        except (QueryRefused, NotFound):
            reading.forgotten_until = horizon
        return reading

    def _patiently(self, call: Call, ranges: frozenset[Range]) -> Reading:
        """Asks for each half by itself, once, where the whole takes too long."""
        try:
            return self._pages(call, ranges)
        except TimedOut:
            if len(call.interval) < 2:
                raise
        step = call.interval.step_seconds
        middle = call.interval.start + len(call.interval) // 2 * step
        reading = self.reading(call, ranges)
        for start, end in ((call.interval.start, middle), (middle, call.interval.end)):
            reading.absorb(self._pages(_over(call, start, end), ranges))
        return reading

    def _pages(self, call: Call, ranges: frozenset[Range]) -> Reading:
        reading = self.reading(call, ranges)
        if not len(call.interval):
            return reading
        try:
            for page in self.connect().pages(call):
                reading.add_page(page)
                if reading.places > MOST_PLACES:
                    raise BadAnswer(self.source, "", {"reason": "message_too_large", "filter": call.filter})
        except UnreadablePoints as error:
            raise BadAnswer(self.source, str(error), {"reason": "unreadable_points", "filter": call.filter}) from error
        return reading


@dataclass(slots=True, eq=False)
class _Pending:
    """A request with the calls that it still waits for."""

    request: Request
    plan: Plan
    missing: set[Call]
    error: SourceError | None = None


@dataclass(slots=True)
class Fetch:
    """One round of requests. After a failure that every call would meet, the rest is not sent."""

    context: FetchContext
    _readings: dict[Call, Reading] = field(default_factory=dict)
    _users: dict[Call, list[_Pending]] = field(default_factory=dict)

    def answers(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """One answer for each request, as they come."""
        with Pool(self.context.source, self.context.max_parallel, _ends_fetch) as pool:
            failed = self._describe(pool, requests)
            waiting: list[_Pending] = []
            whole = [request for request in requests if not isinstance(request.query, SplitCounts)]
            for request in whole:
                planned = self._plan(request, failed)
                if isinstance(planned, SourceError):
                    yield Answer(request, error=planned.detached())
                else:
                    waiting.append(_Pending(request, planned, set(planned.calls)))
            yield from self._collect(pool, waiting)
            split = [request for request in requests if isinstance(request.query, SplitCounts)]
            yield from pool.results(partial(self._split, pool, failed), split)

    def _split(self, pool: Pool, failed: Mapping[str, SourceError], request: Request) -> Answer:
        def planned(whole: Request) -> Plan:
            found = self._plan(whole, failed)
            if isinstance(found, SourceError):
                raise found.detached()
            return found

        def read(call: Call, ranges: frozenset[Range]) -> Reading:
            return pool.call(self.context.read, call, ranges)

        try:
            with answers_read(self.context.source):
                return Splitter(self.context.source, planned, read).answer(request, cast(SplitCounts, request.query))
        except SourceError as error:
            return Answer(request, error=error.detached())

    def _describe(self, pool: Pool, requests: Sequence[Request]) -> Mapping[str, SourceError]:
        """Fetches the descriptors of the requested metrics; returns the errors by metric type ("" is all of them)."""
        try:
            describe = self.context.connect().metric_descriptor
        except SourceError as error:
            return {"": error}

        def learn(name: str) -> tuple[str, SourceError | None]:
            try:
                pool.call(self.context.metrics.ask, name, describe)
            except SourceError as error:
                return name, error
            return name, None

        types = dict.fromkeys(name for request in requests for name in _metric_types(request) if name)
        return {name: error for name, error in pool.results(learn, types) if error}

    def _plan(self, request: Request, failed: Mapping[str, SourceError]) -> Plan | SourceError:
        if "" in failed:
            return failed[""]
        error = next((failed[name] for name in _metric_types(request) if name in failed), None)
        if error:
            return error
        known = partial(self.context.metrics.remembered, query=request.query)
        try:
            return plan(QueryInputs(request.query, request.interval, known))
        except Refusal as refusal:
            return self.context.refused(refusal)
        except FAULTS as error:  # a descriptor that cannot be
            return BadAnswer(self.context.source, type(error).__name__, {"reason": "unreadable"})

    def _collect(self, pool: Pool, waiting: Sequence[_Pending]) -> Iterator[Answer]:
        ranges: dict[Call, set[Range]] = {}
        for one in waiting:
            for call in one.plan.calls:
                ranges.setdefault(call, set()).update([one.plan.within] if one.plan.within else [])
                self._users.setdefault(call, []).append(one)
        for outcomes in pool.results(partial(self._read, pool, ranges), shared(list(ranges))):
            for call, outcome in outcomes.items():
                yield from self._settle(call, outcome)

    def _read(self, pool: Pool, ranges: Mapping[Call, set[Range]], one: Shared) -> dict[Call, Reading | SourceError]:
        """The outcome of each member of a shared call; if Google refuses the call, each is sent alone."""
        wanted = frozenset[Range]().union(*(ranges[member] for member in one.members))
        try:
            return {**one.part(pool.call(self.context.read, one.call, wanted))}
        except (QueryRefused, NotFound) as error:
            if len(one.members) == 1:
                return dict.fromkeys(one.members, error)
        except SourceError as error:
            return dict.fromkeys(one.members, error)
        alone: dict[Call, Reading | SourceError] = {}
        for member in one.members:
            alone.update(self._read(pool, ranges, Shared(member, {member: ""})))
        return alone

    def _settle(self, call: Call, outcome: Reading | SourceError) -> Iterator[Answer]:
        """Answers the requests for which this was the last call that they waited for."""
        error = outcome if isinstance(outcome, SourceError) else None
        if not isinstance(outcome, SourceError):
            self._readings[call] = outcome
        for one in self._users[call]:
            one.missing.discard(call)
            one.error = one.error or error
            if not one.missing:
                yield self._answer(one)
                self._release(one.plan.calls)

    def _release(self, calls: Sequence[Call]) -> None:
        """Forgets what no request waits for any more: a cold start reads millions of points."""
        for call in calls:
            if not any(one.missing for one in self._users[call]):
                self._readings.pop(call, None)

    def _answer(self, one: _Pending) -> Answer:
        if one.error:
            return Answer(one.request, error=one.error.detached())
        try:
            with answers_read(self.context.source):
                return self._assembled(one)
        except SourceError as error:
            return Answer(one.request, error=error.detached())

    def _assembled(self, one: _Pending) -> Answer:
        made = assemble(one.plan, self._readings)
        readings = [self._readings[call] for call in one.plan.calls]
        partial_words = [words for reading in readings for words in reading.partial]
        columns, odd = within_bounds(made.columns)
        notices = [*made.notices, *odd, *remarks_on(one.request.query), *notices_of(readings)]
        series = Series(one.request.interval, columns)
        return Answer(one.request, series, notices=tuple(notices), complete=not partial_words)


def notices_of(readings: Sequence[Reading]) -> Iterator[Notice]:
    """What Google said of answers besides their points: that some are partial, or reach back too far."""
    if partial_words := [words for reading in readings for words in reading.partial]:
        yield Notice("partial_answer", {"detail": partial_words[0][:300], "count": len(partial_words)})
    forgotten = [reading.forgotten_until for reading in readings if reading.forgotten_until]
    if forgotten:
        yield Notice("beyond_retention", {"until": max(forgotten)})


def _metric_types(request: Request) -> tuple[str, ...]:
    query = request.query.of if isinstance(request.query, SplitCounts) else request.query
    try:
        return tuple(found.metric for found in filters_of(query).values())
    except Refusal:
        return ()


def _ends_fetch(error: SourceError, timeouts: int) -> bool:
    """Whether every other call would fail as well."""
    return isinstance(error, _ENDS_A_FETCH) or _is_about_credentials(error) or timeouts >= _TIMEOUTS_IN_A_ROW


def _is_about_credentials(error: SourceError) -> bool:
    return isinstance(error, AccessDenied) and error.facts.get("reason") != "permission_denied"


def _over(call: Call, start: int, end: int) -> Call:
    interval = Interval(start, end, call.interval.step_seconds)
    return Call(call.filter, interval, call.aligner, call.reducer, call.group_by)
