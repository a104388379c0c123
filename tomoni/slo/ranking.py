"""Which of many series moved in a marked interval more than they do anyway. It shows what moved, never why.

Each series is measured as `co_movement` does: by how many robust spreads the median of the interval is off the same
hours on the days before. How much that is worth, the series themselves say: the same is measured in other intervals
of the same length. A series' movement is divided by the largest that it has in any of them, and it stands out where
hardly any other interval holds any series that exceeds its own others as much (Westfall and Young, Resampling-Based
Multiple Testing, 1993: the maximum over all series keeps the number that was tried from mattering).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tomoni.slo.co_movement import DAYS_BEFORE, FEWEST_POINTS, LARGEST_VALUE
from tomoni.slo.model import DAY, HOUR, FloatArray, IntArray
from tomoni.slo.tally import Span

SURE = 1 / 30  # intervals of one series resemble each other, so that 1 in 20 would be said too often
OTHERS = 59  # intervals of the same length that are looked at beside the marked one
_MOST_POINTS = 48  # of the interval; finer series are averaged
_LEAST_Z = 3.0  # what moves less is taken to move so much
_MAD_TO_SIGMA = 1.4826
_DUST = 1e-9
_LEAST_SPREAD = 1e-3  # of the usual: what never moved has no smaller spread


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """Series on one raster: row j belongs to ``names[j]``, column i to the bucket that begins at ``start + i*step``;
    NaN where nothing was observed. Shape ``(names, n)``."""

    names: tuple[str, ...]
    start: int
    step_seconds: int
    values: FloatArray


@dataclass(frozen=True, slots=True)
class RankedSeries:
    """A series in the marked interval: its medians ``usual`` and ``during``, its shift in robust spreads ``z``, and in
    how many of how many other intervals (``as_much`` of ``looked_at``) it moved as much. ``p`` is how often any of
    the series that were tried moves so much for itself; ``stands_out`` where that is rare."""

    name: str
    usual: float
    during: float
    z: float
    as_much: int
    looked_at: int
    p: float
    stands_out: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """The series by how far they moved beyond what each often does; those without enough points are not in it.

    ``tried`` counts all. Of ``looked_at`` other intervals ``as_much`` hold a series that moved as much, for itself, as
    the first one did; fewer than 29 intervals are too few to be sure.
    """

    series: tuple[RankedSeries, ...]
    tried: int
    looked_at: int
    as_much: int

    @property
    def outstanding(self) -> tuple[RankedSeries, ...]:
        """The series that stand out."""
        return tuple(each for each in self.series if each.stands_out)

    @property
    def sure_enough(self) -> bool:
        """Whether there are enough other intervals for a verdict."""
        return (self.looked_at + 1) * SURE >= 1


def ranked(many: Many, marked: Span, apart: Sequence[Span] = (), check: Callable[[], None] = lambda: None) -> Ranking:
    """The series by how far they moved in the marked interval. ``apart`` are other intervals that are known to be
    unusual; ``check`` is called between two steps, and may raise to end the work."""
    coarse = _coarse(many, marked)
    z, usual, during = _moved(coarse, marked)
    known = np.flatnonzero(~np.isnan(z))
    elsewhere = _elsewhere(coarse, marked, apart)
    null = np.full((len(elsewhere), len(z)), np.nan)
    for row, span in enumerate(elsewhere):
        check()
        null[row] = np.abs(_moved(coarse, span)[0])
    null = np.nan_to_num(null)
    strength, largest = _strengths(np.abs(z), null)
    order = known[np.argsort(-strength[known], kind="stable")]
    found = []
    for j in order.tolist():
        p = (1 + int(np.count_nonzero(largest >= strength[j]))) / (1 + len(elsewhere))
        as_much = int(np.count_nonzero(null[:, j] >= abs(z[j])))
        numbers = float(usual[j]), float(during[j]), float(z[j])
        found.append(RankedSeries(many.names[j], *numbers, as_much, len(elsewhere), p, p <= SURE))
    first = strength[order[0]] if len(order) else np.inf
    return Ranking(tuple(found), len(many.names), len(elsewhere), int(np.count_nonzero(largest >= first)))


def _strengths(moved: FloatArray, null: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Each series' movement against the largest that it has in any other interval, shape ``(names,)``; and the largest
    of all series in each of these, each held against the rest likewise, shape ``(intervals,)``."""
    if len(null) < 2:
        return np.nan_to_num(moved), np.full(len(null), np.inf)
    ordered = np.sort(null, axis=0)
    most, second = np.maximum(ordered[-1], _LEAST_Z), np.maximum(ordered[-2], _LEAST_Z)
    rest = np.where(null >= most, second, most)
    return np.nan_to_num(moved) / most, (null / rest).max(axis=1)


