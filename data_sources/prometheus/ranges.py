"""Range queries over any interval: split below the server's limits, one query alone or many in one union."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from data_sources.base import Interval, Notice
from data_sources.errors import Facts, QueryRefused, SourceError, TimedOut
from data_sources.prometheus.client import Client
from data_sources.prometheus.limits import Learned, may_be_size, named, smallest_piece
from data_sources.prometheus.parse import Labels, Reply, Track, concatenated, merged, read_matrix, remarks
from data_sources.prometheus.sharing import LABEL, union_text

# A query that was out of time is asked again for an eighth: each attempt may cost a whole time-out.
_SMALLER, _MUCH_SMALLER = 2, 8
_SEVERAL = 2


@dataclass(frozen=True, slots=True, eq=False)
class RangeResult:
    """The series of one query over an interval, with the notices of the server about it."""

    interval: Interval
    tracks: Mapping[Labels, Track] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    complete: bool = True


class Ranges:
    """Sends range queries to one server. Raises `SourceError`."""

    def __init__(self, source_id: str, client: Client, alive: Callable[[], bool]) -> None:
        self._source, self._client, self._alive = source_id, client, alive
        self._learned = Learned()

    def query(self, text: str, interval: Interval) -> RangeResult:
        """The series of a query, one sample a bucket."""
        if not len(interval):
            return RangeResult(interval)
        return _chained(list(self._backwards(text, interval))[::-1], interval)

    def lines(self, text: str, interval: Interval) -> RangeResult:
        """As `query`, of a query that has several series."""
        if not len(interval):
            return RangeResult(interval)
        return _joined(list(self._backwards(text, interval, several=True))[::-1], interval)

    def _backwards(self, text: str, interval: Interval, several: bool = False) -> Iterator[RangeResult]:
        """The results of consecutive pieces, the newest first: that is where data is.

        What is refused is tried on the smallest piece at once, so that a query that would never succeed costs
        two requests; then on half of what was refused, until a size has passed.
        """
        step, end, walk = interval.step_seconds, interval.end, _Walk(self._learned.longest(text, interval.step_seconds))
        while end > interval.start:
            piece = Interval(max(interval.start, end - walk.size * step), end, step)
            try:
                found = self._piece(text, piece)
                found = found if several else _compact(found)
            except SourceError as error:
                if len(piece) <= smallest_piece(step) or not self._too_much(error):
                    raise
                self._learned.refused(text, step, len(piece))
                walk.refuse(
                    len(piece), smallest_piece(step), _MUCH_SMALLER if isinstance(error, TimedOut) else _SMALLER
                )
            else:
                self._learned.passed(text, step, len(piece), walk.refused)
                walk.passes(len(piece))
                end = piece.start
                yield found

    def _piece(self, text: str, piece: Interval) -> RangeResult:
        reply = self._reply(text, piece)
        return RangeResult(piece, dict(read_matrix(reply, piece)), *remarks(reply))

    def _too_much(self, error: SourceError) -> bool:
        """Whether less might do: refused by a server that lives, out of time, or over one of its limits."""
        return may_be_size(error) and (isinstance(error, QueryRefused) or self._alive())

    def union(self, texts: Sequence[str], interval: Interval) -> list[RangeResult]:
        """The series of many queries over a short interval, sent as one."""
        reply = self._reply(union_text(texts), interval)
        members: list[dict[Labels, Track]] = [{} for _ in texts]
        for labels, track in read_matrix(reply, interval):
            number = dict(labels).get(LABEL, "")
            if not (number.isdecimal() and int(number) < len(texts)):
                raise reply.malformed("a series without the label that tells whose it is")
            members[int(number)][tuple(pair for pair in labels if pair[0] != LABEL)] = track
        return [
            RangeResult(interval, member, *remarks(reply, text)) for member, text in zip(members, texts, strict=True)
        ]

    def together(self, texts: Sequence[str], interval: Interval) -> list[RangeResult]:
        """The series of a few queries over any interval: sent as one, or each in pieces where that is too much."""
        try:
            return self.union(texts, interval)
        except SourceError as error:
            if not self._too_much(error):
                raise
        return [self.query(text, interval) for text in texts]

    def single(self, result: RangeResult, role: str) -> Track:
        """The one track of a result. Raises `QueryRefused` where several series share a bucket."""
        track = merged(result.tracks.values(), len(result.interval))
        if track is None:
            facts: Facts = {"reason": "several_series", "role": role, "count": len(result.tracks)}
            raise QueryRefused(self._source, "", {**facts, "labels": _differing_labels(result)})
        return track

    def _reply(self, text: str, piece: Interval) -> Reply:
        step = piece.step_seconds
        params = {"query": text, "start": str(piece.start + step), "end": str(piece.end), "step": str(step)}
        try:
            return self._client.query("/api/v1/query_range", params)
        except SourceError as error:
            raise named(error) from None


class _Walk:
    """The size of the next piece of a query, in buckets, by what was refused and what passed before."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.refused = False
        self._passed = self._next = 0

    def refuse(self, size: int, smallest: int, divisor: int) -> None:
        """So many were refused: the smallest piece is next, or what is known to pass, then a part of it."""
        self.refused = True
        if size <= self._passed:  # there is more in some times than in others
            self._passed = 0
        self._next = size // divisor
        self.size = max(self._passed, self._next) if self._passed else smallest

    def passes(self, size: int) -> None:
        """So many passed."""
        if self.refused:
            self._passed = max(self._passed, size)
            self.size = max(self._passed, self._next)


def _compact(result: RangeResult) -> RangeResult:
    """The result with its series as one where they never share a bucket: each takes a place for every bucket."""
    if len(result.tracks) < _SEVERAL:
        return result
    track = merged(result.tracks.values(), len(result.interval))
    return result if track is None else replace(result, tracks={(): track})


def _chained(results: Sequence[RangeResult], interval: Interval) -> RangeResult:
    """The results of consecutive pieces, as if they had come in one."""
    several = next((each for each in results if len(each.tracks) >= _SEVERAL), None)
    if several is not None or len(results) == 1:  # what is several series in one piece is no answer in the others
        return several or results[0]
    return _joined(results, interval)


def _joined(results: Sequence[RangeResult], interval: Interval) -> RangeResult:
    """The results of consecutive pieces with all of their series."""
    names = dict.fromkeys(labels for each in results for labels in each.tracks)
    tracks = {
        name: concatenated(each.tracks.get(name) or Track.empty(len(each.interval)) for each in results)
        for name in names
    }
    notices = distinct(notice for each in results for notice in each.notices)
    return RangeResult(interval, tracks, notices, all(each.complete for each in results))


def distinct(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Notices without repetitions, in their order."""
    return tuple({(notice.code, *sorted(notice.facts.items())): notice for notice in notices}.values())


def _differing_labels(result: RangeResult) -> str:
    """The names of the labels by which series differ, such as ``instance, pod``."""
    sets = [set(labels) for labels in result.tracks]
    shared = set.intersection(*sets)
    return ", ".join(sorted({name for labels in sets for name, _ in labels - shared}))
