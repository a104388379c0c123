"""What an objective would have meant on a history."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.slo import making
from tomoni.slo.alerts import alert_history
from tomoni.slo.episodes import burn_ledger
from tomoni.slo.model import DAY, HOUR, Buckets, Definition, Figures, Objective, RollingWindow, Severity, TimeSlices
from tomoni.slo.risk import Risk
from tomoni.slo.status import evaluate
from tomoni.slo.workshop import (
    ENOUGH,
    LADDER,
    MARGIN,
    Beginning,
    Beside,
    Reason,
    beginning,
    try_out,
    with_data,
    within,
)

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


def begun(history: Buckets, risks: Sequence[Risk] = (), agreed: str | None = None) -> Beginning:
    chosen = Objective(Decimal(agreed)) if agreed else None
    return beginning(history, lambda step: of(str(step.percent)), END, risks, chosen)


def test_suggestions_are_steps_of_the_ladder_with_their_reasons_and_never_what_is_agreed() -> None:
    found = begun(history_of(0.00018, outage=0.00018), [Risk(10, 50, 1.0, 30)])
    by_reason = {reason: each.objective.percent for each in found.steps for reason in each.reasons}
    assert by_reason[Reason.HELD] == Decimal("99.98")  # 0.018 % were bad throughout
    assert by_reason[Reason.COMFORTABLE] == Decimal("99.95")
    assert by_reason[Reason.RISKS] == Decimal("99.8")  # 12 hours a year of 8766
    again = begun(history_of(0.00018, outage=0.00018), [Risk(10, 50, 1.0, 30)], agreed="99.95")
    assert [str(each.objective.percent) for each in again.steps] == ["99.8", "99.98"]
    assert again.agreed is not None
    assert again.agreed.reasons == (Reason.COMFORTABLE,)


@given(st.data())
def test_whatever_the_history_a_suggestion_holds_in_every_window_and_the_next_step_would_not(
    data: st.DataObject,
) -> None:
    history, at = data.draw(making.whole_buckets), 0
    at = history.end
    sliced = data.draw(st.sampled_from([None, TimeSlices(300, Decimal(95))]))
    agreed = data.draw(st.sampled_from([None, *LADDER]))

    def define(step: Objective) -> Definition:
        return Definition(step, RollingWindow(2 * HOUR), sliced)

    found = beginning(history, define, at, [], agreed)
    seen = np.flatnonzero(np.isfinite(history.total))
    first = history.start + int(seen[0]) * 300 if len(seen) else at
    ends = [end for end in range(at, first, -HOUR) if end - 2 * HOUR >= first] or [at]

    def left(step: Objective) -> list[Figures]:
        figures = [evaluate(history, define(step), end) for end in ends]
        return [each for each in figures if each.total > 0]

    def stands(step: Objective, least: float) -> bool:
        return all((each.remaining or 0) > 1e-9 and (each.remaining or 0) >= least for each in left(step)) and all(
            each.allowed_bad >= ENOUGH for each in left(step)
        )

    every = [*found.steps, *([found.agreed] if found.agreed else [])]
    assert all(each.objective != agreed for each in found.steps)
    for reason, least in ((Reason.HELD, 0.0), (Reason.COMFORTABLE, MARGIN)):
        chosen = [each.objective for each in every if reason in each.reasons]
        assert chosen == ([step for step in LADDER if stands(step, least)][-1:] if left(LADDER[0]) else [])


def test_what_a_step_achieved_is_counted_by_the_slices_of_that_step() -> None:
    history = making.buckets([(98.5, 100.0)] * 10 + [(100.0, 100.0)] * 990)

    def sliced(step: Objective) -> Definition:
        return of(str(step.percent), 1, TimeSlices(300, step.percent))

    found = beginning(history, sliced, history.end, [], None)
    for each in found.steps:
        shares = [evaluate(history, sliced(each.objective), end).sli for end in (history.end, history.start + DAY)]
        assert each.achieved == pytest.approx(min(share for share in shares if share is not None), abs=0.01)
        assert (each.achieved or 0) >= float(each.objective.ratio), "a step that held achieved what it asks for"


def test_a_perfect_day_suggests_no_more_than_its_events_can_show() -> None:
    few = making.steady(288, good=10, total=10)
    found = beginning(few, lambda step: of(str(step.percent)), few.end, [], None)
    assert [str(each.objective.percent) for each in found.steps] == ["99.8"]  # of 2,880 events 5 may be bad, at 99.9 2
    assert (found.whole, found.too_few, found.seconds) == (False, True, DAY)


@pytest.mark.parametrize("bad_ratio", [1.0, 0.5])
def test_where_no_step_held_none_is_suggested(bad_ratio: float) -> None:
    found = begun(history_of(bad_ratio, outage=bad_ratio))
    assert not found.steps
    assert found.achieved == pytest.approx(1 - bad_ratio)


def test_an_sli_without_history_suggests_nothing_and_can_be_tried() -> None:
    nothing = np.full(10, np.nan)
    empty = Buckets(START, STEP, nothing, nothing, np.zeros(10, dtype=np.bool_))
    found = beginning(empty, lambda step: of(str(step.percent)), empty.end, [], None)
    assert (found.steps, found.achieved) == ((), None)
    assert try_out(empty, of("99.9"), END).pages == ()


def test_risks_may_ask_for_less_than_the_history_kept_and_are_not_said_to_be_kept_where_it_did_not() -> None:
    (risky,) = [each for each in begun(history_of(0.03), [Risk(1, 1, 0.1, 3000)]).steps if Reason.RISKS in each.reasons]
    assert not risky.held


def test_only_incidents_with_data_are_set_against_a_candidate() -> None:
    history = history_of()
    history.total[: 30 * DAY // STEP] = np.nan
    before, after = (START - DAY, START - DAY + 60), (START + 40 * DAY, START + 40 * DAY + 60)
    gap = (START + 10 * DAY, START + 10 * DAY + HOUR)
    assert with_data((before, gap, after), history) == (after,)


def test_thresholds_are_compared_over_the_time_that_all_of_them_have() -> None:
    long = making.steady(100, good=50)
    short = making.buckets([None] * 50 + [(90.0, 100.0)] * 50)
    better = making.buckets([(0.0, 100.0)] * 50 + [(95.0, 100.0)] * 50)
    assert within({"1s": long, "2s": short, "3s": better}, (0.4, 0.9, 0.95, 0.99)) == {
        "1s": 0.5,
        "2s": pytest.approx(0.9),
        "3s": pytest.approx(0.95),
    }
