"""What happened to a budget since it was last looked at, without flapping."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tomoni.slo.model import HOUR, Figures, Severity, State

RECOVERED_SHARE = 0.05  # so much more of the budget than the limit is left before it has recovered
CALM_SECONDS = HOUR  # so long no page may burn before the next fast burn is another one
_RANK = {State.HEALTHY: 0, State.AT_RISK: 1, State.EXHAUSTED: 2}


class Happening(StrEnum):
    """What happened to a budget; the values are part of the contract."""

    EXHAUSTED = "exhausted"
    AT_RISK = "at_risk"
    FAST_BURN = "fast_burn"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a budget stood at a moment ``as_of`` (Unix seconds): the state that was told, and when a page last burned
    (None: it is calm)."""

    as_of: int
    state: State
    burning_at: int | None = None


def stands(before: Standing | None, figures: Figures, as_of: int, at_risk_below: float) -> Standing | None:
    """How a budget stands now; None where that cannot be judged, or where it was judged for as late a moment before."""
    if figures.state not in _RANK or (before is not None and as_of <= before.as_of):
        return None
    burns = any(alert.firing and alert.severity is Severity.PAGE for alert in figures.alerts)
    if before is None:
        return Standing(as_of, figures.state, as_of if burns else None)
    burning = before.burning_at
    if burns:
        burning = as_of
    elif burning is not None and as_of - burning >= CALM_SECONDS:
        burning = None
    return Standing(as_of, _state(before.state, figures, at_risk_below), burning)


def _state(before: State, figures: Figures, at_risk_below: float) -> State:
    """The state, which gets better only once there is a little more than what the better one needs."""
    now, left = figures.state, figures.remaining
    if _RANK[now] >= _RANK[before] or left is None:
        return now
    if now is State.HEALTHY and left >= min(at_risk_below + RECOVERED_SHARE, 1.0):
        return State.HEALTHY
    if before is State.EXHAUSTED and left >= RECOVERED_SHARE:
        return State.AT_RISK
    return before


def happened(before: Standing | None, now: Standing) -> tuple[Happening, ...]:
    """What there is to tell; nothing of what was so when it was first looked at."""
    if before is None:
        return ()
    found = []
    if _RANK[now.state] > _RANK[before.state]:
        found.append(Happening.EXHAUSTED if now.state is State.EXHAUSTED else Happening.AT_RISK)
    elif _RANK[now.state] < _RANK[before.state]:
        found.append(Happening.RECOVERED)
    if now.burning_at is not None and before.burning_at is None:
        found.append(Happening.FAST_BURN)
    return tuple(found)
