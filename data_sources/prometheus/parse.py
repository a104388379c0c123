"""Reads an answer of the Prometheus HTTP API: its envelope, its series on the buckets of an interval, its remarks.

Everything that a server sends is untrusted. What is not as the protocol promises is a `BadAnswer`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from data_sources.base import Interval, Notice
from data_sources.bounds import LARGEST_VALUE
from data_sources.errors import BadAnswer, QueryRefused
from data_sources.prometheus.decode import MOST_PLACES, too_large
from data_sources.prometheus.errors import HttpReply, reply_error
from data_sources.secrets import Secrets
from tomoni.slo.model import BoolArray, FloatArray

Labels = tuple[tuple[str, str], ...]
NATIVE_HISTOGRAM = "native_histogram"  # the reason of a refusal

_OFF_GRID_SECONDS = 0.5
_MOST_REMARKS = 50
_ANNOTATION = ("PromQL warning", "PromQL info")
_QUOTED = re.compile(r'"([^"]+)"')
_MALFORMED = (KeyError, TypeError, IndexError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Reply:
    """The data of a successful reply, and the remarks of the server beside it."""

    source: str
    data: Any
    warnings: tuple[str, ...] = ()
    infos: tuple[str, ...] = ()

    def malformed(self, detail: str) -> BadAnswer:
        """The error of data that is not of the promised shape."""
        return BadAnswer(self.source, detail, {"reason": "wrong_shape"})


def read_reply(source: str, reply: HttpReply, secrets: Secrets) -> Reply:
    """Opens the envelope of a reply. Raises the `SourceError` that any reply but a success is."""
    body = reply.body
    if not (200 <= reply.status < 300 and isinstance(body, dict) and body.get("status") == "success"):
        raise reply_error(source, reply, secrets)
    if "data" not in body:
        raise BadAnswer(source, "", {"status": reply.status, "reason": "wrong_shape"})
    # VictoriaMetrics in a cluster reports a partial answer in a field of its own.
    partial = ("isPartial: true",) if body.get("isPartial") is True else ()
    warnings = (*_texts(body.get("warnings"), secrets), *partial)
    return Reply(source, body["data"], warnings, _texts(body.get("infos"), secrets))


def _texts(found: object, secrets: Secrets) -> tuple[str, ...]:
    return tuple(secrets.mask(str(text)) for text in found[:_MOST_REMARKS]) if isinstance(found, list) else ()


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One series on the buckets of an interval, shapes ``(n,)``.

    ``present`` is true where the server gave a sample; ``values`` is NaN elsewhere, and where the
    sample was not a finite number.
    """

    values: FloatArray
    present: BoolArray

    @classmethod
    def empty(cls, length: int) -> Track:
        """A track without samples."""
        return cls(np.full(length, np.nan), np.zeros(length, dtype=bool))

    @property
    def not_finite(self) -> int:
        """The number of samples that were not finite numbers."""
        return int((self.present & np.isnan(self.values)).sum())

    def realigned(self, interval: Interval, target: Interval) -> Track:
        """The track of an interval on another one with the same step: cut, and without samples outside."""
        if interval == target:
            return self
        step = target.step_seconds
        start, end = max(interval.start, target.start), min(interval.end, target.end)
        placed = Track.empty(len(target))
        if start < end:
            to = slice((start - target.start) // step, (end - target.start) // step)
            of = slice((start - interval.start) // step, (end - interval.start) // step)
            placed.values[to], placed.present[to] = self.values[of], self.present[of]
        return placed


def concatenated(parts: Iterable[Track]) -> Track:
    """Tracks one after the other."""
    tracks = list(parts)
    return Track(np.concatenate([t.values for t in tracks]), np.concatenate([t.present for t in tracks]))


def merged(tracks: Iterable[Track], length: int) -> Track | None:
    """One track of several that never have a sample in the same bucket; None where they do."""
    values, present = np.full(length, np.nan), np.zeros(length, dtype=bool)
    for track in tracks:
        if (present & track.present).any():
            return None
        values = np.where(track.present, track.values, values)
        present |= track.present
    return Track(values, present)


def read_matrix(reply: Reply, interval: Interval) -> list[tuple[Labels, Track]]:
    """The series of a range query by their labels. Raises `BadAnswer`, and `QueryRefused` for native histograms.

    The sample at time t is that of the bucket that ends at t.
    """
    try:
        if reply.data["resultType"] != "matrix":
            raise reply.malformed(f"a {reply.data['resultType']} instead of a matrix")
        if len(reply.data["result"]) * len(interval) > MOST_PLACES:
            raise too_large(reply.source)
        with np.errstate(all="ignore"):  # infinities and the like are no samples, see _track
            return [(_labels(series["metric"]), _track(reply, series, interval)) for series in reply.data["result"]]
    except _MALFORMED as error:
        raise reply.malformed(f"{type(error).__name__} in the result") from None
    except ValueError:
        raise reply.malformed("a value that is no number") from None


def _labels(metric: Mapping[str, Any]) -> Labels:
    return tuple(sorted((str(name), str(value)) for name, value in metric.items()))


def _track(reply: Reply, series: Mapping[str, Any], interval: Interval) -> Track:
    if "histograms" in series:
        raise _native_histogram(reply)
    samples, step = series["values"], interval.step_seconds
    track = Track.empty(len(interval))
    if len(samples) == 0:
        return track
    times, numbers = _pairs(samples).T
    steps = (times - interval.start) / step - 1
    places = np.rint(steps)
    if not np.abs(steps - places).max() * step < _OFF_GRID_SECONDS:
        raise reply.malformed("samples at other times than those asked for")
    inside = (places >= 0) & (places < len(interval))
    index = places[inside].astype(np.int64)
    track.values[index] = np.where(np.abs(numbers) <= LARGEST_VALUE, numbers, np.nan)[inside]
    track.present[index] = True
    return track


def _native_histogram(reply: Reply) -> QueryRefused:
    """The error of a query whose result is native histograms, where numbers are needed."""
    return QueryRefused(reply.source, "", {"reason": NATIVE_HISTOGRAM})


def _pairs(samples: Any) -> FloatArray:  # noqa: ANN401
    """The times and values of samples, shape (n, 2). Raises ValueError, TypeError."""
    if isinstance(samples, np.ndarray):  # those of a large answer
        return samples
    # Time, value, time, value, … in one walk that makes no objects for the garbage collector to visit.
    return np.fromiter(map(float, chain.from_iterable(samples)), np.float64).reshape(len(samples), 2)


def read_vector(reply: Reply) -> list[tuple[Mapping[str, str], float]]:
    """The series of an instant query by their labels. Raises `BadAnswer`, and `QueryRefused` for native histograms."""
    try:
        if any("histogram" in series for series in reply.data["result"]):
            raise _native_histogram(reply)
        return [(dict(_labels(series["metric"])), float(series["value"][1])) for series in reply.data["result"]]
    except (*_MALFORMED, ValueError) as error:
        raise reply.malformed(f"{type(error).__name__} in the result") from None


def remarks(reply: Reply, query_text: str = "") -> tuple[tuple[Notice, ...], bool]:
    """The remarks of the server about one query, and whether the answer is complete.

    A warning means that the answer is partial, unless it is an annotation about the query itself
    ("PromQL warning: …"). Annotations quote names: of the answer to a union, those about other
    members than ``query_text`` are left out.
    """
    warnings = [text for text in reply.warnings if not (query_text and _about_others(text, query_text))]
    infos = [text for text in reply.infos if not (query_text and _about_others(text, query_text))]
    notices = [Notice("server_warning", {"text": text}) for text in warnings]
    notices += [Notice("server_info", {"text": text}) for text in infos]
    return tuple(notices), all(text.startswith(_ANNOTATION) for text in warnings)


def _about_others(remark: str, query_text: str) -> bool:
    quoted = _QUOTED.findall(remark)
    return remark.startswith(_ANNOTATION) and not any(name in query_text for name in quoted)
