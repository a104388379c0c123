"""The parts of an SLO and all others are the whole, exactly, whatever a source counted."""

from decimal import Decimal
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tomoni.slo.model import DAY, Buckets, Definition, FloatArray, Objective, RollingWindow, State, TimeSlices
from tomoni.slo.parts import PartCounts, SplitFigures, Values, split_figures
from tomoni.slo.status import evaluate

STEP, SIZE = 3600, 24
DEFINITION = Definition(Objective(Decimal("99")), RollingWindow(DAY))
AMOUNTS = st.one_of(
    st.integers(0, 10_000).map(float),
    st.floats(0, 1e6, allow_subnormal=False),
    st.sampled_from([0.0, 0.1, 1 / 3, 1e-9, 1e12, float("nan")]),
)


def buckets(good, total, excluded=()) -> Buckets:
    return Buckets(0, STEP, np.array(good, float), np.array(total, float), np.zeros(len(total), bool), excluded)


def counts(parts, beyond=None) -> PartCounts:
    good = {values: np.array(columns[0], float) for values, columns in parts.items()}
    total = {values: np.array(columns[1], float) for values, columns in parts.items()}
    beyond = np.zeros(SIZE) if beyond is None else np.array(beyond, float)
    return PartCounts(good, total, beyond, np.ones(SIZE, bool))


def split(whole: Buckets, parts: PartCounts, at_most=20, definition=DEFINITION) -> SplitFigures:
    figures = evaluate(whole, definition, SIZE * STEP)
    return split_figures(("route",), parts, (whole, figures), definition, at_most)


def rows(draw, size=SIZE):
    return draw(st.lists(AMOUNTS, min_size=size, max_size=size))


@st.composite
def worlds(draw):
    """A whole and parts that need not fit together: late data, other rounding, gaps, a bound."""
    total, good = rows(draw), rows(draw)
    names = draw(st.integers(0, 5))
    parts = {(f"/{n}",): (rows(draw), rows(draw)) for n in range(names)}
    excluded = draw(st.sampled_from([(), ((3 * STEP, 5 * STEP),), ((0, SIZE * STEP),)]))
    beyond = draw(st.sampled_from([None, [3.0] * SIZE, [np.nan] * SIZE]))
    return buckets(good, total, excluded), counts(parts, beyond), draw(st.integers(1, 6))


@given(worlds())
@settings(max_examples=60)
def test_the_parts_and_all_others_add_up_to_the_whole_in_any_order(world):
    whole, parts, at_most = world
    found = split(whole, parts, at_most)
    figures = evaluate(whole, DEFINITION, SIZE * STEP)
    every = [*found.parts, *([found.other] if found.other else [])]
    for order in list(permutations(every))[:24]:
        assert sum(part.bad for part in order) == (figures.bad if every else 0)
        assert sum(part.total for part in order) == (figures.total if every else 0)
    assert all(0 <= part.bad <= part.total for part in every)
    assert every or figures.total == 0
    assert len(found.parts) <= at_most
    assert [part.bad for part in found.parts] == sorted((part.bad for part in found.parts), reverse=True)


def test_the_worst_part_is_first_and_judged_by_itself():
    parts = {("/pay",): ([80] * SIZE, [100] * SIZE), ("",): ([900] * SIZE, [900] * SIZE)}
    found = split(buckets([980] * SIZE, [1000] * SIZE), counts(parts))
    worst, fine = found.parts
    assert (worst.values, worst.bad, worst.total) == (("/pay",), 480, 2400)
    assert worst.share_of_bad == 1
    assert worst.share_of_traffic == pytest.approx(0.1)
    assert worst.spent == pytest.approx(2)  # 480 of 240
    assert worst.figures.sli == pytest.approx(0.8)
    assert worst.figures.state is State.EXHAUSTED
    assert fine.figures.state is State.HEALTHY
    assert found.other is None


def test_what_is_not_listed_is_one_part_with_a_verdict_of_its_own():
    parts = {("/pay",): ([50] * SIZE, [100] * SIZE), ("/a",): ([100] * SIZE, [100] * SIZE)}
    found = split(buckets([1040] * SIZE, [1100] * SIZE), counts(parts, [7] * SIZE), at_most=1)
    assert [part.values for part in found.parts] == [("/pay",)]
    assert found.other is not None
    assert (found.other.bad, found.other.total, found.others) == (10 * SIZE, 1000 * SIZE, 8)
    assert found.other.figures.sli == pytest.approx(0.99)
    assert not found.parts[0].least


def test_a_source_that_counts_more_in_the_parts_than_in_the_whole_is_cut_down_and_told():
    parts = {("/a",): ([90] * SIZE, [100] * SIZE), ("/b",): ([90] * SIZE, [100] * SIZE)}
    found = split(buckets([90] * SIZE, [100] * SIZE), counts(parts))
    assert found.reduced == SIZE
    assert [part.total for part in found.parts] == pytest.approx([50 * SIZE, 50 * SIZE])
    assert sum(part.bad for part in found.parts) == 10 * SIZE


def test_rounding_is_no_part_of_its_own():
    thirds = {(f"/{n}",): (np.full(SIZE, 100 / 3) - 0.1, np.full(SIZE, 100 / 3)) for n in range(3)}
    found = split(buckets([99.7] * SIZE, [100] * SIZE), counts(thirds))
    assert (found.other, found.reduced) == (None, 0)


def test_values_that_come_and_go_are_dated_and_holes_of_the_list_are_told():
    size, step = 96, 3600
    definition = Definition(Objective(Decimal("99")), RollingWindow(4 * DAY))
    whole = Buckets(0, step, np.full(size, 300.0), np.full(size, 300.0), np.zeros(size, bool))
    first, second, always = np.full(size, np.nan), np.full(size, np.nan), np.full(size, 100.0)
    first[:48], second[48:] = 100, 100
    beyond = np.where(np.arange(size) < 10, 2.0, 0.0)
    columns: dict[Values, FloatArray] = {("old",): first, ("new",): second, ("/",): always}
    parts = PartCounts(columns, columns, beyond, np.ones(size, bool))
    figures = evaluate(whole, definition, size * step)
    found = {p.values[0]: p for p in split_figures(("r",), parts, (whole, figures), definition, 5).parts}
    assert (found["old"].since, found["old"].until) == (None, 48 * step)
    assert (found["new"].since, found["new"].until) == (48 * step, None)
    assert (found["/"].since, found["/"].until) == (None, None)
    assert [found[name].least for name in ("old", "new", "/")] == [False, True, False]


def test_parts_of_slices_count_events_and_judge_slices():
    slices = Definition(Objective(Decimal("90")), RollingWindow(DAY), TimeSlices(STEP, Decimal("99")))
    parts = {("/pay",): ([50] * SIZE, [100] * SIZE), ("/a",): ([900] * SIZE, [900] * SIZE)}
    found = split(buckets([950] * SIZE, [1000] * SIZE), counts(parts), definition=slices)
    assert (found.bad, found.total) == (50 * SIZE, 1000 * SIZE)
    assert [part.spent for part in found.parts] == [None, None]
    assert [part.figures.bad for part in found.parts] == [SIZE, 0]
