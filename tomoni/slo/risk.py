"""Risks against the yearly budget, after Google's risk analysis for SLOs.

Source: "How SREs analyze risks to evaluate SLOs" (Google Cloud blog). A risk costs, in a year,
(time to detect + time to repair) * share of users hit * how often it happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tomoni.slo.model import Objective

DAYS_A_YEAR = Fraction(36525, 100)
MINUTES_A_YEAR = DAYS_A_YEAR * 1440  # 525 960
LARGE = Fraction(1, 4)  # no single risk should take more of the yearly budget


@dataclass(frozen=True, slots=True)
class Risk:
    """What may go wrong: minutes to notice it and to repair it, the share of users that it hits,
    and the days between two times that it happens.
    """

    detect_minutes: float
    repair_minutes: float
    share_of_users: float
    days_between: float

    def __post_init__(self) -> None:
        if not (self.days_between > 0 and self.detect_minutes >= 0 and self.repair_minutes >= 0):
            raise ValueError("a risk happens every so many days, and takes no negative time")
        if not 0 <= self.share_of_users <= 1:
            raise ValueError("a share of users is from 0 to 1")

    @property
    def bad_minutes_a_year(self) -> float:
        """What it costs in a year, in minutes of a full outage."""
        minutes = (self.detect_minutes + self.repair_minutes) * self.share_of_users
        return minutes * float(DAYS_A_YEAR) / self.days_between


@dataclass(frozen=True, slots=True)
class RiskBudget:
    """All risks against one objective, in minutes a year.

    ``ranked`` are their places, the most expensive first; ``large`` those above a quarter of the
    budget. ``unallocated_minutes`` is below 0 where the risks exceed what the objective allows.
    """

    budget_minutes: float
    accepted_minutes: float
    unallocated_minutes: float
    ranked: tuple[int, ...]
    large: tuple[int, ...]


def risk_budget(risks: Sequence[Risk], objective: Objective) -> RiskBudget:
    """What of the yearly budget of an objective the risks take."""
    budget = float(objective.allowance * MINUTES_A_YEAR)
    minutes = [risk.bad_minutes_a_year for risk in risks]
    ranked = tuple(sorted(range(len(risks)), key=lambda place: -minutes[place]))
    large = tuple(place for place in ranked if minutes[place] > budget * float(LARGE))
    accepted = sum(minutes)
    return RiskBudget(budget, accepted, budget - accepted, ranked, large)
