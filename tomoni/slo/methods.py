"""The same figure by other methods, so that two tools that disagree can be reconciled.

*Events* weighs every event alike. *Mean of ratios* weighs every bucket alike, quiet ones as much as
busy ones (Sloth's period ratio is the mean of 5-minute ratios). *Time slices* counts slices that
met a target.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

import numpy as np

from tomoni.slo.exact import finite
from tomoni.slo.model import Buckets, Definition, Figures, TimeSlices
from tomoni.slo.periods import whole_window
from tomoni.slo.status import Budget, evaluate
from tomoni.slo.tally import tally

SLICE_SECONDS = 300


class Counting(StrEnum):
    """What a figure is the share of."""

    EVENTS = "events"
    MEAN_OF_RATIOS = "mean_of_ratios"
    TIME_SLICES = "time_slices"


@dataclass(frozen=True, slots=True)
class ByMethod:
    """The SLI and the remaining budget of a window by one method; None where they do not exist.

    ``counted`` is how many events, buckets with traffic, or slices there were.
    """

    method: Counting
    sli: float | None
    remaining: float | None
    counted: float


def by_methods(buckets: Buckets, definition: Definition, at: int) -> tuple[ByMethod, ...]:
    """One window by all methods, in the order of `Counting`.

    A definition without slices is cut into 5 minutes (or whole buckets of at least that) with its
    own objective as their target. ``at`` is floored to a bucket, for time slices to a slice.
    """
    sliced = definition if definition.slices else replace(definition, slices=_usual_slices(buckets, definition))
    return (
        _of(Counting.EVENTS, evaluate(buckets, replace(definition, slices=None), at)),
        _mean_of_ratios(buckets, replace(definition, slices=None), at),
        _of(Counting.TIME_SLICES, evaluate(buckets, sliced, at)),
    )


def _of(method: Counting, figures: Figures) -> ByMethod:
    return ByMethod(method, figures.sli, figures.remaining if figures.total else None, figures.total)


def _mean_of_ratios(buckets: Buckets, definition: Definition, at: int) -> ByMethod:
    end = at // buckets.step_seconds * buckets.step_seconds
    clean = tally(buckets, definition, whole_window(definition.window, end).start, end).clean
    busy = clean.total > 0
    if not busy.any():
        return ByMethod(Counting.MEAN_OF_RATIOS, None, None, 0.0)
    bad_ratio = float(np.mean(clean.bad[busy] / clean.total[busy]))
    remaining = Budget(Fraction(bad_ratio), Fraction(1), definition.objective.allowance).remaining
    left = None if remaining is None else finite(remaining)
    return ByMethod(Counting.MEAN_OF_RATIOS, 1.0 - bad_ratio, left, float(busy.sum()))


def _usual_slices(buckets: Buckets, definition: Definition) -> TimeSlices:
    step = buckets.step_seconds
    return TimeSlices(-(-SLICE_SECONDS // step) * step, definition.objective.percent)
