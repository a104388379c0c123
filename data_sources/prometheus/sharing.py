"""Which requests share one query: many short ones on one grid do, every long one is sent alone."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from data_sources.base import Interval, Request
from data_sources.prometheus.counters import Counters
from data_sources.prometheus.query import labelled
from data_sources.queries import Gauge, Query, TextSignal

# Measured: a union of 50 short queries costs a tenth of 50 queries; long ones cost more together.
MOST_BUCKETS = 12
MOST_QUERIES = 50
# VictoriaMetrics takes 16 KiB by default (-search.maxQueryLen); an address at GET is shorter still.
LONGEST_POST, LONGEST_GET = 12_000, 3_000
LABEL = "__tomoni__"  # the label that distinguishes the members of a union
_LABEL_LENGTH = 50  # characters that a member takes in a union besides its own


class Quarantine:
    """Queries that made a union fail: they are sent alone from then on. Safe to use from several threads."""

    def __init__(self) -> None:
        self._queries: frozenset[Query] = frozenset()
        self._adding = threading.Lock()

    def __contains__(self, query: Query) -> bool:
        """Whether a query is to be sent alone."""
        return query in self._queries

    def add(self, queries: Iterable[Query]) -> None:
        """Adds queries."""
        with self._adding:
            self._queries = self._queries.union(queries)


@dataclass(frozen=True, slots=True)
class Member:
    """A request that may share a query, with what is queried for each role."""

    request: Request
    parts: Mapping[str, Counters | str]

    @property
    def texts(self) -> list[str]:
        """The PromQL of each role, then for each role of counters that of the series that appear."""
        return [*map(str, self.parts.values()), *(part.appeared_on_targets for part in self.counters.values())]

    @property
    def counters(self) -> Mapping[str, Counters]:
        """The roles whose events are those of counters."""
        return {role: part for role, part in self.parts.items() if isinstance(part, Counters)}

    @property
    def length(self) -> int:
        """How many characters it adds to a union."""
        return sum(len(text) + _LABEL_LENGTH for text in self.texts)


def batches(requests: Iterable[Request]) -> Iterator[tuple[Request, ...]]:
    """The requests in groups that may share a query; a group of one is sent alone."""
    short: list[Request] = []
    for request in requests:
        if 0 < len(request.interval) <= MOST_BUCKETS:
            short.append(request)
        else:
            yield (request,)
    yield from _grouped(sorted(short, key=lambda r: (r.interval.step_seconds, r.interval.start, r.interval.end)))


def _grouped(ordered: Iterable[Request]) -> Iterator[tuple[Request, ...]]:
    group: list[Request] = []
    for request in ordered:
        if group and not _fits(group, request):
            yield tuple(group)
            group = []
        group.append(request)
    if group:
        yield tuple(group)


def _fits(group: Sequence[Request], request: Request) -> bool:
    if request.interval.step_seconds != group[0].interval.step_seconds:
        return False
    queries = sum(query_count(member.query) for member in group) + query_count(request.query)
    return queries <= MOST_QUERIES and len(cover([*group, request])) <= MOST_BUCKETS


def query_count(query: Query) -> int:
    """How many PromQL texts a query has: one, or two and two for the series that appear."""
    return 1 if isinstance(query, Gauge | TextSignal) else 4


def unions(members: Iterable[Member], longest: int) -> Iterator[list[Member]]:
    """The members in groups whose union has at most so many characters (or that are of one member)."""
    group: list[Member] = []
    for member in members:
        if group and sum(each.length for each in (*group, member)) > longest:
            yield group
            group = []
        group.append(member)
    if group:
        yield group


def union_text(texts: Sequence[str]) -> str:
    """One query for many: each member's series carry its number as a label."""
    return " or ".join(labelled(text, LABEL, str(number)) for number, text in enumerate(texts))


def cover(requests: Sequence[Request]) -> Interval:
    """The shortest interval that holds those of all requests, which share a step."""
    intervals = [request.interval for request in requests]
    start = min(map(attrgetter("start"), intervals))
    return Interval(start, max(map(attrgetter("end"), intervals)), intervals[0].step_seconds)
