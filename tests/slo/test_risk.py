from decimal import Decimal

import pytest

from tomoni.slo.model import Objective
from tomoni.slo.risk import Risk, risk_budget

DEPLOY = Risk(detect_minutes=10, repair_minutes=50, share_of_users=0.5, days_between=36.525)
ZONE = Risk(detect_minutes=5, repair_minutes=55, share_of_users=1, days_between=365.25)


def test_a_risk_costs_its_minutes_times_its_users_times_how_often() -> None:
    assert DEPLOY.bad_minutes_a_year == pytest.approx(300)
    assert ZONE.bad_minutes_a_year == pytest.approx(60)


def test_risks_are_ranked_against_the_yearly_budget() -> None:
    told = risk_budget([ZONE, DEPLOY], Objective(Decimal("99.9")))
    assert told.budget_minutes == pytest.approx(525.96)
    assert told.ranked == (1, 0)
    assert told.large == (1,)
    assert told.accepted_minutes == pytest.approx(360)
    assert told.unallocated_minutes == pytest.approx(165.96)


def test_risks_can_be_more_than_an_objective_bears() -> None:
    told = risk_budget([ZONE, DEPLOY], Objective(Decimal("99.99")))
    assert told.unallocated_minutes == pytest.approx(52.596 - 360)
    assert told.large == (1, 0)


def test_an_objective_of_one_hundred_percent_bears_no_risk() -> None:
    assert risk_budget([ZONE], Objective(Decimal(100))).large == (0,)


@pytest.mark.parametrize("wrong", [(-1, 0, 1, 1), (0, -1, 1, 1), (0, 0, 2, 1), (0, 0, 1, 0), (0, 0, 1, float("nan"))])
def test_a_risk_that_cannot_be_is_refused(wrong: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match=r"risk|users"):
        Risk(*wrong)
