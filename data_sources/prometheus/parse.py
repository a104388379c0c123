"""From the JSON of a range query to the columns of a series."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data_sources.base import Interval, Notice
from data_sources.prometheus.config import Histogram
from data_sources.queries import Gauge, Query, TextSignal

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Columns = Mapping[str, FloatArray]
Labels = tuple[tuple[str, str], ...]

_SLACK = 1e-9  # relative: what floating-point sums may be off by
_OFF_GRID_SECONDS = 0.5
_CONDITION = re.compile(r"\s*(>=|<=|>|<|==|!=)\s*(\S+)\s*")
_COMPARE: Mapping[str, Callable[[FloatArray, float], BoolArray]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


class WrongShape(ValueError):
    """The data of a reply is not the matrix that the API promises."""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One series on the buckets of an interval, shapes ``(n,)``.

    ``present`` tells where the server gave a sample; ``values`` is NaN elsewhere, and where the
    sample was no finite number.
    """

    values: FloatArray
    present: BoolArray

    @classmethod
    def nothing(cls, length: int) -> Track:
        """A track without samples."""
        return cls(np.full(length, np.nan), np.zeros(length, dtype=bool))

    @property
    def odd(self) -> int:
        """How many samples were no finite numbers."""
        return int((self.present & np.isnan(self.values)).sum())


def moved(track: Track, interval: Interval, target: Interval) -> Track:
    """A track on the buckets of another interval with the same step: cut, or without samples outside."""
    if interval == target:
        return track
    step = target.step_seconds
    begin, end = max(interval.start, target.start), min(interval.end, target.end)
    placed = Track.nothing(len(target))
    if begin < end:
        into = slice((begin - target.start) // step, (end - target.start) // step)
        out = slice((begin - interval.start) // step, (end - interval.start) // step)
        placed.values[into], placed.present[into] = track.values[out], track.present[out]
    return placed


def joined(parts: Iterable[Track]) -> Track:
    """Tracks one after the other."""
    tracks = list(parts)
    return Track(np.concatenate([t.values for t in tracks]), np.concatenate([t.present for t in tracks]))


def overlaid(tracks: Iterable[Track], length: int) -> Track | None:
    """One track of several that never have a sample in the same bucket; None where they do."""
    values, present = np.full(length, np.nan), np.zeros(length, dtype=bool)
    for track in tracks:
        if (present & track.present).any():
            return None
        values = np.where(track.present, track.values, values)
        present |= track.present
    return Track(values, present)


def read_matrix(data: Any, interval: Interval) -> list[tuple[Labels, Track]]:  # noqa: ANN401
    """The series of a range query by their labels; raises WrongShape.

    ``data`` is untrusted: the server's decoded JSON. The sample at time t is that of the bucket
    that ends at t.
    """
    try:
        if data["resultType"] != "matrix":
            raise WrongShape(f"a {data['resultType']} instead of a matrix")
        if any("histograms" in series for series in data["result"]):
            raise WrongShape("native histograms instead of numbers")
        return [(_labels(series["metric"]), _track(series["values"], interval)) for series in data["result"]]
    except (KeyError, TypeError, IndexError, AttributeError, OverflowError) as error:
        raise WrongShape(f"{type(error).__name__} in the result") from None


def _labels(metric: Mapping[str, Any]) -> Labels:
    return tuple(sorted((str(name), str(value)) for name, value in metric.items()))


def _track(samples: list[list[Any]], interval: Interval) -> Track:
    n, step = len(samples), interval.step_seconds
    times = np.fromiter((sample[0] for sample in samples), np.float64, n)
    numbers = np.fromiter((float(sample[1]) for sample in samples), np.float64, n)
    steps = (times - interval.start) / step - 1
    places = np.rint(steps)
    if n and not np.abs(steps - places).max() * step < _OFF_GRID_SECONDS:
        raise WrongShape("samples at other times than those asked for")
    inside = (places >= 0) & (places < len(interval))
    track = Track.nothing(len(interval))
    index = places[inside].astype(np.int64)
    track.values[index] = np.where(np.isfinite(numbers), numbers, np.nan)[inside]
    track.present[index] = True
    return track


def columns_of(query: Query, tracks: Mapping[str, Track]) -> tuple[Columns, tuple[Notice, ...]]:
    """The columns of a form from the track of each role, and what is to be said about them.

    Notices: ``not_finite`` and ``negative_count`` (``role``, ``buckets``), ``bad_above_total`` and
    ``edge_absent`` (``buckets``).
    """
    notices = [Notice("not_finite", {"role": role, "buckets": t.odd}) for role, t in tracks.items() if t.odd]
    if isinstance(query, TextSignal):
        return {"value": tracks["value"].values}, tuple(notices)
    if isinstance(query, Gauge):
        return _condition(tracks["value"].values, query.good_when), tuple(notices)
    columns, more = _ratio(tracks)
    if isinstance(query, Histogram):
        columns, absent = _edges_only(columns)
        more += absent
    return columns, (*notices, *more)


def _edges_only(columns: Columns) -> tuple[Columns, list[Notice]]:
    """A histogram without its edge is not one without good events: those buckets are not observed.

    Clients expose all edges at once, so an edge is absent only while the histogram has other ones.
    """
    absent = columns["absent"] == 1
    told = [Notice("edge_absent", {"buckets": int(absent.sum())})] if absent.any() else []
    return _masked(~absent, **columns), told


def _condition(values: FloatArray, good_when: str) -> Columns:
    found = _CONDITION.fullmatch(good_when)
    if found is None:
        raise ValueError(f"{good_when!r} is no condition")
    observed = ~np.isnan(values)
    good = _COMPARE[found[1]](values, float(found[2])).astype(np.float64)
    return _masked(observed, good=good, total=np.ones_like(values), absent=np.zeros_like(values))


def _ratio(tracks: Mapping[str, Track]) -> tuple[Columns, list[Notice]]:
    role = "good" if "good" in tracks else "bad"
    notices: list[Notice] = []
    total = _counts(tracks["total"], "total", notices)
    absent = ~np.isnan(total) & ~tracks[role].present
    part = np.where(absent, 0.0, _counts(tracks[role], role, notices))
    good = part if role == "good" else np.maximum(total - part, 0.0)
    if role == "bad" and (over := int((part > total * (1 + _SLACK)).sum())):
        notices.append(Notice("bad_above_total", {"buckets": over}))
    observed = ~np.isnan(total) & ~np.isnan(part)
    return _masked(observed, good=good, total=total, absent=absent.astype(np.float64)), notices


def _counts(track: Track, role: str, notices: list[Notice]) -> FloatArray:
    """Counts without negative ones, which are no counts: those buckets are not observed.

    What subtracting two equal sums leaves below zero is zero.
    """
    values = np.where((track.values < 0) & (track.values > -_SLACK), 0.0, track.values)
    negative = values < 0
    if negative.any():
        notices.append(Notice("negative_count", {"role": role, "buckets": int(negative.sum())}))
    return np.where(negative, np.nan, values)


def _masked(observed: BoolArray, **columns: FloatArray) -> Columns:
    return {name: np.where(observed, column, np.nan) for name, column in columns.items()}
