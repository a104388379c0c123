from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import numpy as np
import pytest

from tests.slo.making import DAY, HOUR, START, buckets, definition, spiked, steady
from tomoni.slo.alerts import factor, reachable
from tomoni.slo.model import WORKBOOK_RULES, AlertRule, CalendarUnit, CalendarWindow, Definition, Figures, Severity
from tomoni.slo.status import evaluate

PAIR = AlertRule(Severity.PAGE, HOUR, 300, given_factor=10.0)
PER_CENT = Fraction(1, 100)


def hourly(*bad: float, wanted: Definition) -> Figures:
    """An hour of 12 buckets of 100 events; the bad ones of the last buckets are given."""
    held = spiked(12, dict(zip(range(12 - len(bad), 12), bad, strict=True)))
    return evaluate(held, wanted, held.end)


def test_a_rule_fires_only_strictly_above_its_factor() -> None:
    wanted = definition("99", rules=(PAIR,))
    assert not evaluate(steady(12, 90, 100), wanted, START + HOUR).alerts[0].firing
    assert evaluate(steady(12, 89.99, 100), wanted, START + HOUR).alerts[0].firing


def test_both_windows_must_burn_fast() -> None:
    wanted = definition("99", rules=(PAIR,))
    assert not hourly(100, wanted=wanted).alerts[0].firing  # the hour burned 8.3 times
    assert not hourly(100, 100, 0, wanted=wanted).alerts[0].firing  # it is over
    assert hourly(100, 100, wanted=wanted).alerts[0].firing


def test_a_window_shorter_than_a_bucket_has_no_burn_rate_and_cannot_fire() -> None:
    held = steady(6, 0, 100, step=600)
    figures = evaluate(held, definition("99", rules=(PAIR,)), held.end)
    assert figures.burn[300] is None
    assert not figures.alerts[0].firing
    assert not figures.alerts[0].reachable


def test_a_window_without_traffic_has_no_burn_rate() -> None:
    held = buckets([(0, 100)] * 11 + [(0, 0)])
    figures = evaluate(held, definition("99", rules=(PAIR,)), held.end)
    assert figures.burn[300] is None
    assert figures.burn[HOUR] == pytest.approx(100)
    assert not figures.alerts[0].firing


def test_an_objective_of_one_hundred_percent_has_no_burn_rate() -> None:
    figures = evaluate(steady(12, 0, 100), definition("100"), START + HOUR)
    assert set(figures.burn.values()) == {None}
    assert not any(alert.firing or alert.reachable for alert in figures.alerts)


def test_a_rule_with_a_minimum_stays_silent_below_it() -> None:
    few = definition("99", rules=(replace(PAIR, min_events=1201),))
    enough = definition("99", rules=(replace(PAIR, min_events=1200),))
    held = steady(12, 0, 100)
    assert not evaluate(held, few, held.end).alerts[0].firing
    assert evaluate(held, enough, held.end).alerts[0].firing


def test_the_factor_follows_the_window() -> None:
    assert [float(factor(rule, 28 * DAY)) for rule in WORKBOOK_RULES] == [13.44, 5.6, 2.8, pytest.approx(28 / 30)]


@pytest.mark.parametrize(("month", "days"), [("2026-02-10", 28), ("2026-04-10", 30), ("2026-12-10", 31)])
def test_the_factor_of_a_calendar_window_follows_the_whole_period(month: str, days: int) -> None:
    window = CalendarWindow(CalendarUnit.MONTH, "Asia/Tokyo")
    at = int(datetime.fromisoformat(f"{month}T00:00+09:00").timestamp())
    figures = evaluate(steady(1), definition("99.9", window), at)
    assert figures.alerts[0].factor == pytest.approx(0.02 * days * 24)


def test_a_given_factor_is_kept_as_it_was_written() -> None:
    rule = AlertRule(Severity.PAGE, HOUR, 300, given_factor=14.4)
    assert factor(rule, 7 * DAY) == Fraction("14.4")
    assert evaluate(steady(1), definition("99", 7 * DAY, rules=(rule,)), START).alerts[0].factor == 14.4


def test_a_rule_that_would_need_more_than_all_events_bad_cannot_be_reached() -> None:
    rule = AlertRule(Severity.PAGE, HOUR, 300, Fraction(2, 100))
    assert not reachable(rule, 30 * DAY, Fraction(1, 10), 300)  # 14.4 * 0.1
    assert reachable(rule, 30 * DAY, Fraction(1, 20), 300)
    assert not reachable(AlertRule(Severity.PAGE, HOUR, 300, given_factor=100.0), DAY, PER_CENT, 300)


@pytest.mark.parametrize("given", [{}, {"share": PER_CENT, "given_factor": 1.0}, {"given_factor": float("nan")}])
def test_a_rule_without_exactly_one_factor_is_refused(given: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="factor"):
        AlertRule(Severity.PAGE, HOUR, 300, **given)  # type: ignore[arg-type]


def test_a_rule_whose_window_begins_within_an_hour_that_is_stored_as_one_sum_says_nothing() -> None:
    held = steady(36, 0, 100)
    held.good[:11], held.total[:11] = 0, 0
    held.total[11] = 1200
    stored = replace(held, hours=np.arange(36) < 12)
    wanted = definition("99", rules=(AlertRule(Severity.PAGE, HOUR, 300, given_factor=1.0),))
    for at, knows in ((START + HOUR, False), (START + HOUR + 600, False), (START + 2 * HOUR, True)):
        (found,) = evaluate(stored, wanted, at).alerts
        assert (found.firing, found.reachable) == (knows, knows), at
