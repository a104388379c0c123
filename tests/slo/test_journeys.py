from dataclasses import replace
from decimal import Decimal

import pytest

from tests.slo.making import START, buckets, definition, steady
from tomoni.slo.journeys import CompositeMethod, composite, journey_state
from tomoni.slo.model import Figures, State, TimeSlices
from tomoni.slo.status import evaluate


def figures(good: float, total: float = 1000, objective: str = "99") -> Figures:
    return evaluate(buckets([(good, total)]), definition(objective), START + 300)


HEALTHY, AT_RISK, EXHAUSTED = figures(999), figures(991), figures(900)
UNSEEN = evaluate(buckets([None]), definition(), START + 300)
IDLE = figures(0, 0)


def test_a_journey_is_as_its_worst_slo_and_says_how_many() -> None:
    told = journey_state([HEALTHY, AT_RISK, HEALTHY, EXHAUSTED])
    assert told is not None
    assert told.state is State.EXHAUSTED
    assert told.counts == {State.EXHAUSTED: 1, State.AT_RISK: 1, State.HEALTHY: 2}


def test_a_journey_that_cannot_be_seen_is_not_healthy() -> None:
    told = journey_state([HEALTHY, UNSEEN, IDLE])
    assert told is not None
    assert told.state is State.NO_DATA


def test_without_slos_there_is_no_state_and_no_budget() -> None:
    assert journey_state([]) is None
    assert composite([], CompositeMethod.EVENTS_SUMMED) is None


def test_summed_events_weigh_alike() -> None:
    busy = figures(99_900, 100_000, "99.9")
    told = composite([busy, figures(990, 1000, "98")], CompositeMethod.EVENTS_SUMMED)
    assert told is not None
    assert (told.bad, told.total, told.allowed_bad) == (110, 101_000, 120)
    assert told.remaining == pytest.approx(1 / 12)
    assert (told.state, told.method) == (State.AT_RISK, CompositeMethod.EVENTS_SUMMED)


def test_the_worst_budget_can_stand_for_the_journey() -> None:
    told = composite([HEALTHY, EXHAUSTED, AT_RISK], CompositeMethod.WORST_OF)
    assert told is not None
    assert (told.worst, told.remaining, told.state) == (1, EXHAUSTED.remaining, State.EXHAUSTED)


def test_a_budget_that_does_not_exist_is_worse_than_one_that_is_overspent() -> None:
    told = composite([EXHAUSTED, figures(999, 1000, "100")], CompositeMethod.WORST_OF)
    assert told is not None
    assert (told.worst, told.remaining) == (1, None)


def test_slos_without_data_leave_the_sum_to_the_others() -> None:
    told = composite([HEALTHY, UNSEEN], CompositeMethod.EVENTS_SUMMED)
    alone = composite([HEALTHY], CompositeMethod.EVENTS_SUMMED)
    assert told == alone
    nothing = composite([UNSEEN], CompositeMethod.EVENTS_SUMMED)
    assert nothing is not None
    assert nothing.state is State.NO_DATA


def test_events_and_slices_cannot_be_summed() -> None:
    cut = evaluate(steady(2), definition(slices=TimeSlices(300, Decimal(95))), START + 600)
    with pytest.raises(ValueError, match="slices"):
        composite([HEALTHY, cut], CompositeMethod.EVENTS_SUMMED)


def test_the_band_of_risk_can_be_moved_for_a_sum() -> None:
    told = composite([replace(HEALTHY)], CompositeMethod.EVENTS_SUMMED, at_risk_below=0.95)
    assert told is not None
    assert told.state is State.AT_RISK
