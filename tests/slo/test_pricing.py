from hypothesis import given
from hypothesis import strategies as st

from tests.slo.making import HOUR, START, definition, definitions, fractional_buckets, spiked, steady, whole_buckets
from tomoni.slo.episodes import Episode
from tomoni.slo.model import Buckets, Definition
from tomoni.slo.pricing import explaining, price
from tomoni.slo.tally import Span, merged, unit_seconds

spans = st.lists(
    st.tuples(st.integers(START - HOUR, START + 8 * HOUR), st.integers(0, 3 * HOUR)).map(lambda s: (s[0], s[0] + s[1])),
    max_size=6,
)


@given(st.one_of(whole_buckets, fractional_buckets), definitions, spans)
def test_overlaps_are_counted_once(held: Buckets, wanted: Definition, named: list[Span]) -> None:
    priced = price(held, wanted, held.start, held.end, named)
    apart = price(held, wanted, held.start, held.end, _outward(named, unit_seconds(held, wanted)))
    assert sum(each.own_bad for each in priced.prices) == priced.bad == sum(each.bad for each in apart.prices)
    for each in priced.prices:
        assert 0 <= each.own_bad <= each.bad <= priced.bad


def _outward(named: list[Span], unit: int) -> tuple[Span, ...]:
    """The union of the intervals in whole units."""
    return merged((start // unit * unit, -(-end // unit) * unit) for start, end in named if start < end)


def test_the_price_of_an_incident_is_what_was_bad_in_it() -> None:
    held = spiked(100, {10: 30, 11: 20, 50: 50})
    priced = price(held, definition("99"), held.start, held.end, [(START + 3000, START + 3600)])
    assert (priced.bad, priced.share_of_budget, priced.share_of_bad) == (50, 0.5, 0.5)


def test_an_incident_within_one_bucket_is_charged_with_that_bucket() -> None:
    held = spiked(100, {10: 30})
    priced = price(
        held, definition("99"), held.start, held.end, [(START + 3010, START + 3020), (START + 3020, START + 3020)]
    )
    assert [each.bad for each in priced.prices] == [30, 0]


def test_a_later_interval_gives_way_to_an_earlier_one() -> None:
    held = spiked(100, {10: 30, 11: 20, 12: 7})
    later, earlier = (START + 3300, START + 3900), (START + 3000, START + 3600)
    priced = price(held, definition("99"), held.start, held.end, [later, earlier])
    assert [(each.bad, each.own_bad) for each in priced.prices] == [(27, 7), (50, 50)]
    assert priced.bad == 57


def test_outside_the_window_an_interval_costs_nothing() -> None:
    held = spiked(100, {10: 30})
    assert price(held, definition("99"), START + HOUR, held.end, [(START, START + HOUR)]).bad == 0


def test_where_nothing_is_allowed_there_is_no_share_of_the_budget() -> None:
    priced = price(steady(3), definition("100"), START, START + 900, [(START, START + 300)])
    assert (priced.share_of_budget, priced.share_of_bad) == (None, 1 / 3)


def test_an_episode_is_explained_by_the_intervals_that_overlap_it() -> None:
    episode = Episode(100, 200, 1, 1, None, 1, None)
    assert explaining(episode, [(0, 100), (0, 101), (150, 160), (199, 300), (200, 300), (150, 150)]) == (1, 2, 3)
