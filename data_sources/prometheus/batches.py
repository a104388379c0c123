"""Which requests are asked together: many short ones on one grid, every long one alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from data_sources.base import Interval, Request
from data_sources.queries import Gauge, Query, TextSignal

# Measured: 50 short queries in one question cost a tenth of 50 questions; long ones cost more together.
MOST_BUCKETS = 12
MOST_QUERIES = 50
# VictoriaMetrics takes 16 KiB by default (-search.maxQueryLen); an address at GET is shorter still.
LONGEST_POST, LONGEST_GET = 12_000, 3_000


def query_count(query: Query) -> int:
    """How many PromQL texts a query has."""
    return 1 if isinstance(query, Gauge | TextSignal) else 2


def batches(requests: Iterable[Request]) -> Iterator[tuple[Request, ...]]:
    """The requests in groups to be asked together; a group of one is asked alone."""
    short: list[Request] = []
    for request in requests:
        if 0 < len(request.interval) <= MOST_BUCKETS:
            short.append(request)
        else:
            yield (request,)
    yield from _unions(sorted(short, key=lambda r: (r.interval.step_seconds, r.interval.start, r.interval.end)))


def _unions(ordered: Iterable[Request]) -> Iterator[tuple[Request, ...]]:
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


def cover(requests: Sequence[Request]) -> Interval:
    """The shortest interval that holds those of all requests, which share a step."""
    intervals = [request.interval for request in requests]
    start = min(map(attrgetter("start"), intervals))
    return Interval(start, max(map(attrgetter("end"), intervals)), intervals[0].step_seconds)
