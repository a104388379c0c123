import itertools
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.slo.making import HOUR, START, buckets, definition, definitions, spiked, steady, whole_buckets
from tomoni.slo.model import Buckets, Definition, NoData, TimeSlices
from tomoni.slo.status import evaluate
from tomoni.slo.tally import cleaned, exclude, merged

spans = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=8)


@given(spans)
def test_merged_intervals_are_the_same_time_apart_and_in_order(named: list[tuple[int, int]]) -> None:
    joined = merged(named)
    assert {t for a, b in joined for t in range(a, b)} == {t for a, b in named for t in range(a, b)}
    assert all(earlier[1] < later[0] for earlier, later in itertools.pairwise(joined))


def test_an_excluded_bucket_leaves_both_counts() -> None:
    held = exclude(spiked(12, {3: 40, 7: 5}), [(START + 900, START + 1200)])
    figures = evaluate(held, definition(window=HOUR), held.end)
    assert (figures.bad, figures.total) == (5, 1100)


def test_an_excluded_bucket_is_not_missing() -> None:
    held = exclude(buckets([(1, 1)] * 6 + [None] * 6), [(START + 1800, START + 2700)])
    figures = evaluate(held, definition(window=HOUR), held.end)
    assert figures.excluded_seconds == 900
    assert figures.coverage == pytest.approx(6 / 9)
    assert figures.allowed_minutes == pytest.approx(0.45)


def test_a_bucket_that_an_exclusion_touches_is_taken_out_as_a_whole() -> None:
    held = exclude(steady(12), [(START + 299, START + 301)])
    assert evaluate(held, definition(window=HOUR), held.end).total == 1000


def test_an_hour_that_is_one_sum_is_taken_out_as_a_whole_and_alone() -> None:
    held = replace(steady(36), hours=np.ones(36, dtype=np.bool_))
    clean = cleaned(exclude(held, [(START + HOUR + 600, START + HOUR + 601)]), START, held.end)
    assert clean.excluded.tolist() == [12 <= place < 24 for place in range(36)]


def test_of_an_hour_that_is_not_one_sum_nothing_but_the_touched_bucket_is_taken_out() -> None:
    held = replace(steady(36), hours=np.arange(36) < 12)
    clean = cleaned(exclude(held, [(START + HOUR + 600, START + HOUR + 601)]), START, held.end)
    assert clean.excluded.tolist() == [place == 14 for place in range(36)]


def test_the_time_of_an_exclusion_leaves_time_slices() -> None:
    cut = TimeSlices(600, Decimal(95), NoData.BAD)
    held = exclude(buckets([(1, 1)] * 6 + [None] * 6), [(START + 1800, START + 3000)])
    figures = evaluate(held, definition(window=HOUR, slices=cut), held.end)
    assert (figures.total, figures.bad) == (4, 1)


def test_a_slice_that_is_partly_excluded_is_judged_by_the_rest() -> None:
    cut = TimeSlices(600, Decimal(95), NoData.BAD)
    held = exclude(buckets([(0, 10), (10, 10), (0, 10), None]), [(START, START + 300), (START + 600, START + 900)])
    figures = evaluate(held, definition(window=1200, slices=cut), held.end)
    assert (figures.total, figures.bad) == (2, 1)


def test_excluding_all_of_a_window_leaves_nothing_to_judge() -> None:
    figures = evaluate(exclude(steady(12), [(0, 2 * START)]), definition(window=HOUR), START + HOUR)
    assert (figures.total, figures.coverage, figures.state, figures.allowed_minutes) == (0, 0, "no_data", 0)


@given(whole_buckets, definitions, st.integers(0, 60), st.integers(0, 60))
def test_an_exclusion_beyond_the_window_changes_nothing(
    held: Buckets, wanted: Definition, before: int, after: int
) -> None:
    wanted = Definition(wanted.objective, wanted.window, wanted.slices, rules=(), burn_windows_seconds=())
    plain = evaluate(held, wanted, held.end)
    spans = [(plain.start - 9000 - before, plain.start - 9000), (held.end, held.end + after)]
    excluded = evaluate(exclude(held, spans), wanted, held.end)
    assert (excluded.good, excluded.total, excluded.coverage) == (plain.good, plain.total, plain.coverage)
