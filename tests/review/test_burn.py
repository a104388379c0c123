"""What burned the budget adds up, and its letters name the largest in order of time."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.slo.making import DAY, START, definition, fractional_buckets, spiked
from tomoni.review.joint import SHOWN, burn_of
from tomoni.slo.model import Buckets
from tomoni.slo.status import evaluate


def test_everything_that_was_bad_is_in_a_letter_among_the_others_or_in_the_background() -> None:
    places = {24 * hour: 10.0 + hour for hour in range(11)} | {5: 1.0}
    buckets = spiked(288, places)
    burn = burn_of(buckets, definition("99"), evaluate(buckets, definition("99"), START + DAY))
    assert [each.letter for each in burn.shown] == list("ABCDEFGH")
    starts = [each.episode.start for each in burn.shown]
    assert starts == sorted(starts)
    assert starts == [START + hour * 7200 for hour in range(3, 11)]  # the eight largest
    assert (burn.others, burn.others_bad) == (3, 33.0)
    assert sum(each.episode.bad for each in burn.shown) + 33.0 + burn.ledger.background_bad == sum(places.values())


@given(fractional_buckets, st.sampled_from(["50", "99", "99.9", "100"]))
@settings(max_examples=200, deadline=None)
def test_the_parts_are_the_whole_exactly(buckets: Buckets, objective: str) -> None:
    slo = definition(objective)
    burn = burn_of(buckets, slo, evaluate(buckets, slo, buckets.end))
    parts = [each.episode.bad for each in burn.shown] + [burn.others_bad, burn.ledger.background_bad]
    assert sum(map(Fraction, parts)) == Fraction(burn.ledger.bad)
    assert len(burn.shown) <= SHOWN


def test_a_window_without_anything_bad_has_no_letters() -> None:
    buckets = spiked(288, {})
    burn = burn_of(buckets, definition("99"), evaluate(buckets, definition("99"), START + DAY))
    assert (burn.shown, burn.others, burn.ledger.background_bad) == ((), 0, 0)
    assert burn.others_share_of_bad is None
    assert burn.others_share_of_budget == pytest.approx(0)
