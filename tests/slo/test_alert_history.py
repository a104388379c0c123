from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings

from tests.slo.making import HOUR, START, definition, definitions, spiked, steady, whole_buckets
from tomoni.slo.alerts import alert_history
from tomoni.slo.model import AlertRule, Buckets, CalendarUnit, CalendarWindow, Definition, JudgeAfter, Severity
from tomoni.slo.status import evaluate
from tomoni.slo.tally import unit_seconds

FAST = AlertRule(Severity.PAGE, HOUR, 300, given_factor=1.0)
SLOW = AlertRule(Severity.TICKET, 2 * HOUR, 1800, Fraction(1, 50))


@settings(max_examples=60)
@given(whole_buckets, definitions)
def test_a_rule_fired_exactly_when_looking_at_each_moment_says_so(held: Buckets, wanted: Definition) -> None:
    wanted = replace(wanted, rules=(FAST, SLOW, replace(FAST, min_events=700.0)))
    unit = unit_seconds(held, wanted)
    history = alert_history(held, wanted, held.start, held.end)
    for at in range(held.start, held.end // unit * unit + 1, unit):
        looked = [alert.firing for alert in evaluate(held, wanted, at).alerts]
        told = [
            any(f.rule == rule and f.start <= at and (f.end is None or at < f.end) for f in history)
            for rule in wanted.rules
        ]
        assert looked == told


def test_a_firing_has_a_beginning_an_end_and_its_worst_burn() -> None:
    held = spiked(48, {12: 50, 13: 80})
    history = alert_history(held, definition("99", rules=(FAST,)), held.start, held.end)
    assert [(f.start - START, f.end and f.end - START) for f in history] == [(13 * 300, 15 * 300)]
    assert history[0].worst_burn == pytest.approx(130 / 1200 / 0.01)


def test_what_still_fires_at_the_end_has_no_end() -> None:
    held = steady(24, 50, 100)
    assert [f.end for f in alert_history(held, definition("99", rules=(FAST,)), START + HOUR, held.end)] == [None]


def test_what_fired_before_begins_where_the_period_begins() -> None:
    held = steady(24, 50, 100)
    assert alert_history(held, definition("99", rules=(FAST,)), START + HOUR, held.end)[0].start == START + HOUR


def test_nothing_is_said_beyond_the_end_of_the_buckets() -> None:
    held = steady(12, 50, 100)
    assert alert_history(held, definition("99", rules=(FAST,)), held.end + 300, held.end + HOUR) == ()
    assert alert_history(held, definition("99", rules=(FAST,)), START, held.end + HOUR)[0].end is None


def test_the_factor_changes_with_the_first_bucket_of_a_calendar_period() -> None:
    midnight = 1_793_491_200  # 1 November 2026 UTC: 31 days of October lie before, 30 follow
    rule = AlertRule(Severity.PAGE, HOUR, 300, Fraction(1, 100))  # 7.44 in October, 7.2 in November
    held = replace(steady(48, 926.5, 1000), start=midnight - 2 * HOUR)  # burns 7.35 times
    wanted = definition("99", CalendarWindow(CalendarUnit.MONTH, "UTC"), rules=(rule,))
    assert [f.start for f in alert_history(held, wanted, held.start, held.end)] == [midnight + 300]


def test_an_objective_of_one_hundred_percent_never_fires() -> None:
    assert alert_history(steady(12, 0, 1), definition("100"), START, START + HOUR) == ()


@pytest.mark.parametrize(("judged_after", "begins"), [(1200, 1200), (1201, 1500), (1199, 1200)])
def test_a_rule_fires_from_the_very_moment_at_which_the_history_is_long_enough(judged_after: int, begins: int) -> None:
    rule = replace(FAST, long_seconds=600)
    wanted = definition("99", rules=(rule,), judge_after=JudgeAfter(seconds=judged_after))
    history = alert_history(steady(12, 0, 100), wanted, START, START + HOUR)
    assert [(f.start - START, f.end) for f in history] == [(begins, None)]
