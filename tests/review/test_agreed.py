"""What both teams agreed on shows in every review: exclusions, policies, one budget for a journey."""

from __future__ import annotations

import numpy as np
import pytest

from tests.review.shop import APP, DAY, START, STEP, Row, Shop, steady
from tomoni.review.model import Period, Review
from tomoni.slo.journeys import CompositeMethod
from tomoni.slo.model import State

HOUR = 3600
OUTAGE = START + 4 * DAY + 6 * HOUR  # 2026-09-26 06:00 UTC, 15:00 in Tokyo
END = START + 5 * DAY
EXCLUSIONS = """\
app: shop
exclusions:
  - {id: upgrade, reason: Upgrade, start: 2026-09-26T15:00, end: 2026-09-26T16:00}
  - {id: nightly, reason: Copy, repeats: FREQ=DAILY;COUNT=40, starting: 2026-09-27T02:00, lasts: 30m}
"""
POLICIES = """\
default: standard
policies:
  standard:
    levels: [{below: 0%, do: [Stop.]}, {below: 80%, do: [Look.]}, {below: 50%, do: [Care.]}]
"""


def with_outage(bad: float = 100.0) -> list[Row]:
    """Six days of 100 events a bucket, bad for one hour only."""
    rows = steady(6, bad_every=10**9)
    return [(time, total, bad if OUTAGE <= time < OUTAGE + HOUR else 0.0) for time, total, _ in rows]


def write(shop: Shop, path: str, text: str) -> None:
    file = shop.folder / "config" / path
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)


def review_of(shop: Shop, now: int = END, days: int = 3) -> Review:
    tomoni = shop.open(now)
    try:
        assert tomoni.catalog.errors == ()
        tomoni.sync(days=20)
        return tomoni.review(tomoni.catalog.apps[0], Period(now, days))
    finally:
        tomoni.close()


def test_excluded_time_counts_nowhere_and_is_still_seen(shop: Shop) -> None:
    shop.write_orders(with_outage())
    write(shop, "exclusions/shop.yaml", EXCLUSIONS)
    (track,) = review_of(shop).tracks
    figures = track.status.figures
    assert (figures.bad, figures.state, figures.coverage) == (0, State.HEALTHY, 1)
    assert figures.excluded_seconds == HOUR + 1800
    assert track.burn is not None
    assert track.burn.ledger.bad == 0
    assert track.status.daily_burn.values[-1] == 0
    assert min(track.success.values) == 0  # what was agreed to be left out did happen
    assert [(span.exclusion.id, span.start) for span in track.exclusions] == [
        ("upgrade", OUTAGE),
        ("nightly", START + 4 * DAY + 17 * HOUR),
    ]
    assert "time_excluded" in {notice.code for notice in track.status.notices}


def test_the_overview_leaves_out_what_the_review_leaves_out(shop: Shop) -> None:
    shop.write_orders(with_outage())
    write(shop, "exclusions/shop.yaml", EXCLUSIONS)
    (track,) = review_of(shop).tracks
    tomoni = shop.open(END)
    (status,) = tomoni.overview().statuses
    tomoni.close()
    assert status.figures == track.status.figures


def test_what_is_excluded_in_the_weeks_to_come_is_listed(shop: Shop) -> None:
    write(shop, "exclusions/shop.yaml", EXCLUSIONS)
    review = review_of(shop)
    planned = [span for span in review.exclusions if span.start >= END]
    assert len(planned) == 28
    assert all(span.exclusion.id == "nightly" for span in planned)


def test_an_exclusion_of_another_journey_changes_nothing(shop: Shop) -> None:
    shop.write_orders(with_outage())
    write(shop, "exclusions/shop.yaml", EXCLUSIONS)
    two = APP.replace("\ninfra:", "\n  - {id: look, slos: []}\ninfra:")
    (shop.folder / "config" / "apps" / "shop.yaml").write_text(two)
    write(shop, "exclusions/shop.yaml", EXCLUSIONS.replace("reason: Upgrade,", "reason: Upgrade, journeys: [look],"))
    (track,) = review_of(shop).tracks
    assert track.status.figures.bad == 1200


def test_without_a_policy_nothing_is_asked_for(shop: Shop) -> None:
    review = review_of(shop)
    assert review.policy is None
    assert review.tracks[0].policy is None


@pytest.mark.parametrize(("bad", "level"), [(0.0, None), (10.0, 0.8), (30.0, 0.5), (100.0, 0.0)])
def test_the_deepest_level_that_was_passed_holds_since_then(shop: Shop, bad: float, level: float | None) -> None:
    shop.write_orders(with_outage(bad))
    write(shop, "policies.yaml", POLICIES)
    review = review_of(shop)
    standing = review.tracks[0].policy
    assert standing is not None
    assert (standing.level.below if standing.level else None) == level
    if level is None:
        assert standing.or_longer
    else:
        # 57600 events in two days leave 576; the remaining budget passes the level within the outage.
        lost = int(np.floor(576 * (1 - level) / bad)) if level else int(np.ceil(576 / bad)) - 1
        assert (standing.since, standing.or_longer) == (OUTAGE + (lost + 1) * STEP, False)
    assert review.policy == standing


def test_a_budget_that_was_low_all_along_says_so(shop: Shop) -> None:
    shop.write_orders((time, total, 2.0) for time, total, _ in steady(6))
    write(shop, "policies.yaml", POLICIES)
    (track,) = review_of(shop).tracks
    assert track.policy is not None
    assert track.policy.or_longer
    assert track.policy.since == track.rolling.times[0]


def test_nothing_is_said_of_a_budget_without_data(shop: Shop) -> None:
    write(shop, "policies.yaml", POLICIES)
    tomoni = shop.open(END)
    (track,) = tomoni.review(tomoni.catalog.apps[0], Period(END, 3)).tracks
    tomoni.close()
    assert track.policy is not None
    assert (track.policy.level, track.policy.since) == (None, None)


def test_a_journey_is_as_its_worst_slo_and_has_the_budget_that_it_asks_for(shop: Shop) -> None:
    second = "      - {id: strict, objective: 99.9, window: 2d, sli: {source: exports, counts: orders.csv}}"
    app = APP.replace("id: buy\n", "id: buy\n    composite: worst_of\n").replace("\ninfra:", f"\n{second}\ninfra:")
    (shop.folder / "config" / "apps" / "shop.yaml").write_text(app)
    shop.write_orders(with_outage(10.0))
    (journey,) = review_of(shop).journeys
    assert journey.state is not None
    assert journey.state.state is State.EXHAUSTED
    assert journey.state.counts == {State.EXHAUSTED: 1, State.HEALTHY: 1}
    assert journey.composite is not None
    assert (journey.composite.method, journey.composite.worst) == (CompositeMethod.WORST_OF, 1)
