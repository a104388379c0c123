"""What the budget of one window says at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from slo.alerts import alert, burn_rate, longest_look_back
from slo.exact import finite
from slo.model import Buckets, CalendarWindow, Definition, Figures, Projection, State
from slo.periods import Period, whole_window
from slo.tally import Marks, Tally, tally, unit_seconds

TRAFFIC_SECONDS = 7 * 86_400  # the projection of a calendar period looks back over one week


@dataclass(frozen=True, slots=True)
class Budget:
    """The budget of a number of events, exactly: ``allowed = allowance * total``."""

    bad: Fraction
    total: Fraction
    allowance: Fraction

    @property
    def allowed(self) -> Fraction:
        """How many may be bad."""
        return self.total * self.allowance

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
    counted = tally(
        buckets, definition, min(whole.start, end - longest_look_back(definition), _traffic_start(whole, end)), end
    )
    return figures(counted, definition, whole, end)


def figures(counted: Tally, definition: Definition, whole: Period, end: int) -> Figures:
    """The figures of a window as a whole, so far as ``end``, from sums that reach back far enough."""
    marks = counted.marks(whole.start, end)
    bad, total = counted.one(whole.start, end)
    budget = Budget(Fraction(bad), Fraction(total), definition.objective.allowance)
    excluded = marks.excluded * counted.bucket_seconds
    seconds = end - whole.start - excluded
    allowed_minutes = budget.allowance * seconds / 60
    return Figures(
        start=whole.start,
        end=end,
        good=total - bad,
        total=total,
        bad=bad,
        sli=finite(1 - budget.bad / budget.total) if total else None,
        coverage=marks.observed * counted.bucket_seconds / seconds if seconds else 0.0,
        allowed_bad=finite(budget.allowed),
        remaining=_finite(budget.remaining),
        allowed_minutes=finite(allowed_minutes),
        spent_minutes=_finite(_spent(budget, allowed_minutes)),
        state=state(budget, marks, definition.at_risk_below),
        too_few_events=total < definition.min_events,
        clamped=marks.clamped,
        absent=marks.absent,
        burn={w: _finite(burn_rate(counted, budget.allowance, end, w)) for w in definition.burn_windows_seconds},
        alerts=tuple(alert(rule, definition, counted, end) for rule in definition.rules),
        method=definition.method,
        excluded_seconds=excluded,
        projected=_projection(counted, definition, whole, end),
    )


def state(budget: Budget, marks: Marks, at_risk_below: float) -> State:
    """What the budget says, the first that holds: no data, no traffic, exhausted, at risk, healthy."""
    if not marks.observed:
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


def _traffic_start(whole: Period, end: int) -> int:
    return end - TRAFFIC_SECONDS if whole.end > end else end


def _projection(counted: Tally, definition: Definition, whole: Period, end: int) -> Projection | None:
    """The budget of the whole period at the traffic of the last 7 days; None for rolling windows,
    and while nothing was observed in these 7 days.
    """
    if not isinstance(definition.window, CalendarWindow):
        return None
    seconds = _counting_seconds(counted, definition, end)
    if not seconds:
        return None
    bad, total = counted.one(whole.start, end)
    _, recent = counted.one(end - TRAFFIC_SECONDS, end)
    expected = Fraction(total) + Fraction(recent) / seconds * (whole.end - end)
    budget = Budget(Fraction(bad), expected, definition.objective.allowance)
    return Projection(whole.start, whole.end, finite(expected), finite(budget.allowed), _finite(budget.remaining))


def _counting_seconds(counted: Tally, definition: Definition, end: int) -> int:
    """Over how much of the last 7 days the total was counted: observed time, for slices all time."""
    marks = counted.marks(end - TRAFFIC_SECONDS, end)
    if definition.slices is None or not marks.observed:
        return marks.observed * counted.bucket_seconds
    return TRAFFIC_SECONDS - marks.excluded * counted.bucket_seconds


def _finite(value: Fraction | None) -> float | None:
    return None if value is None else finite(value)
