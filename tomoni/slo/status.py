"""What the budget of one window says at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tomoni.slo.alerts import alert, burn_rate, longest_look_back
from tomoni.slo.exact import finite
from tomoni.slo.model import Buckets, CalendarWindow, Definition, Figures, Projection, State
from tomoni.slo.periods import Period, whole_window
from tomoni.slo.tally import Tally, tally, unit_seconds
from tomoni.slo.traffic import WEEK, weekly_rate


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

    ``at`` is floored to a bucket, for time slices to a slice. Buckets that are not held were not
    observed. Raises ValueError where slices are not made of whole buckets.
    """
    unit = unit_seconds(buckets, definition)
    end = at // unit * unit
    whole = whole_window(definition.window, end)
    traffic_start = end - WEEK if isinstance(definition.window, CalendarWindow) else end
    reach = min(whole.start, end - longest_look_back(definition), traffic_start)
    counted = tally(buckets, definition, reach, end)
    return figures(counted, definition, whole, end)


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
    """What a budget says, the first that holds: no data, no traffic, exhausted, at risk, healthy."""
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
