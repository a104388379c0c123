"""What an incident costs is what the ledger has of its interval."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.review.shop import DAY, START, STEP, Shop
from tomoni.review.model import Period, Review
from tomoni.use_cases.incidents import SloPrices
from tomoni.use_cases.product import Tomoni

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
