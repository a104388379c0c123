"""What happened to a budget since it was last looked at: once, and without flapping."""

from __future__ import annotations

import pytest

from tests.slo.making import START, definition, spiked
from tomoni.slo.model import DAY, HOUR, MINUTE
from tomoni.slo.standing import Happening, Standing, happened, stands
from tomoni.slo.status import evaluate

WANTED = definition("99", 10 * DAY)  # 10 days of 100 every 5 minutes: 2,880 bad ones are allowed
EXHAUSTED, AT_RISK, RECOVERED = Happening.EXHAUSTED, Happening.AT_RISK, Happening.RECOVERED


def told(*left: float) -> list[tuple[int, Happening]]:
    """What there is to tell of budgets that are left so far, a look an hour."""
    before, found = None, []
    for place, share in enumerate(left):
        at = START + 20 * DAY + place * HOUR
        bad = round((1 - share) * 2880)
        early = {n: min(100, bad - n * 100) for n in range(60) if bad > n * 100}
        held = spiked(2892, {n + 12: count for n, count in early.items()})
        figures = evaluate(held, WANTED, held.end)
        assert figures.remaining == pytest.approx(share, abs=0.001)
        now = stands(before, figures, at, WANTED.at_risk_below)
        assert now is not None
        found += [(place, each) for each in happened(before, now)]
        before = now
    return found


def test_each_change_is_told_once() -> None:
    assert told(0.9, 0.2, 0.2, 0.0, -0.2, 0.06, 0.5, 0.5) == [
        (1, AT_RISK),
        (3, EXHAUSTED),
        (5, RECOVERED),
        (6, RECOVERED),
    ]


def test_what_was_so_when_it_was_first_looked_at_is_not_told() -> None:
    assert told(-0.5, -0.5) == []
    assert told(0.1, 0.1, -0.1) == [(2, EXHAUSTED)]


def test_a_budget_on_a_limit_does_not_flap() -> None:
    assert told(0.9, 0.249, 0.251, 0.249, 0.29, 0.249, 0.31) == [(1, AT_RISK), (6, RECOVERED)]
    assert told(0.1, 0.0, 0.01, 0.0, 0.04, 0.0, 0.06) == [(1, EXHAUSTED), (6, RECOVERED)]


def test_a_fast_burn_is_told_once_until_it_was_calm_for_an_hour() -> None:
    burning = spiked(2892, dict.fromkeys(range(2870, 2892), 60))
    calm = spiked(2892, {})
    looks = [calm, burning, burning, calm, burning, calm, calm, burning]
    before, found = None, []
    for place, held in enumerate(looks):
        now = stands(before, evaluate(held, WANTED, held.end), START + place * 40 * MINUTE, 0.25)
        assert now is not None
        found += [(place, each) for each in happened(before, now) if each is Happening.FAST_BURN]
        before = now
    assert found == [(1, Happening.FAST_BURN), (7, Happening.FAST_BURN)]


def test_what_cannot_be_judged_and_what_is_older_changes_nothing() -> None:
    figures = evaluate(spiked(2892, {}), WANTED, START - DAY)
    assert stands(None, figures, START, 0.25) is None
    healthy = evaluate(spiked(2892, {}), WANTED, spiked(2892, {}).end)
    known = stands(None, healthy, START, 0.25)
    assert isinstance(known, Standing)
    assert stands(known, healthy, START, 0.25) is None
    assert stands(known, healthy, START - 60, 0.25) is None
