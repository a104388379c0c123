"""Range queries over any interval: split below the server's limits, one query alone or many in one union."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from data_sources.base import Interval, Notice
from data_sources.errors import Facts, QueryRefused, SourceError, TimedOut
from data_sources.prometheus.client import Client
from data_sources.prometheus.parse import Labels, Reply, Track, concatenated, merged, read_matrix, remarks
from data_sources.prometheus.sharing import LABEL, union_text

# The server allows 11 000 points a series (web/api/v1/api.go); 10 080 are a week of minutes.
LARGEST_PIECE = 10_080
SMALLEST_PIECE = 288
# Prometheus (promql/engine.go, web/api/v1/api.go), Mimir (err-mimir-…), VictoriaMetrics, in this order.
_LIMITS = re.compile(
    r"too many samples|maximum resolution|time range exceeds|max-(chunks|series|total)|too many points"
)


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

    def query(self, text: str, interval: Interval) -> RangeResult:
        """The series of a query, one sample a bucket."""
        if not len(interval):
            return RangeResult(interval)
        return _chained([self._piece(text, piece) for piece in pieces(interval)], interval)

    def _piece(self, text: str, piece: Interval) -> RangeResult:
        """One piece; in smaller ones when the server could not do it at once."""
        try:
            reply = self._reply(text, piece)
            return RangeResult(piece, dict(read_matrix(reply, piece)), *remarks(reply))
        except (TimedOut, QueryRefused) as error:
            if len(piece) <= SMALLEST_PIECE or not self._too_much(error):
                raise
        return _chained([self._piece(text, part) for part in parts(piece)], piece)

    def _too_much(self, error: SourceError) -> bool:
        """Whether less would do: out of time while the server lives, or over one of its limits."""
        return self._alive() if isinstance(error, TimedOut) else _LIMITS.search(error.detail) is not None

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
        return self._client.query("/api/v1/query_range", params)


def pieces(interval: Interval, longest: int = LARGEST_PIECE) -> Iterator[Interval]:
    """The interval in pieces of at most so many buckets."""
    length = longest * interval.step_seconds
    for start in range(interval.start, interval.end, length):
        yield Interval(start, min(start + length, interval.end), interval.step_seconds)


def parts(piece: Interval) -> Iterator[Interval]:
    """A piece in eighths that are not too small: each attempt may cost a whole time-out."""
    return pieces(piece, max(SMALLEST_PIECE, -(-len(piece) // 8)))


def _chained(results: Sequence[RangeResult], interval: Interval) -> RangeResult:
    """The results of consecutive pieces, as if they had come in one."""
    if len(results) == 1:
        return results[0]
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
