"""Which infra signals moved together with an episode. It shows what moved, never why.

The shift of a signal is measured against its own usual: the same hours on the days before. Robust
z-score after Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): medians and the median
absolute deviation, so that a few odd points do not hide the usual.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tomoni.slo.model import DAY, HOUR, BoolArray, FloatArray, IntArray
from tomoni.slo.tally import Span

DAYS_BEFORE = 7
FEWEST_POINTS = 5  # fewer usual points say nothing about what is usual
DEPARTED = 3.0  # a point is off its usual beyond this many spreads
LOOK_BACK_SECONDS = HOUR  # how long before an episode a first departure is looked for
LARGEST_VALUE = 1e100  # what is larger is no measurement, and would overflow
_MAD_TO_SIGMA = 1.4826  # for a normal distribution
_MEAN_DEVIATION_TO_SIGMA = 1.2533  # sqrt(pi / 2), likewise
_DUST = 1e-9  # differences below this share of the usual are rounding


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """The values of a signal: value i is the mean of ``[start + i*step, start + (i+1)*step)``, NaN
    where nothing was observed. Shape ``(n,)``.
    """

    start: int
    step_seconds: int
    values: FloatArray

    @property
    def times(self) -> IntArray:
        """Where each value's bucket begins, Unix seconds, shape ``(n,)``."""
        return self.start + np.arange(len(self.values), dtype=np.int64) * self.step_seconds


@dataclass(frozen=True, slots=True)
class Movement:
    """How a signal moved with an episode.

    ``usual`` and ``during`` are medians, ``shift`` their difference, ``z`` the shift in robust
    standard deviations of the usual; None where it has none: too few points, or a signal that never
    moved before. ``lead_seconds`` is from the episode's start to the first departure in the
    direction of the shift (negative: it departed before), None without one. ``points_during`` and
    ``points_usual`` say what all this stands on.
    """

    usual: float | None
    during: float | None
    shift: float | None
    z: float | None
    lead_seconds: int | None
    points_during: int
    points_usual: int


def co_movement(samples: Samples, episode: Span, others: Iterable[Span] = ()) -> Movement:
    """How a signal moved in an episode ``[start, end)``.

    The usual is the same whole hours on each of the 7 days before, without the points of other
    episodes (``others``).
    """
    apart = tuple(others)
    inside, usual = _observed(samples, _within(samples.times, episode)), _usual(samples, episode, apart)
    counts = len(inside), len(usual)
    if not len(inside) or len(usual) < FEWEST_POINTS:
        return Movement(None, None, None, None, None, *counts)
    middle, during = float(np.median(usual)), float(np.median(inside))
    shift, spread = during - middle, _spread(usual, middle)
    dust = _DUST * max(abs(middle), abs(during))
    if abs(shift) <= dust:
        return Movement(middle, during, 0.0, 0.0, None, *counts)
    z = shift / spread if spread > dust else None
    return Movement(middle, during, shift, z, _lead(samples, episode, apart, shift), *counts)


def rank_signals(movements: Mapping[str, Movement]) -> Sequence[str]:
    """The names of signals by how far they moved: first those that left a value at which they had
    always been, then by the size of ``z``, last those without enough points.
    """

    def rank(name: str) -> tuple[int, float]:
        moved = movements[name]
        if moved.shift is None:
            return 2, 0.0
        return (0, -abs(moved.shift)) if moved.z is None else (1, -abs(moved.z))

    return sorted(movements, key=rank)


def _spread(usual: FloatArray, middle: float) -> float:
    """The robust standard deviation: from the median deviation, where half of all points are alike
    from the mean deviation, and 0 where all are.
    """
    deviations = np.abs(usual - middle)
    spread = _MAD_TO_SIGMA * float(np.median(deviations))
    if spread <= _DUST * abs(middle):
        spread = _MEAN_DEVIATION_TO_SIGMA * float(np.mean(deviations))
    return spread if spread > _DUST * abs(middle) else 0.0


def _lead(samples: Samples, episode: Span, others: Sequence[Span], shift: float) -> int | None:
    """Seconds from the start of an episode to the first point off its usual, from an hour before on.

    Each hour is held against its own usual, or the swing of the day would look like a departure.
    """
    start, end = episode
    begin = start - LOOK_BACK_SECONDS
    for hour in range(begin // HOUR * HOUR, end, HOUR):
        usual = _usual(samples, (hour, hour + HOUR), others)
        here = _within(samples.times, (max(hour, begin), min(hour + HOUR, end))) & (
            np.abs(samples.values) <= LARGEST_VALUE
        )
        if len(usual) < FEWEST_POINTS or not here.any():
            continue
        middle = float(np.median(usual))
        beyond = max(DEPARTED * _spread(usual, middle), _DUST * abs(middle))
        departed = np.flatnonzero(here & (math.copysign(1, shift) * (samples.values - middle) > beyond))
        if len(departed):
            return int(samples.times[departed[0]]) - start
    return None


def _usual(samples: Samples, span: Span, others: Iterable[Span]) -> FloatArray:
    """The observed values of the same whole hours on the days before, outside other episodes."""
    times = samples.times
    start, end = span[0] // HOUR * HOUR, -(-span[1] // HOUR) * HOUR
    days = ((start - days * DAY, end - days * DAY) for days in range(1, DAYS_BEFORE + 1))
    return _observed(samples, _within_any(times, days) & (times < start) & ~_within_any(times, others))


def _observed(samples: Samples, within: BoolArray) -> FloatArray:
    values: FloatArray = samples.values[within & (np.abs(samples.values) <= LARGEST_VALUE)]
    return values


def _within_any(times: IntArray, spans: Iterable[Span]) -> BoolArray:
    mask = np.zeros(len(times), dtype=np.bool_)
    for span in spans:
        mask |= _within(times, span)
    return mask


def _within(times: IntArray, span: Span) -> BoolArray:
    within: BoolArray = (times >= span[0]) & (times < span[1])
    return within
