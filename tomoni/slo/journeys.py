"""A journey from its SLOs: the worst state and how many, and one budget where it asks for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from tomoni.slo.model import Figures, State
from tomoni.slo.status import Budget, judged
from tomoni.slo.tally import finite

WORST_FIRST = (
    State.EXHAUSTED,
    State.AT_RISK,
    State.NO_DATA,
    State.COLLECTING,
    State.NO_TRAFFIC,
    State.HEALTHY,
)


class CompositeMethod(StrEnum):
    """How one budget is made of several: all events together, or that of the worst SLO."""

    EVENTS_SUMMED = "events_summed"
    WORST_OF = "worst_of"


@dataclass(frozen=True, slots=True)
class JourneyState:
    """``state`` is the worst of a journey's SLOs, ``counts`` how many are in each (only those)."""

    state: State
    counts: Mapping[State, int]


@dataclass(frozen=True, slots=True)
class Composite:
    """One budget for a journey, and by which method. Numbers count what its SLOs count; for the
    worst of them ``worst`` is its place in the order in which they were given.
    """

    method: CompositeMethod
    bad: float
    total: float
    allowed_bad: float
    remaining: float | None
    state: State
    worst: int | None = None


def journey_state(figures: Sequence[Figures]) -> JourneyState | None:
    """The worst state of the SLOs of a journey and how many are in each; None without SLOs."""
    states = [each.state for each in figures]
    counts = {state: states.count(state) for state in WORST_FIRST if state in states}
    return JourneyState(next(iter(counts)), counts) if counts else None


def composite(figures: Sequence[Figures], method: CompositeMethod, at_risk_below: float = 0.25) -> Composite | None:
    """One budget of the SLOs of a journey; None without SLOs.

    Raises ValueError when events are to be summed with slices of time, which have no common sum.
    """
    if not figures:
        return None
    return _worst(figures) if method is CompositeMethod.WORST_OF else _summed(figures, at_risk_below)


def _worst(figures: Sequence[Figures]) -> Composite:
    def rank(place: int) -> tuple[int, float]:
        each = figures[place]
        return WORST_FIRST.index(each.state), float("-inf") if each.remaining is None else each.remaining

    place = min(range(len(figures)), key=rank)
    one = figures[place]
    return Composite(
        CompositeMethod.WORST_OF, one.bad, one.total, one.allowed_bad, one.remaining, one.state, worst=place
    )


def _summed(figures: Sequence[Figures], at_risk_below: float) -> Composite:
    """Every event counts alike: an SLO with much traffic weighs more."""
    if len({each.method for each in figures}) > 1:
        raise ValueError("events and slices of time cannot be summed")
    bad, total, allowed = (
        sum((Fraction(getattr(each, name)) for each in figures), Fraction(0))
        for name in ("bad", "total", "allowed_bad")
    )
    budget = Budget(bad, total, allowed)
    observed = any(each.state is not State.NO_DATA for each in figures)
    collecting = any(each.state is State.COLLECTING for each in figures)
    remaining = None if budget.remaining is None else finite(budget.remaining)
    return Composite(
        CompositeMethod.EVENTS_SUMMED,
        finite(bad),
        finite(total),
        finite(allowed),
        remaining,
        State.COLLECTING if collecting else judged(budget, observed, at_risk_below),
    )
