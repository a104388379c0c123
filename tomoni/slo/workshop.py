"""What an objective would have meant on the history of an SLI: its budget, its worst windows, pages, tickets and days
under a policy, the risks against it, and what it would have seen of the incidents. And where to begin to look.

Every figure is that of the room it comes from (`status`, `episodes`, `alerts`, `risk`); nothing is counted anew here.
The ladder of objectives is the usual one: steps of a half, a fifth and a tenth of what may be bad.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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
    RollingWindow,
    Severity,
)
from tomoni.slo.periods import whole_window, window_starts
from tomoni.slo.risk import Risk, RiskBudget, risk_budget
from tomoni.slo.status import evaluate
from tomoni.slo.tally import Span, Sums, merged, remaining_shares, tally

_WRITTEN = ("90", "95", "98", "99", "99.5", "99.8", "99.9", "99.95", "99.98", "99.99", "99.995", "99.999")
LADDER = tuple(Objective(Decimal(written)) for written in _WRITTEN)
MARGIN = 0.25  # so much of the budget should be left in the worst window of a comfortable objective
# Of bad events (or slices) that a window of a suggested objective allows: that none of n was bad shows, with 95 %
# confidence, only that fewer than 3 of n are (the rule of three); with less one failure would spend all of it.
ENOUGH = 3
_WORST = 3
_NOTHING_LEFT = 1e-9  # of a budget that was spent to the last event, whatever the rounding of its sums leaves
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

    @property
    def counted(self) -> bool:
        """Whether anything counted in a window of the history: without, nothing is known of it."""
        return self.figures.total > 0 or bool(np.isfinite(self.remaining.values).any())


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
    nothing counted), ``risk_minutes`` what the risks cost in a year (None where they are no reason). ``held`` says
    whether it would have held in every window, whatever the reason is."""

    objective: Objective
    reasons: tuple[Reason, ...]
    achieved: float | None
    risk_minutes: float | None
    held: bool = True


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where to begin. ``steps`` are the objectives that are suggested, the lowest first; ``agreed`` is the one of them
    that is in force and so nothing new. ``achieved`` is the good share of the worst window (None: nothing counted),
    ``seconds`` how long the history is and ``whole`` whether it holds a whole window. ``too_few`` says that stricter
    steps were left out, whose budget is less than `ENOUGH`."""

    steps: tuple[Suggestion, ...]
    agreed: Suggestion | None
    achieved: float | None
    seconds: int
    whole: bool
    too_few: bool


@dataclass(frozen=True, slots=True)
class Suggested:
    """All that is suggested for one SLI: objectives, and the thresholds of a latency that most events are within, with
    the share that truly is (empty: it is no latency). ``agreed_under`` is the threshold in force (empty: none)."""

    beginning: Beginning
    within: Mapping[str, float] = field(default_factory=dict)
    agreed_under: str = ""


def beginning(
    buckets: Buckets,
    define: Callable[[Objective], Definition],
    at: int,
    risks: Sequence[Risk],
    agreed: Objective | None,
) -> Beginning:
    """Objectives to begin with: each is a step of the ladder, never just what was measured or what is agreed.

    ``define`` is what is tried with an objective. A step is suggested only where each window allows `ENOUGH`.
    """
    start = _observed_from(buckets, at)
    windows = {step: _windows(buckets, define(step), start, at) for step in LADDER}
    left = {step: _least_left(sums, step) for step, sums in windows.items()}
    enough = [step for step, sums in windows.items() if _allowed(sums, step) >= ENOUGH]
    held = [step for step in LADDER if (left[step] or 0.0) > _NOTHING_LEFT]
    comfortable = [step for step in held if (left[step] or 0.0) >= MARGIN]
    found: dict[Objective, list[Reason]] = {}
    for reason, steps in (
        (Reason.HELD, [step for step in held if step in enough]),
        (Reason.COMFORTABLE, [step for step in comfortable if step in enough]),
        (Reason.RISKS, _bearable(risks)),
    ):
        if steps:
            found.setdefault(max(steps, key=lambda each: each.percent), []).append(reason)
    first = define(agreed or LADDER[0])
    achieved, minutes = _achieved(_windows(buckets, first, start, at)), sum(risk.bad_minutes_a_year for risk in risks)
    every = [
        Suggestion(step, tuple(why), _achieved(windows[step]), minutes if Reason.RISKS in why else None, step in held)
        for step, why in sorted(found.items(), key=lambda each: each[0].percent)
    ]
    return Beginning(
        steps=tuple(each for each in every if each.objective != agreed),
        agreed=next((each for each in every if each.objective == agreed), None),
        achieved=achieved,
        seconds=at - start,
        whole=int(window_starts(first.window, np.array([at], dtype=np.int64))[0]) >= start,
        too_few=any(step not in enough for step in held),
    )


def _windows(buckets: Buckets, definition: Definition, start: int, at: int) -> Sums:
    """The sums of every whole window of the history in which anything counted."""
    ends = _whole_ends(_hours(start, at), definition, start)
    starts = window_starts(definition.window, ends)
    sums = tally(buckets, definition, int(min(starts.min(), start)), at).between(starts, ends)
    counted = sums.total > 0
    return Sums(sums.bad[counted], sums.total[counted], sums.observed[counted])


def _least_left(sums: Sums, step: Objective) -> float | None:
    """The least share of its budget that any window would have left; None where nothing counted."""
    left = remaining_shares(sums.bad, sums.total, step.allowance)
    return float(left.min()) if len(left) else None


def _allowed(sums: Sums, step: Objective) -> float:
    """What the window with the least traffic would allow to be bad."""
    return float(sums.total.min()) * float(step.allowance) if len(sums.total) else 0.0


def _achieved(sums: Sums) -> float | None:
    return 1.0 - float(np.max(sums.bad / sums.total)) if len(sums.total) else None


def within(histories: Mapping[str, Buckets], shares: Sequence[float]) -> dict[str, float]:
    """Of thresholds in ascending order with their histories: the lowest that each of some shares of all events is
    within, with the share that truly is. All are counted over the time that all of them have, without what is
    excluded."""
    known = {under: each for under, each in histories.items() if history(each, each.end).since is not None}
    if not known:
        return {}
    start, end = (
        max(_observed_from(each, each.end) for each in known.values()),
        min(each.end for each in known.values()),
    )
    counted = {under: share for under, each in known.items() if (share := _good_share(each, start, end)) is not None}
    ascending = sorted(counted, key=lambda under: counted[under])
    found = (next((under for under in ascending if counted[under] >= share), None) for share in shares)
    return {under: counted[under] for under in found if under is not None}


def _good_share(buckets: Buckets, start: int, end: int) -> float | None:
    if end <= start:
        return None
    bad, total = tally(buckets, Definition(LADDER[0], RollingWindow(DAY)), start, end).one(start, end)
    return 1.0 - bad / total if total > 0 else None


def _bearable(risks: Sequence[Risk]) -> list[Objective]:
    return [step for step in LADDER if risks and risk_budget(risks, step).unallocated_minutes >= 0]


def with_data(incidents: Sequence[Span], buckets: Buckets) -> tuple[Span, ...]:
    """Those incidents in which the SLI was observed at all: of the others nobody can say what would have been seen."""
    begun = ((span, (span[0] - buckets.start) // buckets.step_seconds) for span in incidents)
    return tuple(
        span
        for span, first in begun
        if np.isfinite(
            buckets.total[max(first, 0) : max(-(-(span[1] - buckets.start) // buckets.step_seconds), 0)]
        ).any()
    )


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
