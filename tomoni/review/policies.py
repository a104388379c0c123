"""What a policy says of a budget, and since when."""

from __future__ import annotations

import numpy as np

from tomoni.catalog.schema import Policy
from tomoni.review.model import PolicyStanding
from tomoni.slo.model import Figures, FloatArray, IntArray, Line, State


def standing(policy: Policy, figures: Figures, rolling: Line) -> PolicyStanding:
    """Where a budget stands on the levels of a policy; ``rolling`` tells since when."""
    if figures.state in (State.NO_DATA, State.NO_TRAFFIC):
        return PolicyStanding(policy, None, None, or_longer=False)
    left = -1.0 if figures.remaining is None else figures.remaining  # spent where nothing is allowed
    reached = int(_reached(policy, np.array([left]))[0])
    level = policy.levels[reached - 1] if reached else None
    since, or_longer = _since(policy, rolling, reached)
    return PolicyStanding(policy, level, since, or_longer)


def _reached(policy: Policy, remaining: FloatArray) -> IntArray:
    """How many levels each remaining budget has passed, shape ``(n,)``."""
    passed = np.zeros(len(remaining), dtype=np.int64)
    for level in policy.levels:
        passed += remaining < level.below if level.below > 0 else remaining <= 0
    return passed


def _since(policy: Policy, rolling: Line, reached: int) -> tuple[int | None, bool]:
    known = ~np.isnan(rolling.values)
    times = rolling.times[known]
    if not len(times):
        return None, False
    elsewhere = np.flatnonzero(_reached(policy, rolling.values[known]) != reached)
    if not len(elsewhere):
        return int(times[0]), True
    first = int(elsewhere[-1]) + 1
    return int(times[min(first, len(times) - 1)]), False
