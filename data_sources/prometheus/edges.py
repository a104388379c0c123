"""How the edges of a classic histogram are written on a server.

An edge is found by its value: 0.3 may be written ``0.3``, ``0.30`` or ``3e-1``, and one server may
hold several spellings (another client library, or Prometheus 3, which writes ``1`` as ``1.0``).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from data_sources.base import Interval
from data_sources.errors import AccessDenied, BadAnswer, Facts, NotFound, QueryRefused, ServerFailed
from data_sources.prometheus.client import PrometheusHttp
from data_sources.prometheus.query import Selector, same_edge, usual_spellings

REMEMBERED_SECONDS = 3600
_LONGEST_LIST = 40


@dataclass(frozen=True, slots=True)
class _Known:
    edges: tuple[str, ...]
    interval: Interval
    asked: float

    def covers(self, interval: Interval, now: float) -> bool:
        """Whether it tells the edges of an interval, which may have moved on a little meanwhile."""
        known = self.interval
        inside = known.start <= interval.start < known.end and interval.end <= known.end + REMEMBERED_SECONDS
        return inside and abs(now - self.asked) < REMEMBERED_SECONDS


class Edges:
    """The edges of histograms, asked for once an hour and query. Safe to use from several threads."""

    def __init__(self, source_id: str, http: PrometheusHttp, clock: Callable[[], float]) -> None:
        self._source, self._http, self._clock = source_id, http, clock
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def spellings(self, selector: Selector, under: float, interval: Interval) -> Sequence[str]:
        """How the edge is written in the interval, with the usual spellings of its value.

        Raises NotFound (reason histogram_edge, ``under``, ``edges``) when the histogram has other
        edges only. A histogram without any series gives the usual spellings: silence is no error.
        """
        edges = self._edges(selector, interval)
        written = [edge for edge in edges if same_edge(edge, under)]
        if edges and not written:
            facts: Facts = {"reason": "histogram_edge", "under": under, "edges": _listed(edges)}
            raise NotFound(self._source, "", facts)
        return tuple(dict.fromkeys([*written, *usual_spellings(under)]))

    def remembered(self, selector: Selector, under: float) -> Sequence[str]:
        """The spellings as far as they are known, without asking."""
        known = self._known.get(str(selector))
        written = [edge for edge in known.edges if same_edge(edge, under)] if known else []
        return tuple(dict.fromkeys([*written, *usual_spellings(under)]))

    def _edges(self, selector: Selector, interval: Interval) -> tuple[str, ...]:
        known, now = self._known.get(str(selector)), self._clock()
        if known and known.covers(interval, now):
            return known.edges
        edges = self._asked(selector.part("_bucket"), interval)
        if edges:
            with self._lock:
                self._known[str(selector)] = _Known(edges, interval, now)
        return edges

    def _asked(self, buckets: str, interval: Interval) -> tuple[str, ...]:
        """From the API of label values; by a query where a server has no such API or keeps it shut."""
        span = {"match[]": buckets, "start": str(interval.start), "end": str(interval.end)}
        try:
            data = self._http.get("/api/v1/label/le/values", span).data
        except (AccessDenied, BadAnswer, NotFound, QueryRefused, ServerFailed):
            return self._queried(buckets, interval)
        return tuple(str(edge) for edge in data) if isinstance(data, list) else ()

    def _queried(self, buckets: str, interval: Interval) -> tuple[str, ...]:
        text = f"count by (le) (last_over_time({buckets}[{max(interval.end - interval.start, 60)}s]))"
        data = self._http.query("/api/v1/query", {"query": text, "time": str(interval.end)}).data
        try:
            return tuple(str(series["metric"]["le"]) for series in data["result"])
        except (KeyError, TypeError):
            raise BadAnswer(self._source, "", {"reason": "wrong_shape"}) from None


def _listed(edges: Sequence[str]) -> str:
    """The edges in the order of their values, shortened."""
    ordered = sorted(edges, key=_value)
    return ", ".join(ordered[:_LONGEST_LIST]) + (", …" if len(ordered) > _LONGEST_LIST else "")


def _value(edge: str) -> float:
    try:
        return float(edge)
    except ValueError:
        return float("inf")
