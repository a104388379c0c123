"""The joint view of one app, from the ledger alone."""

from __future__ import annotations

import numpy as np
import pytest

from tests.review.shop import DAY, START, STEP, Shop, steady
from tomoni.review.model import Period, Review


def review_at(shop: Shop, now: int, days: int = 3) -> Review:
    tomoni = shop.open(now)
    try:
        tomoni.sync(days=20)
        return tomoni.review(tomoni.catalog.apps[0], Period(now, days))
    finally:
        tomoni.close()


def test_success_and_traffic_are_those_of_each_bucket_of_the_period(shop: Shop) -> None:
    end = START + 5 * DAY
    (track,) = review_at(shop, end).tracks
    rows = [row for row in steady(6) if end - 3 * DAY <= row[0] < end]
    assert track.success.times.tolist() == [row[0] for row in rows]
    assert track.success.values == pytest.approx([1 - row[2] / row[1] for row in rows])
    assert track.traffic.values == pytest.approx([row[1] / STEP for row in rows])


def test_the_rolling_line_ends_at_the_figure_of_the_card(shop: Shop) -> None:
    (track,) = review_at(shop, START + 5 * DAY).tracks
    assert track.rolling.times[-1] == track.status.figures.end
    assert track.rolling.values[-1] == pytest.approx(track.status.figures.remaining, rel=1e-12)


def test_the_burn_down_starts_at_one_and_never_rises(shop: Shop) -> None:
    (track,) = review_at(shop, START + 5 * DAY).tracks
    values = track.burn_down.values
    assert values[0] == 1
    assert (np.diff(values[~np.isnan(values)]) <= 0).all()
    assert (track.pace.values[0], track.pace.values[-1]) == (1, 0)


def test_a_gap_of_the_source_stays_a_gap_in_every_line(shop: Shop) -> None:
    hole = range(START + 4 * DAY, START + 4 * DAY + 7200, STEP)
    shop.write_orders(row for row in steady(6) if row[0] not in hole)
    shop.write_hosts((START + i * 300, 0.5) for i in range(6 * 288) if START + i * 300 not in hole)
    review = review_at(shop, START + 5 * DAY)
    for line in (review.tracks[0].success, review.tracks[0].traffic, review.lanes[0].values):
        missing = line.times[np.isnan(line.values)]
        assert missing.tolist() == list(hole)


def test_zero_traffic_is_no_gap_in_traffic_but_has_no_success(shop: Shop) -> None:
    shop.write_orders((time, 0.0 if time >= START + 4 * DAY else total, 0.0) for time, total, _ in steady(6))
    (track,) = review_at(shop, START + 5 * DAY).tracks
    assert track.traffic.values[-1] == 0
    assert np.isnan(track.success.values[-1])


def test_a_lane_shows_its_signal_and_where_it_comes_from(shop: Shop) -> None:
    (lane,) = review_at(shop, START + 5 * DAY).lanes
    assert lane.signal.id == "cpu"
    assert lane.values.values == pytest.approx(np.full(3 * 288, 0.5))
    assert lane.queries
    assert lane.problem is None


def test_a_lane_whose_source_fails_leaves_the_others_alone(shop: Shop) -> None:
    (shop.folder / "data" / "hosts.csv").unlink()
    review = review_at(shop, START + 5 * DAY)
    assert review.lanes[0].problem is not None
    assert np.isnan(review.lanes[0].values.values).all()
    assert review.tracks[0].status.problem is None
    assert [problem.source for problem in review.problems] == ["exports"]


def test_a_journey_shows_its_own_tracks_and_the_lanes_that_carry_it(shop: Shop) -> None:
    review = review_at(shop, START + 5 * DAY)
    assert len(review.tracks_of("buy")) == 1
    assert len(review.lanes_of("buy")) == 1
    assert review.tracks_of("other") == ()
