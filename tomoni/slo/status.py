"""The budget of one window at one moment, by the SLO's own method and by others.

Other methods let two tools that disagree be reconciled. *Events* weighs every event alike. *Mean of
ratios* weighs every bucket alike, quiet ones as much as busy ones (Sloth's period ratio is the mean
of 5-minute ratios). *Time slices* counts slices that met a target.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

import numpy as np

from tomoni.slo.alerts import alert, burn_rate, longest_look_back
from tomoni.slo.history import history, judged_from, state_of_history
from tomoni.slo.hours import cut_hours
from tomoni.slo.model import HOUR, WEEK, Buckets, CalendarWindow, Definition, Figures, Projection, State, TimeSlices
from tomoni.slo.periods import Period, counted_end, whole_window
from tomoni.slo.tally import Tally, finite, tally, unit_seconds, weekly_rate


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget, exactly: how many were bad of how many, and how many may be."""

    bad: Fraction
    total: Fraction
    allowed: Fraction

    @property
    def remaining(self) -> Fraction | None:
        """``1 - bad / allowed``; where nothing is allowed 1 while nothing was bad, else None."""
        if self.allowed:
            return 1 - self.bad / self.allowed
        return None if self.bad else Fraction(1)

    @property
    def exhausted(self) -> bool:
        """Whether all that is allowed was spent by something bad."""
        return self.bad > 0 and self.bad >= self.allowed


def evaluate(buckets: Buckets, definition: Definition, at: int) -> Figures:
    """The figures of the window that ends at a moment.

    ``at`` is floored to a bucket, for time slices to a slice, unless a calendar period ends there; to an hour where
    the window else begins or ends within one that is stored as one sum. Buckets that are not held were not
    observed. Raises ValueError where slices are not made of whole buckets.
    """
    unit = unit_seconds(buckets, definition)
    end = counted_end(definition.window, at, unit)
    whole = whole_window(definition.window, end)
    if cut_hours(buckets, np.array([whole.start, end])).any():
        end -= end % HOUR
        whole = whole_window(definition.window, end)
    traffic_start = end - WEEK if isinstance(definition.window, CalendarWindow) else end
    reach = min(whole.start, end - longest_look_back(definition), traffic_start)
    counted = tally(buckets, definition, reach, end)
    observed = history(buckets, -(-end // unit) * unit).within(whole.start)
    found = figures(counted, definition, whole, end)
    begins = judged_from(buckets, definition)
    judged_yet = begins is not None and end >= begins
    return replace(
        found,
        state=state_of_history(found.state, observed, definition, end, judged_yet),
        alerts=found.alerts if judged_yet else tuple(replace(each, firing=False) for each in found.alerts),
        observed_since=None if observed.longer else observed.since,
        observed_until=observed.until,
    )


def figures(counted: Tally, definition: Definition, whole: Period, end: int) -> Figures:
    """The figures of a window as a whole, so far as ``end``, from sums that reach back far enough."""
    marks = counted.marks(whole.start, end)
    bad, total = counted.one(whole.start, end)
    allowance = definition.objective.allowance
    budget = Budget(Fraction(bad), Fraction(total), Fraction(total) * allowance)
    excluded = marks.excluded * counted.bucket_seconds
    seconds = end - whole.start - excluded
    allowed_minutes = allowance * seconds / 60
    countable = marks.buckets - marks.excluded  # a period may begin within a bucket, which is the one's before
    return Figures(
        start=whole.start,
        end=end,
        good=total - bad,
        total=total,
        bad=bad,
        sli=finite(1 - budget.bad / budget.total) if total else None,
        coverage=marks.observed / countable if countable else 0.0,
        allowed_bad=finite(budget.allowed),
        remaining=_finite(budget.remaining),
        allowed_minutes=finite(allowed_minutes),
        spent_minutes=_finite(_spent(budget, allowed_minutes)),
        state=judged(budget, marks.observed > 0, definition.at_risk_below),
        too_few_events=total < definition.min_events,
        clamped=marks.clamped,
        absent=marks.absent,
        burn={w: _finite(burn_rate(counted, allowance, end, w)) for w in definition.burn_windows_seconds},
        alerts=tuple(alert(rule, definition, counted, end) for rule in definition.rules),
        method=definition.method,
        excluded_seconds=excluded,
        projected=_projection(counted, definition, whole, end),
    )


def judged(budget: Budget, observed: bool, at_risk_below: float) -> State:
    """The state of a budget, the first that applies: no data, no traffic, exhausted, at risk, healthy."""
    if not observed:
        return State.NO_DATA
    if not budget.total:
        return State.NO_TRAFFIC
    if budget.exhausted:
        return State.EXHAUSTED
    remaining = budget.remaining
    return State.AT_RISK if remaining is not None and remaining < at_risk_below else State.HEALTHY


def _spent(budget: Budget, allowed_minutes: Fraction) -> Fraction | None:
    """The spent share of the allowed minutes: minutes at average traffic."""
    return None if budget.remaining is None else allowed_minutes * (1 - budget.remaining)


def _projection(counted: Tally, definition: Definition, whole: Period, end: int) -> Projection | None:
    """The budget of the whole period at the traffic of the last 7 days; None for rolling windows,
    and while nothing was observed in these 7 days.
    """
    if not isinstance(definition.window, CalendarWindow):
        return None
    rate = weekly_rate(counted, definition, end)
    if rate is None:
        return None
    bad, total = counted.one(whole.start, end)
    expected = Fraction(total) + rate * (whole.end - end)
    budget = Budget(Fraction(bad), expected, expected * definition.objective.allowance)
    return Projection(whole.start, whole.end, finite(expected), finite(budget.allowed), _finite(budget.remaining))


def _finite(value: Fraction | None) -> float | None:
    return None if value is None else finite(value)


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
    end = counted_end(definition.window, at, buckets.step_seconds)
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