def _coarse(many: Many, marked: Span) -> Many:
    """The series with fewer points, so that the interval has at most 48: means of whole numbers of buckets."""
    size = max(1, -(-(marked[1] - marked[0]) // (many.step_seconds * _MOST_POINTS)))
    if size == 1:
        return many
    kept = many.values.shape[1] // size * size
    cut = np.where(np.abs(many.values[:, :kept]) <= LARGEST_VALUE, many.values[:, :kept], np.nan)
    cut = cut.reshape(len(cut), -1, size)
    counts = np.count_nonzero(~np.isnan(cut), axis=2)
    means = np.where(counts > 0, np.nansum(cut, axis=2) / np.maximum(counts, 1), np.nan)
    return Many(many.names, many.start, many.step_seconds * size, means)


def _moved(many: Many, span: Span) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The shift of each series in robust spreads, its usual and its median inside; NaN without enough points."""
    inside, before = _places(many, span), _usual_places(many, span)
    if not len(inside) or len(before) < FEWEST_POINTS:
        nothing = np.full(len(many.names), np.nan)
        return nothing, nothing, nothing
    base = many.values[:, before]
    usual, during = _median(base), _median(many.values[:, inside])
    deviations = np.abs(base - usual[:, None])
    spread = _MAD_TO_SIGMA * _median(deviations)
    spread = np.maximum(spread, _LEAST_SPREAD * np.maximum(np.abs(usual), np.abs(during)))
    enough = np.count_nonzero(~np.isnan(base), axis=1) >= FEWEST_POINTS
    shift = during - usual
    moved = np.where(np.abs(shift) > _DUST * np.maximum(np.abs(usual), np.abs(during)), shift, 0.0)
    z = np.divide(moved, spread, out=np.zeros_like(moved), where=spread > 0)
    return np.where(enough & ~np.isnan(during), z, np.nan), usual, during


def _median(values: FloatArray) -> FloatArray:
    """The median of each row; the quick way where nothing is missing."""
    if not np.isnan(values).any():
        quick: FloatArray = np.median(values, axis=1)
        return quick
    found = np.full(len(values), np.nan)
    rows = ~np.isnan(values).all(axis=1)
    found[rows] = np.nanmedian(values[rows], axis=1)
    return found


def _places(many: Many, span: Span) -> IntArray:
    """The columns whose buckets begin within ``[start, end)``."""
    first, last = (-((many.start - time) // many.step_seconds) for time in span)
    count = many.values.shape[1]
    return np.arange(min(max(first, 0), count), min(max(last, 0), count), dtype=np.int64)


def _usual_places(many: Many, span: Span) -> IntArray:
    """The columns of the same whole hours on the days before."""
    start, end = span[0] // HOUR * HOUR, -(-span[1] // HOUR) * HOUR
    days = [_places(many, (start - day * DAY, end - day * DAY)) for day in range(1, DAYS_BEFORE + 1)]
    places: IntArray = np.unique(np.concatenate(days))
    begins: IntArray = places[places < -((many.start - start) // many.step_seconds)]
    return begins


def _elsewhere(many: Many, marked: Span, apart: Sequence[Span]) -> list[Span]:
    """At most 59 intervals of the same length, evenly over the history, none of which touches what is marked or apart,
    each with a week before it."""
    length = marked[1] - marked[0]
    end = many.start + many.values.shape[1] * many.step_seconds
    first, last = many.start + DAYS_BEFORE * DAY, end - length
    if last < first:
        return []
    stride = max(length, (last - first) // (OTHERS + 8), many.step_seconds) // many.step_seconds * many.step_seconds
    taken = [(marked[0] - length, marked[1] + length), *apart]
    starts = range(first, last + 1, max(stride, many.step_seconds))
    spans = [(start, start + length) for start in starts]
    free = [span for span in spans if not any(span[0] < t_end and t_start < span[1] for t_start, t_end in taken)]
    return free[-OTHERS:]
