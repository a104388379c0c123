"""In which forms a server has a histogram, and how the edges of a classic one are written.

An edge is found by its value: 0.3 may be written ``0.3``, ``0.30`` or ``3e-1``, and one server may
hold several spellings (another client library, or Prometheus 3, which writes ``1`` as ``1.0``).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from data_sources.base import Interval
from data_sources.errors import BadAnswer, Facts, NotFound
from data_sources.prometheus.client import Client
from data_sources.prometheus.histograms import Shape
from data_sources.prometheus.parse import read_vector
from data_sources.prometheus.selectors import Selector, same_edge, usual_spellings

# An app may move to native histograms at any time: what is new in two buckets is not missed for long.
REMEMBERED_SECONDS = 600
_LONGEST_LIST = 40
_MOST_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True)
class _Known:
    edges: tuple[str, ...]
    native: bool
    interval: Interval
    fetched_at: float

    def covers(self, interval: Interval, now: float) -> bool:
        """Whether it holds for an interval, which may have moved on a little meanwhile."""
        known = self.interval
        inside = known.start <= interval.start < known.end and interval.end <= known.end + REMEMBERED_SECONDS
        return inside and abs(now - self.fetched_at) < REMEMBERED_SECONDS


class Edges:
    """The forms of histograms, fetched every ten minutes and query. Safe to use from several threads."""

    def __init__(self, source_id: str, client: Client, clock: Callable[[], float]) -> None:
        self._source, self._client, self._clock = source_id, client, clock
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def shape(self, selector: Selector, under: float, interval: Interval, may_be_native: bool) -> Shape:
        """The forms in the interval: how the edge is written, with the usual spellings of its value.

        Raises NotFound (reason histogram_edge, ``under``, ``edges``) when there is only a classic one
        with other edges. A histogram without any series gives the usual spellings: no data is not an error.
        """
        found = self._found(selector, interval, may_be_native)
        if not found.native:
            self._require(found.edges, under)
        return _shape(found, under)

    def require(self, selector: Selector, under: float) -> None:
        """Raises NotFound as `shape` does where the classic form that is remembered has no such edge."""
        self._require(self.forms_remembered(selector)[0], under)

    def _require(self, edges: Sequence[str], under: float) -> None:
        if not edges or any(same_edge(edge, under) for edge in edges):
            return
        facts: Facts = {"reason": "histogram_edge", "under": under, "edges": _shown(edges)}
        if nearest := _beside(edges, under):
            facts = {**facts, "nearest": nearest}
        raise NotFound(self._source, "", facts)

    def forms(self, selector: Selector, interval: Interval, may_be_native: bool) -> tuple[tuple[str, ...], bool]:
        """The edges in the interval as they are spelt, and whether there is a native histogram. Raises SourceError."""
        found = self._found(selector, interval, may_be_native)
        return found.edges, found.native

    def forms_remembered(self, selector: Selector) -> tuple[tuple[str, ...], bool]:
        """The same as far as it is known, without any I/O."""
        known = self._known.get(str(selector))
        return (known.edges, known.native) if known else ((), False)

    def remembered(self, selector: Selector, under: float) -> Shape:
        """The forms as far as they are known, without any I/O."""
        known = self._known.get(str(selector))
        return _shape(known, under) if known else Shape(usual_spellings(under))

    def _found(self, selector: Selector, interval: Interval, may_be_native: bool) -> _Known:
        known, now = self._known.get(str(selector)), self._clock()
        if known and known.covers(interval, now):
            return known
        edges = tuple(self._listed(selector.part("_bucket"), interval))
        native = may_be_native and self._has(str(selector), interval)
        found = _Known(edges, native, interval, now)
        if edges or native:
            with self._lock:
                if len(self._known) >= _MOST_REMEMBERED:
                    self._known.clear()
                self._known[str(selector)] = found
        return found

    def _has(self, selector: str, interval: Interval) -> bool:
        """Whether the interval has series of a selector; no where the server does not list names."""
        span = {"match[]": selector, "start": str(interval.start), "end": str(interval.end)}
        try:
            return bool(self._client.label_values("__name__", span))
        except BadAnswer:
            return False

    def _listed(self, buckets: str, interval: Interval) -> Sequence[str]:
        """From the API of label values; by a query where a server has no such API or does not allow it."""
        span = {"match[]": buckets, "start": str(interval.start), "end": str(interval.end)}
        try:
            return self._client.label_values("le", span)
        except BadAnswer:
            return self._queried(buckets, interval)

    def _queried(self, buckets: str, interval: Interval) -> Sequence[str]:
        text = f"count by (le) (last_over_time({buckets}[{max(interval.end - interval.start, 60)}s]))"
        reply = self._client.query("/api/v1/query", {"query": text, "time": str(interval.end)})
        try:
            return [labels["le"] for labels, _count in read_vector(reply)]
        except KeyError:
            raise reply.malformed("KeyError in the result") from None


def _shape(known: _Known, under: float) -> Shape:
    """No spellings where a native histogram stands for a classic one that is not there, or lacks the edge."""
    written = [edge for edge in known.edges if same_edge(edge, under)]
    if known.native and not written:
        return Shape((), True)
    return Shape(tuple(dict.fromkeys([*written, *usual_spellings(under)])), known.native)


def _shown(edges: Sequence[str]) -> str:
    """The edges in the order of their values, shortened."""
    ordered = sorted(edges, key=_value)
    return ", ".join(ordered[:_LONGEST_LIST]) + (", …" if len(ordered) > _LONGEST_LIST else "")


def _beside(edges: Sequence[str], under: float) -> str:
    """The finite edges next to a threshold, below and above."""
    finite = sorted((edge for edge in edges if _value(edge) != float("inf")), key=_value)
    below, above = ([edge for edge in finite if sign * (_value(edge) - under) > 0] for sign in (-1, 1))
    return ", ".join([*below[-1:], *above[:1]])


def _value(edge: str) -> float:
    try:
        return float(edge)
    except ValueError:
        return float("inf")
