"""What is due: properties over days of any shape, and the schedule of a gap."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_sources.base import Interval
from tests.ledger.fakes import NOW, STEP
from tomoni.ledger.planning import clip, coalesce, due_buckets, intervals_of, next_gap_due

DAY = 86_400
MIDNIGHT = NOW // DAY * DAY
ENDS = MIDNIGHT + STEP * np.arange(1, DAY // STEP + 1, dtype=np.int64)
lags = st.sampled_from([0, 30, 60, 240, 3600])
moments = st.integers(MIDNIGHT, MIDNIGHT + 40 * DAY)


@st.composite
def days(draw):
    """A day in which each bucket was never asked, or asked some time after its end, and has a value or not."""
    seeds = np.random.default_rng(draw(st.integers(0, 2**32)))
    delay = seeds.choice([0, 30, 60, 119, 120, 121, 500, 5000, 100_000, 2_000_000], len(ENDS))
    asked = np.where(seeds.random(len(ENDS)) < draw(st.floats(0, 1)), 0, ENDS + delay)
    observed = (asked > 0) & (seeds.random(len(ENDS)) < draw(st.floats(0, 1)))
    return asked, observed


@given(days(), lags, moments)
def test_every_bucket_that_was_never_asked_for_is_due_once_it_is_closed(day, lag, now):
    asked, observed = day
    closed = ends_closed(lag, now)
    assert due_buckets(asked, observed, ENDS, lag, now)[(asked == 0) & closed].all()


@given(days(), lags, moments)
def test_nothing_is_due_before_the_lag_has_passed(day, lag, now):
    asked, observed = day
    assert not due_buckets(asked, observed, ENDS, lag, now)[~ends_closed(lag, now)].any()


@given(days(), lags, moments)
def test_a_bucket_that_was_observed_after_twice_the_lag_is_never_due(day, lag, now):
    asked, observed = day
    settled = observed & (asked - ENDS >= 2 * lag) & (asked <= now)
    assert not due_buckets(asked, observed, ENDS, lag, now)[settled].any()


@given(days(), lags, moments)
def test_a_bucket_that_was_asked_for_later_than_now_counts_as_never_asked_for(day, lag, now):
    asked, observed = day
    assert due_buckets(asked, observed, ENDS, lag, now)[(asked > now) & ends_closed(lag, now)].all()


@given(days(), lags, moments)
def test_a_bucket_is_due_until_it_was_asked_for_after_twice_the_lag(day, lag, now):
    asked, observed = day
    fresh = (asked > 0) & (asked - ENDS < 2 * lag) & (asked < now) & ends_closed(lag, now)
    assert due_buckets(asked, observed, ENDS, lag, now)[fresh].all()


@given(days(), lags, moments)
def test_a_day_without_a_due_gap_has_no_gap_among_the_due(day, lag, now):
    asked, observed = day
    due_at = next_gap_due(asked, observed, ENDS)
    gaps = (asked > 0) & (asked <= now) & ~observed & (asked - ENDS >= 2 * lag)
    if due_at is None or due_at > now:
        assert not due_buckets(asked, observed, ENDS, lag, now)[gaps].any()
    elif (ends_closed(lag, now) | (asked == 0)).all():
        assert due_buckets(asked, observed, ENDS, lag, now)[(asked > 0) & ~observed].any()


@pytest.mark.slow
def test_a_gap_is_asked_about_less_and_less_often():
    asked, observed = ENDS + 400, np.ones(len(ENDS), bool)
    observed[100:130] = False
    asked[100:130] = ENDS[129] + 60
    questions = []
    for now in range(int(ENDS[129]) + 60, MIDNIGHT + 35 * DAY, 60):
        if due_buckets(asked, observed, ENDS, 30, now)[100:130].any():
            questions.append(now)
            asked[100:130] = now
    ages = [now - ENDS[129] for now in questions]
    assert 12 <= len(questions) <= 25
    assert ages[0] <= 800
    assert all(later <= 2 * max(age, 675) + 60 for age, later in pairwise(ages))


@pytest.mark.slow
def test_gaps_of_one_day_share_their_questions():
    observed = np.ones(len(ENDS), bool)
    observed[::7] = False
    asked = np.full(len(ENDS), ENDS[-1] + 3600)
    together = []
    for now in range(int(asked[0]), int(asked[0]) + 20 * DAY, 60):
        due = due_buckets(asked, observed, ENDS, 30, now)
        if due.any():
            together.append(len(coalesce(intervals_of(due, MIDNIGHT, STEP))))
            asked[due] = now
    assert len(together) < 20
    assert set(together) == {1}


@given(st.sets(st.integers(0, 2000), max_size=200))
def test_few_intervals_cover_all_that_is_due_and_little_more(indices):
    due = [Interval(i * STEP, (i + 1) * STEP, STEP) for i in indices]
    joined = coalesce(due)
    covered = [start // STEP for one in joined for start in range(one.start, one.end, STEP)]
    assert indices <= set(covered)
    assert len(covered) == len(set(covered))
    holes = [right.start - left.end for left, right in pairwise(joined)]
    assert all(hole > 12 * STEP for hole in holes)
    assert len(covered) - len(indices) <= 96 * max(0, len(indices) - 1)


def test_known_stretches_are_not_asked_for_again_to_save_one_request():
    apart = [Interval(0, STEP, STEP), Interval(14 * STEP, 15 * STEP, STEP)]
    assert coalesce(apart) == apart


def test_an_interval_is_clipped_to_whole_buckets():
    assert clip(Interval(0, 10 * STEP, STEP), 3 * STEP + 1) == Interval(0, 3 * STEP, STEP)
    assert len(clip(Interval(10 * STEP, 20 * STEP, STEP), 3 * STEP)) == 0


def ends_closed(lag, now):
    return now - lag >= ENDS


SHORTEST, LONGEST = 675, 691_200  # waits for a gap: 11 min 15 s, doubled up to 8 days


@pytest.mark.parametrize(
    ("after", "wait"),
    [
        (0, SHORTEST),
        (2 * SHORTEST - 1, SHORTEST),
        (2 * SHORTEST, 2 * SHORTEST),
        (4 * SHORTEST - 1, 2 * SHORTEST),
        (LONGEST - 1, LONGEST // 2),
        (LONGEST, LONGEST),
        (4 * LONGEST, LONGEST),
    ],
)
def test_a_gap_is_due_at_the_next_moment_of_the_wait_that_its_age_has(after, wait):
    """Its age is that of the end of its last bucket when it was asked for."""
    moment = int(ENDS[8]) + after
    asked, observed = np.maximum(ENDS, moment), np.ones(len(ENDS), bool)
    observed[7:9] = False
    due = (moment // wait + 1) * wait
    assert next_gap_due(asked, observed, ENDS) == due
    found = [due_buckets(asked, observed, ENDS, 0, now)[7:9].tolist() for now in (due - 1, due)]
    assert found == [[False, False], [True, True]]


@pytest.mark.parametrize(("hole", "joined"), [(12, 1), (13, 8), (96, 8), (97, 8)])
def test_eight_intervals_join_over_twelve_known_buckets_alone(hole, joined):
    assert len(coalesce(apart(8, hole))) == joined


@pytest.mark.parametrize(("hole", "joined"), [(12, 1), (13, 1), (96, 1), (97, 9)])
def test_more_than_eight_intervals_join_over_up_to_ninety_six(hole, joined):
    assert len(coalesce(apart(9, hole))) == joined


def apart(count, hole):
    starts = [MIDNIGHT + STEP * (hole + 1) * number for number in range(count)]
    return [Interval(start, start + STEP, STEP) for start in starts]
