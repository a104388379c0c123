"""What an objective would have meant on the history of an SLI: its budget, its worst windows, pages, tickets and days
under a policy, the risks against it, and what it would have seen of the incidents. And where to begin to look.

Every figure is that of the room it comes from (`status`, `episodes`, `alerts`, `risk`); nothing is counted anew here.
The ladder of objectives is the usual one: steps of a half, a fifth and a tenth of what may be bad.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np

from tomoni.slo.alerts import Firing, alert_history
from tomoni.slo.episodes import BurnLedger, burn_ledger
from tomoni.slo.history import history
from tomoni.slo.lines import rolling_remaining
from tomoni.slo.model import (
    DAY,
    HOUR,
    Buckets,
    Definition,
    Figures,
    IntArray,
    Line,
    Objective,
    Severity,
)
from tomoni.slo.periods import whole_window, window_starts
from tomoni.slo.risk import Risk, RiskBudget, risk_budget
from tomoni.slo.status import evaluate
from tomoni.slo.tally import Span, merged, tally

_WRITTEN = ("90", "95", "98", "99", "99.5", "99.8", "99.9", "99.95", "99.98", "99.99", "99.995", "99.999")
LADDER = tuple(Objective(Decimal(written)) for written in _WRITTEN)
MARGIN = 0.25  # so much of the budget should be left in the worst window of a comfortable objective
_WORST = 3
_LATE_SECONDS = HOUR  # an alert so long after an incident still belongs to it


@dataclass(frozen=True, slots=True)
class WorstWindow:
    """A whole window ``[start, end)`` of the history and what was left of its budget (None: nothing was allowed)."""

    start: int
    end: int
    remaining: float | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a candidate would have seen of an incident ``[start, end)``: the seconds from its beginning to the first
    page and to the first ticket (None: none), and the share of the budget that it took."""

    start: int
    end: int
    page_after: int | None
    ticket_after: int | None
    bad: float
    share_of_budget: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """What a definition would have meant over ``[start, end)``.

    ``figures`` and ``ledger`` are those of the last window. ``pages`` and ``tickets`` are stretches of time in which at
    least one rule fired. ``days_at`` maps each level of a policy to the days on which it was the lowest that was
    reached. ``remaining`` is the rolling budget by the hour. ``unexplained_pages`` are those in no incident.
    """

    definition: Definition
    start: int
    end: int
    figures: Figures
    ledger: BurnLedger
    worst: tuple[WorstWindow, ...]
    pages: tuple[Span, ...]
    tickets: tuple[Span, ...]
    days_at: Mapping[float, float]
    remaining: Line
    risks: RiskBudget
    seen: tuple[Seen, ...] = ()
    unexplained_pages: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class TriedOut:
    """A trial as it is shown beside others: ``agreed`` is what is in force, ``under`` the threshold of a latency as it
    is written (empty: the one that is in force, or none)."""

    trial: Trial
    agreed: bool = False
    under: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a trial is held against: the shares of the budget below which levels of a policy apply, risks and
    incidents of the app."""

    levels: tuple[float, ...] = ()
    risks: tuple[Risk, ...] = ()
    incidents: tuple[Span, ...] = ()


def try_out(buckets: Buckets, definition: Definition, at: int, beside: Beside = Beside()) -> Trial:
    """What a definition would have meant on all buckets up to a moment. Raises ValueError where slices are not made of
    whole buckets."""
    start, end = _observed_from(buckets, at), at
    figures = evaluate(buckets, definition, at)
    ledger = burn_ledger(buckets, definition, figures.start, figures.end)
    remaining = rolling_remaining(buckets, definition, _hours(start, end))
    firings = alert_history(buckets, definition, start, end)
    pages, tickets = _stretches(firings, Severity.PAGE, end), _stretches(firings, Severity.TICKET, end)
    return Trial(
        definition=definition,
        start=start,
        end=end,
        figures=figures,
        ledger=ledger,
        worst=_worst(remaining, definition, start),
        pages=pages,
        tickets=tickets,
        days_at=_days_at(remaining, beside.levels),
        remaining=remaining,
        risks=risk_budget(beside.risks, definition.objective),
        seen=tuple(
            _seen(buckets, definition, span, (pages, tickets), figures.allowed_bad) for span in beside.incidents
        ),
        unexplained_pages=sum(not _touching(page, beside.incidents) for page in pages) if beside.incidents else 0,
    )


class Reason(StrEnum):
    """Why an objective is suggested; the values are codes."""

    HELD = "held"  # it would have held in every window of the history
    COMFORTABLE = "comfortable"  # with a quarter of its budget left in the worst of them
    RISKS = "risks"  # the accepted risks fit into its yearly budget


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An objective to begin with, and why. ``achieved`` is the good share of the worst window (as a ratio; None where
    the reason is another), ``risk_minutes`` what the risks cost in a year."""

    objective: Objective
    reasons: tuple[Reason, ...]
    achieved: float | None
    risk_minutes: float | None


