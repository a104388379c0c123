"""Range queries over any interval: split below the server's limit, alone or many in one union."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from data_sources.base import Interval, Notice
from data_sources.errors import BadAnswer, Facts, QueryRefused, SourceError, TimedOut
from data_sources.prometheus.client import PrometheusHttp, Reply
from data_sources.prometheus.parse import Labels, Track, WrongShape, joined, overlaid, read_matrix
from data_sources.prometheus.query import labelled

# The server allows 11 000 points a series (web/api/v1/api.go); 10 080 are a week of minutes.
LARGEST_PIECE = 10_080
SMALLEST_PIECE = 288
LABEL = "__tomoni__"
_ANNOTATION = ("PromQL warning", "PromQL info")
# Prometheus (promql/engine.go, web/api/v1/api.go), Mimir (err-mimir-…), VictoriaMetrics, in this order.
_LIMITS = re.compile(
    r"too many samples|maximum resolution|time range exceeds|max-(chunks|series|total)|too many points"
)
_QUOTED = re.compile(r'"([^"]+)"')


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The series of one text over an interval, and what the server said about it."""

    interval: Interval
    tracks: Mapping[Labels, Track] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    complete: bool = True


class Ranges:
    """Asks one server for range queries. Raises `SourceError`."""

    def __init__(self, source_id: str, http: PrometheusHttp, alive: Callable[[], bool]) -> None:
        self._source, self._http, self._alive = source_id, http, alive

    def ask(self, text: str, interval: Interval) -> Found:
        """The series of a text, one bucket a sample."""
        if not len(interval):
            return Found(interval)
        return _chained([self._piece(text, piece) for piece in pieces(interval)], interval)

    def _piece(self, text: str, piece: Interval) -> Found:
        """One question; in smaller pieces when the server could not do it in one."""
        try:
            return self._question(text, piece)
        except (TimedOut, QueryRefused) as error:
            if len(piece) <= SMALLEST_PIECE or not self._too_much(error):
                raise
        return _chained([self._piece(text, part) for part in parts(piece)], piece)

    def _too_much(self, error: SourceError) -> bool:
        """Whether less would do: out of time while the server lives, or over one of its limits."""
        return self._alive() if isinstance(error, TimedOut) else _LIMITS.search(error.detail) is not None

    def _question(self, text: str, piece: Interval) -> Found:
        reply = self._reply(text, piece)
        return Found(piece, dict(self._matrix(reply, piece)), *_said(reply))

    def union(self, texts: Sequence[str], interval: Interval) -> list[Found]:
        """The series of many texts over a short interval, asked for in one question."""
        reply = self._reply(" or ".join(labelled(text, LABEL, str(i)) for i, text in enumerate(texts)), interval)
        members: list[dict[Labels, Track]] = [{} for _ in texts]
        for labels, track in self._matrix(reply, interval):
            name = dict(labels).get(LABEL, "")
            if not (name.isdecimal() and int(name) < len(texts)):
                raise self._bad("a series without the label that tells whose it is")
            members[int(name)][tuple(pair for pair in labels if pair[0] != LABEL)] = track
        return [Found(interval, member, *_said(reply, text)) for member, text in zip(members, texts, strict=True)]

    def only(self, found: Found, role: str) -> Track:
        """The one track of what was found; raises QueryRefused where several series share a bucket."""
        track = overlaid(found.tracks.values(), len(found.interval))
        if track is None:
            told: Facts = {"reason": "several_series", "role": role, "count": len(found.tracks)}
            raise QueryRefused(self._source, "", {**told, "labels": _differing(found)})
        return track

    def _reply(self, text: str, piece: Interval) -> Reply:
        step = piece.step_seconds
        params = {"query": text, "start": str(piece.start + step), "end": str(piece.end), "step": str(step)}
        return self._http.query("/api/v1/query_range", params)

    def _matrix(self, reply: Reply, piece: Interval) -> list[tuple[Labels, Track]]:
        try:
            return read_matrix(reply.data, piece)
        except WrongShape as error:
            raise self._bad(str(error)) from None
        except ValueError:
            raise self._bad("a value that is no number") from None

    def _bad(self, detail: str) -> BadAnswer:
        return BadAnswer(self._source, detail, {"reason": "wrong_shape"})


def pieces(interval: Interval, longest: int = LARGEST_PIECE) -> Iterator[Interval]:
    """The interval in pieces of at most so many buckets."""
    length = longest * interval.step_seconds
    for start in range(interval.start, interval.end, length):
        yield Interval(start, min(start + length, interval.end), interval.step_seconds)


def parts(piece: Interval) -> Iterator[Interval]:
    """A piece in eighths, which are not too small: each attempt may cost a whole time-out."""
    return pieces(piece, max(SMALLEST_PIECE, -(-len(piece) // 8)))


def _chained(found: Sequence[Found], interval: Interval) -> Found:
    """What was found piece by piece, as if it had been asked for in one question."""
    if len(found) == 1:
        return found[0]
    names = dict.fromkeys(labels for each in found for labels in each.tracks)
    tracks = {
        name: joined(each.tracks.get(name) or Track.nothing(len(each.interval)) for each in found) for name in names
    }
    notices = distinct(notice for each in found for notice in each.notices)
    return Found(interval, tracks, notices, all(each.complete for each in found))


def distinct(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Notices without repetitions, in their order."""
    return tuple({(notice.code, *sorted(notice.facts.items())): notice for notice in notices}.values())


def _said(reply: Reply, text: str = "") -> tuple[tuple[Notice, ...], bool]:
    """The server's words about one text, and whether the answer is complete.

    A warning says that the answer is partial, unless it is an annotation about the query itself
    ("PromQL warning: …"). Annotations quote names: those about other members of a union are left out.
    """
    warnings = [words for words in reply.warnings if not (text and _about_others(words, text))]
    infos = [words for words in reply.infos if not (text and _about_others(words, text))]
    notices = [Notice("server_warning", {"text": words}) for words in warnings]
    notices += [Notice("server_info", {"text": words}) for words in infos]
    return tuple(notices), all(words.startswith(_ANNOTATION) for words in warnings)


def _about_others(words: str, text: str) -> bool:
    quoted = _QUOTED.findall(words)
    return words.startswith(_ANNOTATION) and not any(name in text for name in quoted)


def _differing(found: Found) -> str:
    """The names of the labels by which series differ, such as ``instance, pod``."""
    sets = [set(labels) for labels in found.tracks]
    shared = set.intersection(*sets)
    return ", ".join(sorted({name for labels in sets for name, _ in labels - shared}))
