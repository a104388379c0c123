"""One fetch from a Prometheus server: who is asked alone, who together, and when to stop asking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from data_sources.base import Answer, Interval, Request, Series
from data_sources.errors import BadAnswer, NotFound, QueryRefused, SourceError
from data_sources.pool import Pool
from data_sources.prometheus.batches import LONGEST_GET, LONGEST_POST, cover
from data_sources.prometheus.client import PrometheusHttp
from data_sources.prometheus.edges import Edges
from data_sources.prometheus.parse import columns_of, moved
from data_sources.prometheus.query import Selector, render
from data_sources.prometheus.ranges import Found, Ranges, distinct
from data_sources.queries import Query

_ROOM_FOR_LABEL = 50  # characters that a member takes in a union besides its own


@dataclass(frozen=True, slots=True)
class Server:
    """What the rounds of one source share. ``spoilers`` are queries that unions failed with."""

    id: str
    http: PrometheusHttp
    ranges: Ranges
    edges: Edges
    clock: Callable[[], float]
    alive: Callable[[], bool]
    spoilers: set[Query] = field(default_factory=set)

    def closed(self, interval: Interval) -> Interval:
        """The interval without the buckets that have not ended yet: their counts would be partial."""
        step = interval.step_seconds
        now = int(self.clock()) // step * step
        return Interval(interval.start, max(interval.start, min(interval.end, now)), step)

    def texts(self, request: Request) -> Mapping[str, str]:
        """The PromQL of each role; asks for the edges of a histogram. Raises `SourceError`."""

        def spellings(selector: Selector, under: float) -> Sequence[str]:
            return self.edges.spellings(selector, under, request.interval)

        return render(request.query, request.interval.step_seconds, spellings, self.id)

    def is_down(self, error: SourceError, _timeouts: int) -> bool:
        """Whether an error means that the server as a whole is down: not even a constant comes back."""
        return not isinstance(error, QueryRefused | NotFound) and not self.alive()


@dataclass(frozen=True, slots=True)
class _Member:
    request: Request
    texts: Mapping[str, str]

    @property
    def length(self) -> int:
        return sum(len(text) + _ROOM_FOR_LABEL for text in self.texts.values())


class Round:
    """Answers batches of requests, from several threads.

    When the server is down, the requests that are left share the error (see `Server.is_down`).
    """

    def __init__(self, server: Server, pool: Pool) -> None:
        self._server, self._pool = server, pool

    def answers(self, batch: Sequence[Request]) -> list[Answer]:
        """One answer for each request of a batch."""
        alone = [request for request in batch if len(batch) == 1 or request.query in self._server.spoilers]
        answers = [self._alone(request) for request in alone]
        members = []
        for request in batch:
            if request not in alone:
                try:
                    members.append(_Member(request, self._pool.call(self._server.texts, request)))
                except SourceError as error:
                    answers.append(_failed(request, error))
        return answers + [answer for group in self._groups(members) for answer in self._together(group)]

    def _alone(self, request: Request) -> Answer:
        try:
            return self._answer(request, self._pool.call(self._found, request))
        except SourceError as error:
            return _failed(request, error)

    def _found(self, request: Request) -> Mapping[str, Found]:
        asked = self._server.closed(request.interval)
        return {role: self._server.ranges.ask(text, asked) for role, text in self._server.texts(request).items()}

    def _groups(self, members: Sequence[_Member]) -> Iterator[list[_Member]]:
        """The members in groups whose union is no longer than the server takes."""
        longest = LONGEST_POST if self._server.http.uses_post else LONGEST_GET
        group: list[_Member] = []
        for member in members:
            if group and sum(each.length for each in (*group, member)) > longest:
                yield group
                group = []
            group.append(member)
        if group:
            yield group

    def _together(self, group: Sequence[_Member]) -> list[Answer]:
        """Asks in one question; one by one when that fails."""
        if len(group) == 1:
            return [self._alone(member.request) for member in group]
        texts = [text for member in group for text in member.texts.values()]
        asked = self._server.closed(cover([member.request for member in group]))
        try:
            found = iter(self._pool.call(self._server.ranges.union, texts, asked))
        except SourceError as error:
            return self._one_by_one(group, error)
        return [self._shared(member, {role: next(found) for role in member.texts}) for member in group]

    def _one_by_one(self, group: Sequence[_Member], error: SourceError) -> list[Answer]:
        """What spoilt the union is remembered, or all of it where nobody alone is refused."""
        answers = [self._alone(member.request) for member in group]
        if isinstance(error, QueryRefused | BadAnswer) and not self._pool.stopped:
            refused = [answer for answer in answers if isinstance(answer.error, QueryRefused)]
            self._server.spoilers.update(answer.request.query for answer in refused or answers)
        return answers

    def _shared(self, member: _Member, found: Mapping[str, Found]) -> Answer:
        try:
            return self._answer(member.request, found)
        except SourceError as error:
            return _failed(member.request, error)

    def _answer(self, request: Request, found: Mapping[str, Found]) -> Answer:
        only = self._server.ranges.only
        tracks = {role: moved(only(each, role), each.interval, request.interval) for role, each in found.items()}
        columns, notices = columns_of(request.query, tracks)
        said = distinct([*(notice for each in found.values() for notice in each.notices), *notices])
        complete = all(each.complete for each in found.values())
        return Answer(request, Series(request.interval, columns), notices=said, complete=complete)


def _failed(request: Request, error: SourceError) -> Answer:
    """The error as a value: without the frames that it came through, and all that they hold."""
    error.__context__ = None
    return Answer(request, error=error.with_traceback(None))
