"""Sums of good and bad over any interval: buckets cleaned, cut into slices where asked, summed once.

A *unit* is what a budget counts over: a bucket for occurrences, a slice for time slices. Every
figure, line and episode is a difference of two running sums over units. Ratios stay exact: what a
written decimal allows is a fraction, and no rounding can turn a comparison.

Excluded time, such as agreed maintenance, is taken out as whole buckets, because the events of a
bucket cannot be separated. What is excluded is neither good nor bad nor missing.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tomoni.slo.model import HOUR, WEEK, BoolArray, Buckets, Definition, FloatArray, IntArray, NoData, TimeSlices

# No real count is larger. What is, is taken as not observed, so that no sum can overflow.
LARGEST_COUNT = 1e100
_MANTISSA_BITS = 52


class Sums(NamedTuple):
    """Units (or events) that were bad and all of them, and observed buckets. Shapes: alike."""

    bad: FloatArray
    total: FloatArray
    observed: IntArray


class Marks(NamedTuple):
    """Numbers of buckets of one interval: observed, excluded, good above total, no numerator, and all."""

    observed: int
    excluded: int
    clamped: int
    absent: int
    buckets: int


@dataclass(frozen=True, slots=True, eq=False)
class Clean:
    """The buckets of an interval with nothing left to doubt: ``bad`` and ``total`` are 0 where not
    observed or excluded, and ``0 <= bad <= total``. Shapes ``(n,)``.
    """

    bad: FloatArray
    total: FloatArray
    observed: BoolArray
    excluded: BoolArray
    clamped: BoolArray
    absent: BoolArray
    hours: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Running sums over the units of ``[start, start + n * unit_seconds)``: element i is the sum of
    the first i units; ``observed`` and ``excluded`` are sums of buckets. Shapes ``(n + 1,)``. ``clean`` holds
    the buckets below the units, ``sliced`` says that the units are slices of time, ``begins`` where the history does
    (its first unit; the start where it is longer, and the end where there is none).
    """

    start: int
    unit_seconds: int
    bucket_seconds: int
    bad: FloatArray
    total: FloatArray
    observed: IntArray
    excluded: IntArray
    clean: Clean
    sliced: bool
    begins: int

    def __len__(self) -> int:
        return len(self.bad) - 1

    @property
    def moments(self) -> IntArray:
        """The boundaries of its units, Unix seconds, shape ``(n + 1,)``."""
        return self.start + np.arange(len(self.bad), dtype=np.int64) * self.unit_seconds

    def places(self, times: IntArray) -> IntArray:
        """How many units begin before each time, shape ``(n,)``."""
        found: IntArray = np.clip(-((self.start - times) // self.unit_seconds), 0, len(self))
        return found

    def between(self, starts: IntArray, ends: IntArray) -> Sums:
        """The sums over the units that begin in each ``[start, end)``, Unix seconds."""
        first, last = self.places(starts), self.places(ends)
        last = np.maximum(first, last)
        return Sums(
            self.bad[last] - self.bad[first],
            self.total[last] - self.total[first],
            self.observed[last] - self.observed[first],
        )

    def one(self, start: int, end: int) -> tuple[float, float]:
        """Bad and total of the units that begin in one ``[start, end)``; bad is at most total."""
        first = self.place(start)
        last = max(first, self.place(end))
        total = float(self.total[last] - self.total[first])
        return min(float(self.bad[last] - self.bad[first]), total), total

    def place(self, time: int) -> int:
        """How many units begin before a time: `places` for one, many times faster."""
        return min(max(-((self.start - time) // self.unit_seconds), 0), len(self))

    def cuts_hour(self, time: int) -> bool:
        """Whether a time lies within an hour that is stored as one sum: what is on either side is not known."""
        hours = self.clean.hours
        places = {(moment - self.start) // self.bucket_seconds for moment in (time, time - 1)}
        return bool(time % HOUR) and any(0 <= place < len(hours) and hours[place] for place in places)

    def marks(self, start: int, end: int) -> Marks:
        """What the buckets of one ``[start, end)`` are marked with."""
        first, last = self.places(np.array([start, end])) * (self.unit_seconds // self.bucket_seconds)
        within = slice(first, last)
        clean = self.clean
        rows = (clean.observed, clean.excluded, clean.clamped, clean.absent)
        return Marks(*[*(int(np.count_nonzero(row[within])) for row in rows), int(last - first)])


def unit_seconds(buckets: Buckets, definition: Definition) -> int:
    """The length of what is counted. Raises ValueError where slices are not made of whole buckets."""
    if definition.slices is None:
        return buckets.step_seconds
    length = definition.slices.length_seconds
    if length <= 0 or length % buckets.step_seconds:
        raise ValueError(f"a slice of {length} s is not made of whole buckets of {buckets.step_seconds} s")
    return length


def tally(buckets: Buckets, definition: Definition, start: int, end: int) -> Tally:
    """The sums over the units that begin in ``[start, end)``, Unix seconds.

    Where ``buckets`` holds nothing, nothing was observed.
    """
    unit = unit_seconds(buckets, definition)
    first = -(-start // unit) * unit
    last = max(first, -(-end // unit) * unit)
    clean = cleaned(buckets, first, last)
    bad, total = clean.bad, clean.total
    observed: npt.NDArray[Any] = clean.observed
    begins = _begins(buckets, first, last) // unit * unit
    if definition.slices is not None:
        before = (begins - first) // unit
        bad, total, observed = _slices(clean, definition.slices, unit // buckets.step_seconds, before)
    total = _summable(total)
    bad = np.minimum(_summable(bad), total)  # where all was bad, the finer grid of the bad would show more
    return Tally(
        first,
        unit,
        buckets.step_seconds,
        _running(bad, np.float64),
        _running(total, np.float64),
        _running(observed, np.int64),
        _running(clean.excluded.reshape(-1, unit // buckets.step_seconds).sum(axis=1), np.int64),
        clean,
        definition.slices is not None,
        begins,
    )


def _begins(buckets: Buckets, start: int, end: int) -> int:
    """Where in ``[start, end]`` the history begins: missing buckets before it are none that should have been there."""
    if buckets.observed_before:
        return start
    observed = buckets.total >= 0
    first = buckets.start + int(observed.argmax()) * buckets.step_seconds if observed.any() else end
    return min(max(first, start), end)


def cleaned(buckets: Buckets, start: int, end: int) -> Clean:
    """The buckets of ``[start, end)``, whole ones; what is not held was not observed."""
    total = _cut(buckets, buckets.total, start, end, np.nan)
    good = _cut(buckets, buckets.good, start, end, np.nan)
    absent = _cut(buckets, buckets.absent, start, end, False)
    excluded = excluded_buckets(buckets.excluded, start, end, buckets.step_seconds)
    hours = _hours(buckets, start, end)
    if (excluded & hours).any():  # an hour that is one sum is taken out whole, as a bucket is
        numbers = (start + np.arange(len(hours)) * buckets.step_seconds) // HOUR
        excluded |= hours & np.isin(numbers, np.unique(numbers[excluded & hours]))
    observed = (total >= 0) & (total <= LARGEST_COUNT) & ~excluded
    total = np.where(observed, total, 0.0) + 0.0  # never -0.0
    clamped = observed & (good > total)
    good = np.fmin(np.fmax(good, 0.0), total)  # a NaN here is a numerator that is absent
    return Clean(total - good, total, observed, excluded, clamped, observed & absent, hours)


def _hours(buckets: Buckets, start: int, end: int) -> BoolArray:
    if buckets.hours is None:
        return np.zeros((end - start) // buckets.step_seconds, dtype=np.bool_)
    return _cut(buckets, buckets.hours, start, end, False)


def _cut(buckets: Buckets, column: npt.NDArray[Any], start: int, end: int, fill: float | bool) -> npt.NDArray[Any]:
    step = buckets.step_seconds
    first, last = (start - buckets.start) // step, (end - buckets.start) // step
    if 0 <= first <= last <= len(column):
        return column[first:last]
    cut = np.full(last - first, fill, dtype=column.dtype)
    held_first, held_last = max(first, 0), min(last, len(column))
    if held_first < held_last:
        cut[held_first - first : held_last - first] = column[held_first:held_last]
    return cut


def _slices(clean: Clean, slices: TimeSlices, size: int, before: int) -> tuple[FloatArray, FloatArray, IntArray]:
    """Bad slices, counted slices (0 or 1 each) and observed buckets of each slice; ``before`` is how many lie before
    the history, of which none counts."""
    bad, total = clean.bad.reshape(-1, size).sum(axis=1), clean.total.reshape(-1, size).sum(axis=1)
    observed = clean.observed.reshape(-1, size).sum(axis=1)
    numerator, denominator = terms(Fraction(slices.target_percent) / 100)
    missed = (total - bad) * denominator < total * numerator
    seen = observed > 0
    unseen = ~seen & ~clean.excluded.reshape(-1, size).all(axis=1)
    unseen[:before] = False
    is_bad = (seen & missed) | (unseen & (slices.no_data is NoData.BAD))
    counted = seen | (unseen & (slices.no_data is not NoData.IGNORE))
    return is_bad.astype(np.float64), counted.astype(np.float64), observed


def _summable(values: FloatArray) -> FloatArray:
    """The values on a grid so fine that it does not matter, and so coarse that all their sums are
    exact: then a window that is split anywhere sums to itself, in any order.
    """
    _, exponent = math.frexp(float(values.sum()))
    grid = math.ldexp(1.0, max(exponent - _MANTISSA_BITS, -1000))
    rounded = values * (1 / grid)  # exact, as the grid is a power of two
    np.rint(rounded, out=rounded)
    rounded *= grid
    return rounded


def _running(values: npt.NDArray[Any], kind: type[Any]) -> npt.NDArray[Any]:
    sums = np.zeros(len(values) + 1, dtype=kind)
    np.cumsum(values, out=sums[1:])
    return sums


def weekly_rate(counted: Tally, definition: Definition, at: int) -> Fraction | None:
    """The mean total per second over the 7 days before a moment; None when nothing was observed.

    Events are set against the observed time, so that a gap does not look like less traffic; slices
    against all time since the history began that was not excluded, because the rule for missing data has judged the
    gaps.
    """
    start = max(at - WEEK, min(counted.begins, at))
    marks = counted.marks(start, at)
    if not marks.observed:
        return None
    if definition.slices is None:
        seconds = marks.observed * counted.bucket_seconds
    else:
        seconds = at - start - marks.excluded * counted.bucket_seconds
    _, total = counted.one(start, at)
    return Fraction(total) / seconds


Span = tuple[int, int]


def exclude(buckets: Buckets, spans: Iterable[Span]) -> Buckets:
    """The buckets with these half-open intervals (Unix seconds) excluded, beside those that were."""
    return replace(buckets, excluded=merged([*buckets.excluded, *spans]))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time as intervals that neither touch nor overlap, in order; empty ones are dropped."""
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def excluded_buckets(spans: Iterable[Span], start: int, end: int, step_seconds: int) -> BoolArray:
    """Which buckets of ``[start, end)`` an exclusion touches, shape ``(n,)``."""
    count = (end - start) // step_seconds
    mask = np.zeros(count, dtype=np.bool_)
    for first, last in spans:
        if first < last:
            low, high = (first - start) // step_seconds, -(-(last - start) // step_seconds)
            mask[max(low, 0) : max(high, 0)] = True
    return mask


_EXACT_INTEGER = 2**53  # whole numbers up to here are exact as floats


def terms(ratio: Fraction) -> tuple[float, float]:
    """Numerator and denominator of a ratio as floats, so that ``x * numerator / denominator``
    rounds once at most: 0.1 % of 7000 is 7, not 7.000000000000006.
    """
    if max(abs(ratio.numerator), ratio.denominator) <= _EXACT_INTEGER:
        return float(ratio.numerator), float(ratio.denominator)
    return finite(ratio), 1.0


def finite(value: Fraction) -> float:
    """The nearest finite float, never ``-0.0``."""
    try:
        return float(value) + 0.0
    except OverflowError:
        return sys.float_info.max if value > 0 else -sys.float_info.max


def exceeds(part: FloatArray, whole: FloatArray, ratio: Fraction) -> BoolArray:
    """Where ``part / whole`` is strictly above a ratio; False where whole is 0. Shapes: alike."""
    numerator, denominator = terms(ratio)
    above: BoolArray = part * denominator > whole * numerator
    return above & (whole > 0)


def remaining_shares(bad: FloatArray, total: FloatArray, allowance: Fraction) -> FloatArray:
    """``1 - bad / (allowance * total)``. Where nothing is allowed: 1 while nothing was bad, else
    NaN, because no share of nothing exists. Shapes: alike.
    """
    numerator, denominator = terms(allowance)
    allowed = total * numerator / denominator
    spent = np.where(bad > 0, np.nan, 0.0)
    with np.errstate(over="ignore"):  # of an allowance near the smallest number that there is
        np.divide(bad, allowed, out=spent, where=allowed > 0)
    np.minimum(spent, sys.float_info.max, out=spent)
    return np.subtract(1.0, spent, out=spent)


def exhausted(bad: FloatArray, total: FloatArray, allowance: Fraction) -> BoolArray:
    """Where all that is allowed has been spent by something bad. Shapes: alike."""
    numerator, denominator = terms(allowance)
    spent: BoolArray = bad * denominator >= total * numerator
    return spent & (bad > 0)
