from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.slo import brute
from tests.slo.making import (
    DAY,
    HOUR,
    START,
    buckets,
    definition,
    definitions,
    fractional_buckets,
    moments,
    steady,
    whole_buckets,
)
from tomoni.slo.model import Buckets, Definition, Method, RollingWindow, State
from tomoni.slo.status import evaluate
from tomoni.slo.tally import tally


@given(whole_buckets, definitions, moments)
def test_the_sums_of_a_window_are_those_of_adding_up_by_hand(held: Buckets, wanted: Definition, at: int) -> None:
    figures = evaluate(held, wanted, at)
    expected = brute.window(held, wanted, figures.start, figures.end)
    assert figures.bad == expected.bad
    assert figures.total == expected.total
    assert figures.good == expected.total - expected.bad
    share = expected.observed_seconds / expected.seconds if expected.seconds else 0
    assert figures.coverage == pytest.approx(share)


@given(fractional_buckets, moments, st.integers(1, 20))
def test_fractional_counts_sum_as_closely_as_floats_can(held: Buckets, at: int, hours: int) -> None:
    wanted = definition(window=hours * HOUR)
    figures = evaluate(held, wanted, at)
    expected = brute.window(held, wanted, figures.start, figures.end)
    assert figures.total == pytest.approx(float(expected.total), rel=1e-9)
    assert figures.bad == pytest.approx(float(expected.bad), rel=1e-9, abs=float(expected.total) * 1e-12)


@given(whole_buckets, definitions, moments)
def test_the_budget_follows_from_the_sums_exactly(held: Buckets, wanted: Definition, at: int) -> None:
    figures = evaluate(held, wanted, at)
    allowed = Fraction(figures.total) * wanted.objective.allowance
    assert figures.allowed_bad == float(allowed)
    if allowed:
        assert figures.remaining == float(1 - Fraction(figures.bad) / allowed)
    else:
        assert figures.remaining == (None if figures.bad else 1)


@given(st.one_of(whole_buckets, fractional_buckets), definitions, st.data())
def test_splitting_a_window_anywhere_never_changes_its_sum(
    held: Buckets, wanted: Definition, data: st.DataObject
) -> None:
    counted = tally(held, wanted, held.start - HOUR, held.end + HOUR)
    cuts = sorted(data.draw(st.lists(st.integers(held.start - HOUR, held.end + HOUR), min_size=2, max_size=5)))
    parts = [counted.between(np.array([a]), np.array([b])) for a, b in pairwise(cuts)]
    whole = counted.between(np.array([cuts[0]]), np.array([cuts[-1]]))
    assert sum(float(part.bad[0]) for part in parts) == whole.bad[0]
    assert sum(float(part.total[0]) for part in parts) == whole.total[0]
    assert sum(int(part.observed[0]) for part in parts) == whole.observed[0]


@given(st.lists(st.floats(0, 1e9, allow_subnormal=False), min_size=1, max_size=60), st.randoms())
def test_the_order_of_the_buckets_of_a_window_does_not_matter(counts: list[float], random: object) -> None:
    pairs = [(count * 0.97, count) for count in counts]
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    wanted = definition(window=len(pairs) * 300, burn_windows_seconds=(), rules=())
    end = START + len(pairs) * 300
    assert evaluate(buckets(pairs), wanted, end) == evaluate(buckets(shuffled), wanted, end)


@given(whole_buckets, definitions, moments, st.integers(0, 10**6))
def test_what_lies_outside_the_windows_changes_nothing(held: Buckets, wanted: Definition, at: int, noise: int) -> None:
    """In a history that is longer than both: where it begins decides from when on slices may be missing."""
    held = replace(held, observed_before=True)
    wanted = replace(wanted, window=RollingWindow(2 * HOUR), burn_windows_seconds=(HOUR,), rules=())
    at = at // 1800 * 1800
    times = held.start + np.arange(len(held.total)) * held.step_seconds
    outside = (times < at - 2 * HOUR) | (times >= at)
    changed = replace(held, total=np.where(outside, noise + 1.0, held.total), good=np.where(outside, 0.0, held.good))
    noisy, plain = evaluate(changed, wanted, at), evaluate(held, wanted, at)
    # Since when and until when the SLI was observed is what lies outside.
    assert replace(noisy, observed_since=None, observed_until=None) == replace(
        plain, observed_since=None, observed_until=None
    )


