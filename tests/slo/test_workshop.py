"""What an objective would have meant on a history."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from tomoni.slo.alerts import alert_history
from tomoni.slo.episodes import burn_ledger
from tomoni.slo.model import DAY, HOUR, Buckets, Definition, Objective, RollingWindow, Severity, TimeSlices
from tomoni.slo.risk import Risk
from tomoni.slo.status import evaluate
from tomoni.slo.workshop import LADDER, Beside, Reason, suggestions, try_out

STEP, DAYS = 300, 90
END = 20_000 * DAY
START = END - DAYS * DAY
OUTAGE = (END - 20 * DAY, END - 20 * DAY + 2 * HOUR)


def history_of(bad_ratio: float = 0.0002, outage: float = 0.3) -> Buckets:
    count = DAYS * DAY // STEP
    total = np.full(count, 1000.0)
    bad = np.full(count, 1000 * bad_ratio)
    times = START + np.arange(count) * STEP
    bad[(times >= OUTAGE[0]) & (times < OUTAGE[1])] = 1000 * outage
    return Buckets(START, STEP, total - bad, total, np.zeros(count, dtype=np.bool_))


def of(percent: str, days: int = 28, slices: TimeSlices | None = None) -> Definition:
    return Definition(Objective(Decimal(percent)), RollingWindow(days * DAY), slices)


@pytest.mark.parametrize("definition", [of("99.9"), of("99", 7), of("99.5", slices=TimeSlices(300, Decimal("99")))])
def test_a_trial_says_what_the_rooms_it_is_made_of_say(definition: Definition) -> None:
    trial = try_out(history_of(), definition, END)
    assert trial.figures == evaluate(history_of(), definition, END)
    assert trial.ledger == burn_ledger(history_of(), definition, trial.figures.start, END)
    paged = [
        each for each in alert_history(history_of(), definition, START, END) if each.rule.severity is Severity.PAGE
    ]
    assert bool(trial.pages) == bool(paged)
    assert trial.remaining.values[-1] == pytest.approx(trial.figures.remaining)


def test_a_stricter_objective_spends_no_less_pages_no_less_and_stays_no_shorter_under_its_policy() -> None:
    beside = Beside(levels=(0.5, 0.0))
    trials = [try_out(history_of(), of(str(step.percent)), END, beside) for step in LADDER]
    left = [trial.figures.remaining or 0.0 for trial in trials]
    assert left == sorted(left, reverse=True)
    under = [sum(trial.days_at.values()) for trial in trials]
    assert under == sorted(under)
    paged = [sum(end - start for start, end in trial.pages) for trial in trials[:8]]
    assert paged == sorted(paged)


def test_the_worst_windows_begin_with_the_worst_and_do_not_overlap() -> None:
    trial = try_out(history_of(), of("99.9", 7), END)
    left = [window.remaining or 0.0 for window in trial.worst]
    assert left == sorted(left)
    assert left[0] < 0
    for i, window in enumerate(trial.worst):
        assert all(window.end <= other.start or other.end <= window.start for other in trial.worst[:i])


def test_incidents_are_set_against_what_would_have_paged() -> None:
    quiet = (END - 40 * DAY, END - 40 * DAY + HOUR)
    trial = try_out(history_of(), of("99.9"), END, Beside(incidents=(OUTAGE, quiet)))
    seen, missed = trial.seen
    assert seen.page_after is not None
    assert 0 < seen.page_after <= HOUR
    assert missed.page_after is None
    assert seen.bad == pytest.approx(24 * 300)
    assert trial.unexplained_pages == 0


def test_days_under_a_policy_are_counted_at_the_lowest_level_only() -> None:
    trial = try_out(history_of(), of("99.9"), END, Beside(levels=(1.1, 0.5, 0.0)))
    assert sum(trial.days_at.values()) == pytest.approx(DAYS, abs=0.1)
    assert trial.days_at[0.0] > 0


def test_suggestions_are_steps_of_the_ladder_with_their_reasons() -> None:
    found = suggestions(history_of(0.00018, outage=0.00018), of("99.9"), END, [Risk(10, 50, 1.0, 30)])
    assert {reason for each in found for reason in each.reasons} == set(Reason)
    by_reason = {reason: each.objective.percent for each in found for reason in each.reasons}
    assert by_reason[Reason.HELD] == Decimal("99.98")  # 0.018 % were bad throughout
    assert by_reason[Reason.COMFORTABLE] == Decimal("99.95")
    assert by_reason[Reason.RISKS] == Decimal("99.8")  # 12 hours a year of 8766
    assert all(each.objective in LADDER for each in found)


def test_an_sli_without_history_suggests_nothing_and_can_be_tried() -> None:
    nothing = np.full(10, np.nan)
    empty = Buckets(START, STEP, nothing, nothing, np.zeros(10, dtype=np.bool_))
    assert not suggestions(empty, of("99.9"), END, [])
    assert try_out(empty, of("99.9"), END).pages == ()
