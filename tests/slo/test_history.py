"""Since when an SLO is judged, and since when it is silent."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.slo.making import START, buckets, definition, steady, whole_buckets
from tomoni.slo.alerts import alert_history
from tomoni.slo.history import history, judged_from
from tomoni.slo.journeys import CompositeMethod, composite, journey_state
from tomoni.slo.model import (
    DAY,
    HOUR,
    AlertRule,
    Buckets,
    CalendarUnit,
    CalendarWindow,
    Definition,
    JudgeAfter,
    NoData,
    RollingWindow,
    Severity,
    Silence,
    SilenceMeans,
    State,
    TimeSlices,
)
from tomoni.slo.status import evaluate

TENTH = JudgeAfter(Fraction(1, 10))
BAD_HOUR = [(0, 100)] * 12


def monthly(zone: str, judge_after: JudgeAfter = TENTH) -> Definition:
    return replace(definition(), window=CalendarWindow(CalendarUnit.MONTH, zone), judge_after=judge_after)


def at_state(held: Buckets, wanted: Definition, at: int) -> State:
    return evaluate(held, wanted, at).state


@pytest.mark.parametrize(
    ("judge_after", "needed"),
    [
        (TENTH, 12 * 300),
        (JudgeAfter(Fraction(1, 2)), 60 * 300),
        (JudgeAfter(seconds=300), 300),
        (JudgeAfter(Fraction(1, 1000)), 300),  # a share that ends within a bucket: the next moment
        (JudgeAfter(Fraction(1)), 120 * 300),
    ],
)
def test_an_slo_is_judged_when_its_history_is_long_enough_and_not_a_bucket_before(
    judge_after: JudgeAfter, needed: int
) -> None:
    held = steady(120)
    wanted = definition("90", window=120 * 300, judge_after=judge_after)
    assert at_state(held, wanted, START + needed - 300) in (State.COLLECTING, State.NO_DATA)
    assert at_state(held, wanted, START + needed) is State.HEALTHY


def test_without_a_length_every_history_is_long_enough() -> None:
    assert at_state(steady(1), definition("90", window=28 * DAY), START + 300) is State.HEALTHY


def test_before_the_first_bucket_there_is_no_data() -> None:
    held = buckets([None, None, (100, 100)])
    wanted = definition(window=DAY, judge_after=TENTH)
    assert at_state(held, wanted, START + 600) is State.NO_DATA
    assert at_state(held, wanted, START + 900) is State.COLLECTING


def test_a_short_history_without_traffic_is_collected_too() -> None:
    assert at_state(buckets([(0, 0)]), definition(window=DAY, judge_after=TENTH), START + 300) is State.COLLECTING


def test_what_is_there_is_counted_while_it_is_collected() -> None:
    figures = evaluate(buckets([(90, 100)]), definition("99", window=DAY, judge_after=TENTH), START + 300)
    assert (figures.state, figures.bad, figures.total, figures.remaining) == (State.COLLECTING, 10, 100, -9)
    assert (figures.observed_since, figures.observed_until) == (START, START + 300)


def test_a_gap_in_a_longer_history_is_a_matter_of_coverage() -> None:
    held = buckets([(100, 100), *[None] * 200, (100, 100)])
    figures = evaluate(held, definition(window=DAY, judge_after=TENTH), held.end)
    assert figures.state is State.HEALTHY


def test_a_history_that_began_before_what_was_read_is_long_enough() -> None:
    held = replace(steady(1), observed_before=True)
    figures = evaluate(held, definition("90", window=28 * DAY, judge_after=TENTH), START + 300)
    assert (figures.state, figures.observed_since) == (State.HEALTHY, None)


def test_no_alert_fires_while_history_is_collected() -> None:
    rule = AlertRule(Severity.PAGE, HOUR, 300, given_factor=1.0)
    held = buckets(BAD_HOUR)
    wanted = definition("99", window=DAY, rules=(rule,), judge_after=TENTH)
    assert [alert.firing for alert in evaluate(held, wanted, held.end).alerts] == [False]
    assert alert_history(held, wanted, held.start, held.end) == ()
    assert [alert.firing for alert in evaluate(held, replace(wanted, judge_after=JudgeAfter()), held.end).alerts] == [
        True
    ]


@pytest.mark.parametrize(("observed", "fires"), [(12, True), (6, True), (5, False), (1, False)])
def test_an_alert_needs_half_of_its_long_window_to_be_observed(observed: int, fires: bool) -> None:
    rule = AlertRule(Severity.PAGE, HOUR, 300, given_factor=1.0)
    held = buckets([(100, 100)] * 12 + [None] * (12 - observed) + [(0, 100)] * observed)
    wanted = definition("99", window=DAY, rules=(rule,))
    assert [alert.firing for alert in evaluate(held, wanted, held.end).alerts] == [fires]
    assert any(firing.end is None for firing in alert_history(held, wanted, held.start, held.end)) is fires


def test_half_of_a_long_window_is_half_of_what_was_not_excluded() -> None:
    rule = AlertRule(Severity.PAGE, HOUR, 300, given_factor=1.0)
    held = buckets([(100, 100)] * 12 + [None] * 9 + [(0, 100)] * 3)
    excluded = replace(held, excluded=((START + 12 * 300, START + 18 * 300),))
    wanted = definition("99", window=DAY, rules=(rule,))
    assert [evaluate(each, wanted, held.end).alerts[0].firing for each in (held, excluded)] == [False, True]


def test_silence_that_counts_as_bad_is_known() -> None:
    rule = AlertRule(Severity.PAGE, HOUR, 300, given_factor=1.0)
    slices = TimeSlices(300, definition("99").objective.percent, NoData.BAD)
    held = buckets([(100, 100)] * 12 + [None] * 12)
    wanted = definition("99", window=DAY, rules=(rule,), slices=slices)
    assert evaluate(held, wanted, held.end).alerts[0].firing


@pytest.mark.parametrize(("silent", "state"), [(0, State.HEALTHY), (11, State.HEALTHY), (12, State.NO_DATA)])
def test_silence_is_no_data_where_that_was_agreed(silent: int, state: State) -> None:
    held = buckets([(100, 100)] * 24 + [None] * silent)
    wanted = definition(window=DAY, silence=Silence(HOUR, SilenceMeans.NO_DATA))
    figures = evaluate(held, wanted, held.end)
    assert (figures.state, figures.observed_until) == (state, START + 24 * 300)
    assert at_state(held, replace(wanted, silence=Silence(HOUR)), held.end) is State.HEALTHY


def test_a_month_needs_a_tenth_of_itself_and_a_long_history_begins_a_month_judged() -> None:
    first = 1793487600  # 2026-11-01 00:00 in Berlin
    held = Buckets(first, 3600, np.full(60 * 24, 9.0), np.full(60 * 24, 9.0), np.zeros(60 * 24, dtype=np.bool_))
    assert judged_from(held, monthly("Europe/Berlin")) == first + 3 * DAY
    december = first + 30 * DAY
    assert at_state(held, monthly("Europe/Berlin"), december + HOUR) is State.HEALTHY


def test_the_end_of_a_short_month_carries_the_history_into_the_next() -> None:
    first = 1793487600 + 29 * DAY  # 2026-11-30 00:00 in Berlin
    held = Buckets(first, 3600, np.full(240, 9.0), np.full(240, 9.0), np.zeros(240, dtype=np.bool_))
    assert judged_from(held, monthly("Europe/Berlin")) == first + int(3.1 * DAY)


def test_a_journey_is_collecting_before_it_is_quiet_or_healthy() -> None:
    short = evaluate(steady(1), definition("90", window=DAY, judge_after=TENTH), START + 300)
    healthy = evaluate(steady(12), definition("90"), START + HOUR)
    state = journey_state([healthy, short])
    assert state is not None
    assert state.state is State.COLLECTING
    summed = composite([healthy, short], CompositeMethod.EVENTS_SUMMED)
    assert summed is not None
    assert summed.state is State.COLLECTING


@given(whole_buckets, st.integers(0, 100), st.fractions(0, 1))
def test_looking_later_never_turns_a_verdict_back(held: Buckets, place: int, share: Fraction) -> None:
    wanted = definition(window=DAY, judge_after=JudgeAfter(share))
    begins = judged_from(held, wanted)
    at = START + place * 300
    observed = history(held, at)
    assert (at_state(held, wanted, at) is State.COLLECTING) == (
        observed.since is not None and (begins is None or at < begins)
    )


def test_a_rolling_window_is_what_the_share_is_of() -> None:
    assert JudgeAfter(Fraction(1, 10)).needed(RollingWindow(28 * DAY).seconds) == Fraction(28 * DAY, 10)
