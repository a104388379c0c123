import itertools
from fractions import Fraction
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.slo.making import (
    HOUR,
    START,
    buckets,
    definition,
    definitions,
    fractional_buckets,
    spiked,
    steady,
    whole_buckets,
)
from tomoni.slo.episodes import BurnLedger, burn_ledger
from tomoni.slo.model import Buckets, Definition
from tomoni.slo.status import evaluate


def ledger(held: Buckets, objective: str = "99") -> BurnLedger:
    return burn_ledger(held, definition(objective), held.start, held.end)


@given(st.one_of(whole_buckets, fractional_buckets), definitions)
def test_episodes_and_background_are_exactly_all_that_was_bad(held: Buckets, wanted: Definition) -> None:
    wholly = burn_ledger(held, wanted, held.start, held.end)
    assert sum(episode.bad for episode in wholly.episodes) + wholly.background_bad == wholly.bad
    assert wholly.background_bad >= 0
    shares = [episode.share_of_bad for episode in wholly.episodes]
    if wholly.background_share_of_bad is not None:
        assert fsum([*shares, wholly.background_share_of_bad]) == pytest.approx(1)


@given(whole_buckets, st.sampled_from(["90", "99", "99.9", "100"]))
def test_what_is_told_is_what_the_figures_of_the_window_say(held: Buckets, objective: str) -> None:
    figures = evaluate(held, definition(objective, held.end - held.start), held.end)
    told = ledger(held, objective)
    assert (told.bad, told.allowed_bad) == (figures.bad, figures.allowed_bad)


@given(whole_buckets, definitions)
def test_episodes_lie_apart_and_begin_and_end_with_a_burning_unit(held: Buckets, wanted: Definition) -> None:
    episodes = burn_ledger(held, wanted, held.start, held.end).episodes
    for episode in episodes:
        assert held.start <= episode.start < episode.end
        assert 0 < episode.bad <= episode.total
        if episode.worst_burn is not None:
            assert episode.worst_burn > 2
            assert episode.worst_burn >= episode.bad / episode.total / float(wanted.objective.allowance) * (1 - 1e-9)
    for earlier, later in itertools.pairwise(episodes):
        assert later.start - earlier.end >= 1800


def test_a_bucket_burns_above_twice_the_allowed_ratio() -> None:
    assert ledger(spiked(10, {3: 2})).episodes == ()
    assert [(e.start, e.end) for e in ledger(spiked(10, {3: 3})).episodes] == [(START + 900, START + 1200)]


def test_burning_buckets_less_than_half_an_hour_apart_are_one_episode() -> None:
    near, far = ledger(spiked(30, {2: 10, 8: 10})), ledger(spiked(30, {2: 10, 9: 10}))
    assert len(near.episodes) == 1  # five calm buckets: 25 minutes
    assert len(far.episodes) == 2  # six: 30 minutes


def test_an_episode_holds_the_calmer_buckets_between_burning_ones() -> None:
    (episode,) = ledger(spiked(30, {2: 10, 3: 1, 4: 30})).episodes
    assert (episode.bad, episode.total) == (41, 300)
    assert episode.worst_burn == pytest.approx(30)
    assert episode.share_of_budget == pytest.approx(41 / 30)
    assert episode.share_of_bad == 1


def test_an_episode_below_one_percent_of_the_budget_is_background() -> None:
    held = buckets([(1000, 1000)] * 200 + [(10, 100), (1000, 1000)])  # budget 2011
    told = ledger(held)
    assert len(told.episodes) == 1
    small = buckets([(1000, 1000)] * 200 + [(80, 100), (1000, 1000)])
    assert ledger(small).episodes == ()
    assert ledger(small).background_bad == 20
    assert ledger(small).background_share_of_budget == pytest.approx(20 / 2011)


def test_without_an_allowance_every_bad_bucket_is_an_episode_without_a_share() -> None:
    (episode,) = ledger(spiked(10, {3: 1}), "100").episodes
    assert (episode.share_of_budget, episode.worst_burn, episode.share_of_bad) == (None, None, 1)


def test_nothing_bad_is_told_as_nothing() -> None:
    told = ledger(steady(12, 100, 100))
    assert (told.bad, told.episodes, told.background_bad, told.background_share_of_bad) == (0, (), 0, None)


def test_a_window_without_traffic_has_no_shares() -> None:
    told = burn_ledger(buckets([None] * 3), definition(), START, START + HOUR)
    assert (told.allowed_bad, told.background_share_of_budget) == (0, None)


@pytest.mark.parametrize(("share", "found"), [(Fraction(4, 100), [4]), (Fraction(401, 10_000), [])])
def test_what_burned_exactly_the_noticeable_share_is_an_episode_and_less_is_background(
    share: Fraction, found: list[float]
) -> None:
    held = spiked(100, {3: 4})  # of a budget of 100 events
    wholly = burn_ledger(held, definition("99"), held.start, held.end, share)
    assert [episode.bad for episode in wholly.episodes] == found
    assert wholly.background_bad == 4 - sum(found)