@given(whole_buckets, st.integers(0, 79), st.sampled_from(["90", "99.9"]))
def test_remaining_falls_when_a_good_event_turns_bad(held: Buckets, place: int, objective: str) -> None:
    place %= len(held.total)
    assume(held.good[place] >= 1)
    wanted = definition(objective)
    good = held.good.copy()
    good[place] -= 1
    before, after = evaluate(held, wanted, held.end), evaluate(replace(held, good=good), wanted, held.end)
    assert before.remaining is not None
    assert after.remaining is not None
    assert after.remaining < before.remaining


def test_a_moment_within_a_bucket_counts_the_closed_buckets_only() -> None:
    held = steady(12)
    assert evaluate(held, definition(), START + 3599) == evaluate(held, definition(), START + 3300)
    assert evaluate(held, definition(), START + 3599).total == 1100


def test_buckets_that_are_not_held_were_not_observed() -> None:
    figures = evaluate(steady(12), definition(window=2 * HOUR), START + HOUR)
    assert figures.coverage == 0.5
    assert evaluate(steady(12), definition(), START + 9 * DAY).state is State.NO_DATA


def test_a_missing_numerator_is_counted_within_the_window_only() -> None:
    held = steady(24)
    absent = np.zeros(24, dtype=np.bool_)
    absent[[2, 20, 22]] = True
    figures = evaluate(replace(held, absent=absent), definition(window=HOUR), held.end)
    assert (figures.absent, figures.clamped) == (2, 0)


def test_a_good_count_above_the_total_counts_as_the_total() -> None:
    figures = evaluate(buckets([(120, 100), (90, 100)]), definition("90"), START + 600)
    assert (figures.good, figures.bad, figures.clamped) == (190, 10, 1)


def test_a_ninety_nine_percent_budget_is_spent_to_the_last_event() -> None:
    figures = evaluate(steady(72, 99, 100), definition("99"), START + 72 * 300)
    assert (figures.remaining, figures.state) == (0, State.EXHAUSTED)
    one_less = steady(72, 99, 100)
    one_less.good[0] += 1
    assert evaluate(one_less, definition("99"), one_less.end).state is State.AT_RISK


def test_minutes_are_those_of_the_window_at_average_traffic() -> None:
    figures = evaluate(steady(12, 999, 1000), definition("99.8", 30 * DAY), START + HOUR)
    assert figures.allowed_minutes == pytest.approx(86.4)
    assert figures.spent_minutes == pytest.approx(43.2)


def test_below_the_minimum_of_events_the_figures_say_so() -> None:
    assert evaluate(steady(1), definition(min_events=101), START + 300).too_few_events
    assert not evaluate(steady(1), definition(min_events=100), START + 300).too_few_events


def test_a_quarter_of_the_budget_left_is_still_healthy() -> None:
    assert evaluate(buckets([(397, 400)]), definition("99"), START + 300).state is State.HEALTHY
    assert evaluate(buckets([(396.9, 400)]), definition("99"), START + 300).state is State.AT_RISK


def test_the_bands_of_a_state_can_be_moved() -> None:
    held = steady(10, 995, 1000)
    assert evaluate(held, definition("99"), held.end).state is State.HEALTHY
    assert evaluate(held, definition("99", at_risk_below=0.6), held.end).state is State.AT_RISK


def test_figures_name_their_method() -> None:
    assert evaluate(steady(1), definition(), START).method is Method.OCCURRENCES
