from hypothesis import given
from hypothesis import strategies as st

from tests.slo.making import HOUR, START, definition, definitions, fractional_buckets, spiked, steady, whole_buckets
from tomoni.slo.episodes import Episode, burn_ledger
from tomoni.slo.model import Buckets, Definition
from tomoni.slo.pricing import account, by_reason, explaining, price, whole_price
from tomoni.slo.tally import Span, exclude, merged, unit_seconds

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


@given(st.one_of(whole_buckets, fractional_buckets), definitions, spans, spans)
def test_incidents_episodes_and_background_add_up_to_what_was_spent(
    held: Buckets, wanted: Definition, named: list[Span], excluded: list[Span]
) -> None:
    held = exclude(held, excluded)
    ledger = burn_ledger(held, wanted, held.start, held.end)
    split = account(held, wanted, ledger, named)
    assert split.pricing.bad + sum(split.episodes) + split.background == split.bad == ledger.bad
    assert split.pricing == price(held, wanted, held.start, held.end, named)
    assert split.background >= 0
    for part, episode in zip(split.episodes, ledger.episodes, strict=True):
        assert 0 <= part <= episode.bad


@given(st.one_of(whole_buckets, fractional_buckets), definitions, st.data())
def test_the_ledger_adds_up_by_reason_too(held: Buckets, wanted: Definition, data: st.DataObject) -> None:
    ledger = burn_ledger(held, wanted, held.start, held.end)
    reasons = [data.draw(st.sampled_from(["incident", "deploy", None])) for _ in ledger.episodes]
    summed = by_reason(ledger, reasons)
    assert sum(summed.parts.values()) + summed.background == summed.bad == ledger.bad


@given(whole_buckets, spans, spans)
def test_the_price_of_an_interval_is_what_its_buckets_have(
    held: Buckets, named: list[Span], excluded: list[Span]
) -> None:
    def touched(bucket: int, some: list[Span]) -> bool:
        return any(start < end and start < bucket + 300 and bucket < end for start, end in some)

    bad = {held.start + 300 * n: held.total[n] - held.good[n] for n in range(len(held.total)) if held.total[n] >= 0}
    for span in named:
        expected = sum(value for at, value in bad.items() if touched(at, [span]) and not touched(at, excluded))
        assert whole_price(exclude(held, excluded), definition("99"), span) == expected


def test_what_is_excluded_costs_nothing() -> None:
    held = exclude(spiked(100, {10: 30, 11: 20}), [(START + 3300, START + 3600)])
    assert whole_price(held, definition("99"), (START + 3000, START + 3600)) == 30
    assert price(held, definition("99"), held.start, held.end, [(START + 3000, START + 3600)]).bad == 30


def test_an_episode_keeps_what_lies_outside_of_the_incident_within_it() -> None:
    held = spiked(100, {10: 30, 11: 20, 12: 7, 50: 1})
    ledger = burn_ledger(held, definition("99"), held.start, held.end)
    split = account(held, definition("99"), ledger, [(START + 3300, START + 3310)])
    assert (split.pricing.bad, split.episodes, split.background) == (20, (37,), 1)