def suggestions(buckets: Buckets, definition: Definition, at: int, risks: Sequence[Risk]) -> tuple[Suggestion, ...]:
    """Objectives to begin with, the lowest first: each is a step of the ladder, never just what was measured."""
    achieved = worst_share(buckets, definition, at)
    minutes = sum(risk.bad_minutes_a_year for risk in risks)
    found: dict[Objective, list[Reason]] = {}
    for reason, objective in (
        (Reason.HELD, _highest(achieved, 1.0)),
        (Reason.COMFORTABLE, _highest(achieved, 1.0 - MARGIN)),
        (Reason.RISKS, _bearable(risks) if risks else None),
    ):
        if objective is not None:
            found.setdefault(objective, []).append(reason)
    return tuple(
        Suggestion(objective, tuple(reasons), achieved, minutes if Reason.RISKS in reasons else None)
        for objective, reasons in sorted(found.items(), key=lambda each: each[0].percent)
    )


def within(histories: Mapping[str, Buckets], shares: Sequence[float]) -> dict[str, float]:
    """Of thresholds with their histories (ascending or not): the lowest that each of some shares of all events is
    within, with the share that truly is."""
    seen = {under: share for under, buckets in histories.items() if (share := _good_share(buckets)) is not None}
    ascending = sorted(seen, key=lambda under: seen[under])
    found = (next((under for under in ascending if seen[under] >= share), None) for share in shares)
    return {under: seen[under] for under in found if under is not None}


def _good_share(buckets: Buckets) -> float | None:
    total = float(np.nansum(buckets.total))
    return float(np.nansum(np.minimum(buckets.good, buckets.total))) / total if total > 0 else None


def worst_share(buckets: Buckets, definition: Definition, at: int) -> float | None:
    """The good share of the worst window of the history, a ratio; None where nothing counted."""
    start = _observed_from(buckets, at)
    ends = _whole_ends(_hours(start, at), definition, start)
    starts = window_starts(definition.window, ends)
    sums = tally(buckets, definition, int(min(starts.min(), start)), at).between(starts, ends)
    counted = sums.total > 0
    return 1.0 - float(np.max(sums.bad[counted] / sums.total[counted])) if counted.any() else None


def _highest(achieved: float | None, share: float) -> Objective | None:
    """The highest step whose budget, or that share of it, covers what was bad; None where no step does."""
    if achieved is None:
        return None
    bad = 1.0 - achieved
    return next((step for step in reversed(LADDER) if bad <= float(step.allowance) * share), None)


def _bearable(risks: Sequence[Risk]) -> Objective | None:
    return next((step for step in reversed(LADDER) if risk_budget(risks, step).unallocated_minutes >= 0), None)


def _observed_from(buckets: Buckets, at: int) -> int:
    since = history(buckets, at).since
    return min(buckets.start if since is None else since, at)


def _hours(start: int, end: int) -> IntArray:
    """Every hour back from the end, at least the end itself."""
    hours: IntArray = np.arange(end, start, -HOUR, dtype=np.int64)[::-1]
    return hours if len(hours) else np.array([end], dtype=np.int64)


def _whole_ends(ends: IntArray, definition: Definition, start: int) -> IntArray:
    """Those of the ends whose window lies in the history; the last one alone where none does."""
    whole = ends[window_starts(definition.window, ends) >= start]
    return whole if len(whole) else ends[-1:]


def _worst(remaining: Line, definition: Definition, start: int) -> tuple[WorstWindow, ...]:
    """The windows with the least budget left, none overlapping another, the worst first."""
    ends = _whole_ends(remaining.times, definition, start)
    values = remaining.values[np.isin(remaining.times, ends)]
    ranked = np.where(np.isnan(values), np.inf, values)
    found: list[WorstWindow] = []
    while len(found) < _WORST and np.isfinite(ranked).any():
        place = int(np.argmin(ranked))
        end = int(ends[place])
        window = whole_window(definition.window, end)
        found.append(WorstWindow(window.start, end, float(values[place])))
        ranked[(ends > window.start) & (ends < end + window.seconds)] = np.inf
    return tuple(found)


def _days_at(remaining: Line, levels: Sequence[float]) -> dict[float, float]:
    """The days at each level, which holds from below its share down to the next; 0: once nothing is left."""
    ordered = sorted(levels)
    known = remaining.values[~np.isnan(remaining.values)]
    days, taken = {}, np.zeros(len(known), dtype=np.bool_)
    for level in ordered:
        here = ((known <= 0) if level == 0 else (known < level)) & ~taken
        days[level] = float(np.count_nonzero(here)) * HOUR / DAY
        taken |= here
    return days


def _stretches(firings: Sequence[Firing], severity: Severity, end: int) -> tuple[Span, ...]:
    """When at least one rule of a severity fired."""
    return merged(
        (each.start, max(each.end or end, each.start + 1)) for each in firings if each.rule.severity is severity
    )


def _touching(alert: Span, spans: Sequence[Span]) -> bool:
    return any(alert[0] < end + _LATE_SECONDS and start < alert[1] for start, end in spans)


def _seen(
    buckets: Buckets, definition: Definition, span: Span, alerts: tuple[Sequence[Span], Sequence[Span]], allowed: float
) -> Seen:
    start, end = span
    bad, _ = tally(buckets, definition, start, end).one(start, end)
    after = [next((max(alert[0] - start, 0) for alert in found if _touching(alert, [span])), None) for found in alerts]
    return Seen(start, end, after[0], after[1], bad, bad / allowed if allowed else None)
