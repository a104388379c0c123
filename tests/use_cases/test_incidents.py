"""What an incident costs is what the ledger has of its interval."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.review.shop import APP, DAY, START, STEP, Shop
from tomoni.review.model import Period, Review
from tomoni.slo.episodes import BurnLedger, Episode
from tomoni.slo.typed_moments import local, typed_span
from tomoni.slo.typed_moments import typed as typed_moment
from tomoni.use_cases.incidents import SloPrices
from tomoni.use_cases.product import Tomoni
from tomoni.words import incidents as words
from tomoni.words.text import text_for

NOW = START + 6 * DAY
OUTAGE = range(1500, 1506)  # the buckets of an outage on the sixth day
EARLY = range(100, 103)


@pytest.fixture
def product(tmp_path: Path) -> Tomoni:
    shop = Shop(tmp_path)
    bad = {place: 30.0 + place for place in OUTAGE} | dict.fromkeys(EARLY, 7.0) | {1600: 1.0}
    shop.write_orders((START + place * STEP, 5000.0, bad.get(place, 0.0)) for place in range(6 * 288))
    product = shop.open(NOW)
    product.sync(days=6)
    return product


def review_of(product: Tomoni) -> Review:
    return product.review(product.apps()[0], Period(NOW, 1))


def priced(product: Tomoni, *spans: tuple[int, int]) -> SloPrices:
    (found,) = product.prices(review_of(product), spans)
    return found


def test_an_incident_costs_the_bad_events_of_the_buckets_that_it_touches(product: Tomoni) -> None:
    start = START + OUTAGE[1] * STEP
    within = priced(product, (start + 10, start + STEP + 10))
    assert within.whole == (1531.0 + 1532.0,)
    assert within.account.pricing.prices[0].bad == 1531.0 + 1532.0


def test_an_incident_longer_ago_than_the_review_reaches_is_read_from_the_ledger(product: Tomoni) -> None:
    found = priced(product, (START + EARLY[0] * STEP, START + EARLY[-1] * STEP))
    assert found.whole == (14.0,)
    assert found.account.pricing.bad == 0  # the window of two days has left it behind


def test_incidents_episodes_and_background_are_what_the_window_spent(product: Tomoni) -> None:
    first = START + OUTAGE[0] * STEP
    found = priced(product, (first, first + 2 * STEP), (first + STEP, first + 3 * STEP))
    spent = review_of(product).tracks[0].status.figures.bad
    assert found.account.pricing.bad == 1530.0 + 1531.0 + 1532.0
    assert found.account.episodes == (1533.0 + 1534.0 + 1535.0,)
    assert found.account.background == 1.0
    assert found.account.pricing.bad + sum(found.account.episodes) + found.account.background == spent


def test_what_comes_after_the_review_costs_nothing(product: Tomoni) -> None:
    assert priced(product, (NOW + DAY, NOW + 2 * DAY)).whole == (0.0,)


def test_a_review_without_incidents_has_no_prices(product: Tomoni) -> None:
    found = priced(product)
    assert (found.whole, found.account.pricing.bad) == ((), 0.0)


@pytest.mark.parametrize(
    ("changes", "offsets"), [("2026-10-25T01:00", (7200, 3600)), ("2027-03-28T01:00", (3600, 7200))]
)
def test_an_incident_across_a_change_of_the_clocks_costs_what_the_ledger_has_of_it(
    tmp_path: Path, changes: str, offsets: tuple[int, int]
) -> None:
    at = int(datetime.fromisoformat(f"{changes}Z").timestamp())
    assert tuple(_offset(at + around) for around in (-1, 0)) == offsets
    shop = Shop(tmp_path)
    app = APP.replace("Asia/Tokyo", "Europe/Berlin").replace("window: 2d", "window: {calendar: week}")
    (shop.folder / "config" / "apps" / "shop.yaml").write_text(app)
    bad = {at + place * STEP: 30.0 + place for place in range(-12, 12)}
    first = at - 3 * DAY
    times = [first + place * STEP for place in range(4 * 288)]
    shop.write_orders((time, 5000.0, bad.get(time, 0.0)) for time in times)
    product = shop.open(times[-1])
    product.sync(days=4)
    spans = ((at - 12 * STEP, at), (at, at + 12 * STEP), (at - STEP, at + STEP))
    (found,) = product.prices(product.review(product.apps()[0], Period(at + DAY // 4, 1)), spans)
    assert found.whole == tuple(sum(cost for time, cost in bad.items() if start <= time < end) for start, end in spans)
    assert found.account.pricing.bad == sum(bad.values())  # what two share counts once


def _offset(at: int) -> int:
    """How far the clocks of the zone are ahead of UTC, in seconds."""
    ahead = datetime.fromtimestamp(at, ZoneInfo("Europe/Berlin")).utcoffset()
    assert ahead is not None
    return int(ahead.total_seconds())


# The clocks of Berlin show 02:30 at 00:30Z and at 01:30Z of 25 October 2026, and on 28 March 2027 never.
BACK = 1_792_890_000  # 2026-10-25T01:00Z


@pytest.mark.parametrize(
    ("was", "typed", "expected"),
    [
        ((BACK + 1801, BACK + 2701), None, (BACK + 1801, BACK + 2701)),  # left as it is, in the second of two hours
        ((BACK - 1800, BACK + 1800), None, (BACK - 1800, BACK + 1800)),  # which both show 02:30
        ((BACK - 1800, BACK - 900), ("02:10", "02:45"), (BACK - 3000, BACK - 900)),  # typed: the first of them
        (None, ("02:50", "02:20"), (BACK - 600, BACK + 1200)),  # else it would end before it began
        (None, ("04:00", "02:20"), (BACK + 7200, BACK + 1200)),  # which it does
    ],
)
def test_a_typed_interval_is_what_was_meant_when_the_clocks_go_back(
    was: tuple[int, int] | None, typed: tuple[str, str] | None, expected: tuple[int, int]
) -> None:
    zone = ZoneInfo("Europe/Berlin")
    shown = [datetime.fromisoformat(f"2026-10-25T{each}") for each in typed or ()]
    start, end = shown or [local(each, zone) for each in was or ()]
    assert typed_span(start, end, zone, was) == expected
    if was and not typed:  # the moment of a review that is moved in no way
        assert tuple(typed_moment(local(each, zone), zone, each) for each in was) == was


@pytest.mark.parametrize(
    ("since", "told"),
    [
        (0, ""),
        (BACK, ""),
        (BACK + 1, " That began before the period of this review."),
        (BACK + STEP, " That was before the period of this review."),
    ],
)
def test_an_episode_of_before_the_period_of_a_review_is_told_to_be(since: int, told: str) -> None:
    episode = Episode(BACK, BACK + STEP, 5.0, 10.0, 0.5, 1.0, 9.0)
    ledger = BurnLedger(BACK - DAY, BACK + DAY, 5.0, 10.0, (episode,), 0.0, 0.0, 0.0)
    said = words.lead([words.Spending("Orders", ledger)], since, 0, text_for("en"))
    assert said.endswith(f"{told} Every episode has its reason.")
    assert said.count("before the period") == bool(told)
