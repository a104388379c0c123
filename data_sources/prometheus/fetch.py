"""One fetch from a Prometheus server: queries sent alone or together, and errors kept apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from data_sources.base import Answer, Interval, Request, Series
from data_sources.bounds import within_bounds
from data_sources.errors import BadAnswer, NotFound, QueryRefused, SourceError
from data_sources.pool import Pool
from data_sources.prometheus.births import Births
from data_sources.prometheus.client import Client
from data_sources.prometheus.columns import columns_of
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.counters import Counters
from data_sources.prometheus.dialects import Dialect
from data_sources.prometheus.edges import Edges
from data_sources.prometheus.engine import Engine
from data_sources.prometheus.histograms import Shape
from data_sources.prometheus.limits import UnionSize, is_limit
from data_sources.prometheus.parse import NATIVE_HISTOGRAM
from data_sources.prometheus.query import Server, parts_of
from data_sources.prometheus.ranges import RangeResult, Ranges, distinct
from data_sources.prometheus.selectors import Selector
from data_sources.prometheus.sharing import LONGEST_GET, LONGEST_POST, Member, Quarantine, batches, cover, unions
from data_sources.prometheus.splitting import Splitter
from data_sources.queries import Query, Ratio, RecordedRatio
from data_sources.splits import SplitCounts


@dataclass(frozen=True, slots=True)
class FetchContext:
    """What all fetches of one source share."""

    source: str
    client: Client
    ranges: Ranges
    edges: Edges
    engine: Engine
    clock: Callable[[], float]
    alive: Callable[[], bool]
    max_parallel: int
    quarantine: Quarantine = field(default_factory=Quarantine)
    union_size: UnionSize = field(default_factory=UnionSize)

    @property
    def births(self) -> Births:
        """What adds the first events of new series."""
        return Births(self.ranges)

    @property
    def splitter(self) -> Splitter:
        """What answers requests for SLIs that are split by labels."""
        return Splitter(self.source, self.ranges, self.parts, self.closed)

    def closed(self, interval: Interval) -> Interval:
        """The interval without the buckets that have not ended yet: their counts would be partial."""
        step = interval.step_seconds
        now = int(self.clock()) // step * step
        return Interval(interval.start, max(interval.start, min(interval.end, now)), step)

    def parts(self, request: Request) -> Mapping[str, Counters | str]:
        """What is queried for each role; asks the server for its dialect, and for the forms of a
        histogram. Raises `SourceError`."""

        dialect = self.engine.dialect() if isinstance(request.query, Ratio | Histogram | RecordedRatio) else None

        def shape(selector: Selector, under: float) -> Shape:
            return self.edges.shape(selector, under, request.interval, dialect is Dialect.PROMQL)

        server = Server(shape, dialect or self.engine.known, self.source)
        return parts_of(request.query, request.interval.step_seconds, server)

    def results(self, request: Request) -> Mapping[str, RangeResult]:
        """The result of each role, each queried alone. Raises `SourceError`."""
        interval, parts = self.closed(request.interval), self.parts(request)
        return self.births.added(parts, {role: self.ranges.query(str(part), interval) for role, part in parts.items()})

    def is_down(self, error: SourceError, _timeouts: int) -> bool:
        """Whether an error means that the server as a whole is down: it does not even return a constant."""
        return not isinstance(error, QueryRefused | NotFound) and not self.alive()


class Fetch:
    """One round of requests. When the server is down, the requests that are left share the error."""

    def __init__(self, context: FetchContext) -> None:
        self._context = context

    def answers(self, requests: Iterable[Request]) -> Iterator[Answer]:
        """One answer for each request, as they come."""
        context = self._context
        with Pool(context.source, context.max_parallel, context.is_down) as pool:
            for answers in pool.results(_Batches(context, pool).answers, batches(requests)):
                yield from answers


class _Batches:
    """Answers batches of requests; runs in the threads of a pool."""

    def __init__(self, context: FetchContext, pool: Pool) -> None:
        self._context, self._pool = context, pool

    def answers(self, batch: Sequence[Request]) -> list[Answer]:
        """One answer for each request of a batch."""
        alone = [request for request in batch if len(batch) == 1 or self._is_alone(request.query)]
        answers = [self._alone(request) for request in alone]
        members = []
        for request in batch:
            if request not in alone:
                try:
                    members.append(Member(request, self._pool.call(self._context.parts, request)))
                except SourceError as error:
                    answers.append(Answer(request, error=error.detached()))
        longest = LONGEST_POST if self._context.client.uses_post else LONGEST_GET
        return answers + [answer for group in unions(members, longest) for answer in self._in_groups(group)]

    def _is_alone(self, query: Query) -> bool:
        return isinstance(query, SplitCounts) or query in self._context.quarantine

    def _in_groups(self, group: Sequence[Member]) -> list[Answer]:
        """Sends a union, in smaller ones where the server refused as large a one before."""
        answers: list[Answer] = []
        while len(answers) < len(group):
            most = self._context.union_size.most  # may shrink meanwhile
            answers += self._together(group[len(answers) : len(answers) + most])
        return answers

    def _alone(self, request: Request) -> Answer:
        try:
            if isinstance(request.query, SplitCounts):
                return self._pool.call(self._context.splitter.answer, request, request.query)
            return self._answer(request, self._pool.call(self._context.results, request))
        except SourceError as error:
            if error.facts.get("reason") == NATIVE_HISTOGRAM:  # label_replace of Prometheus 2 makes a 0 of one
                self._context.quarantine.add([request.query])
            return Answer(request, error=error.detached())

    def _together(self, group: Sequence[Member]) -> list[Answer]:
        """Sends one union; smaller ones when it is too much for the server, the queries one by one when it
        fails otherwise."""
        if len(group) == 1:
            return [self._alone(member.request) for member in group]
        texts = [text for member in group for text in member.texts]
        interval = self._context.closed(cover([member.request for member in group]))
        try:
            results = iter(self._pool.call(self._context.ranges.union, texts, interval))
        except SourceError as error:
            if not is_limit(error) or self._pool.stopped:
                return self._one_by_one(group, error)
            self._context.union_size.refused(len(group))
            return self._in_groups(group)
        return [self._shared(member, list(islice(results, len(member.texts)))) for member in group]

    def _one_by_one(self, group: Sequence[Member], error: SourceError) -> list[Answer]:
        """Quarantines the queries that are refused alone too, or all of them where none is."""
        answers = [self._alone(member.request) for member in group]
        if isinstance(error, QueryRefused | BadAnswer) and not self._pool.stopped:
            refused = [answer for answer in answers if isinstance(answer.error, QueryRefused)]
            self._context.quarantine.add(answer.request.query for answer in refused or answers)
        return answers

    def _shared(self, member: Member, results: Sequence[RangeResult]) -> Answer:
        plain = dict(zip(member.parts, results, strict=False))
        appeared = dict(zip(member.counters, results[len(plain) :], strict=True))
        try:
            complete = self._pool.call(self._context.births.added, member.parts, plain, appeared)
            return self._answer(member.request, complete)
        except SourceError as error:
            return Answer(member.request, error=error.detached())

    def _answer(self, request: Request, results: Mapping[str, RangeResult]) -> Answer:
        single, interval = self._context.ranges.single, request.interval
        tracks = {role: single(each, role).realigned(each.interval, interval) for role, each in results.items()}
        found, notices = columns_of(request.query, tracks, interval)
        columns, odd = within_bounds(found)
        everything = distinct([*(notice for each in results.values() for notice in each.notices), *notices, *odd])
        complete = all(each.complete for each in results.values())
        return Answer(request, Series(interval, columns), notices=everything, complete=complete)
