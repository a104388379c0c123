"""How SLOs stand, from the ledger alone."""

from __future__ import annotations

import numpy as np
import pytest

from tests.review.shop import APP, DAY, START, STEP, Shop, steady
from tomoni.review.model import SloStatus
from tomoni.slo.model import State


def status_at(shop: Shop, now: int, at: int | None = None, sync: bool = True) -> SloStatus:
    tomoni = shop.open(now)
    try:
        if sync:
            tomoni.sync(days=20)
        (status,) = tomoni.overview(at).statuses
    finally:
        tomoni.close()
    return status


def test_the_figures_are_those_of_the_rows_in_the_window(shop: Shop) -> None:
    end = START + 5 * DAY
    figures = status_at(shop, end).figures
    rows = [row for row in steady(6) if end - 2 * DAY <= row[0] < end]
    bad = sum(row[2] for row in rows)
    assert (figures.start, figures.end) == (end - 2 * DAY, end)
    assert (figures.total, figures.bad) == (100.0 * len(rows), bad)
    assert figures.coverage == 1
    assert figures.remaining == pytest.approx(1 - bad / (len(rows) * 100 * 0.01), rel=1e-12)


def test_before_anything_was_fetched_there_is_no_data_and_nothing_breaks(shop: Shop) -> None:
    status = status_at(shop, START + 5 * DAY, sync=False)
    assert status.figures.state is State.NO_DATA
    assert status.known_until is None
    assert status.problem is None
    assert status.change_7d is None


def test_the_same_moment_shows_the_same_figures_after_more_was_fetched(shop: Shop) -> None:
    moment = START + 4 * DAY
    before = status_at(shop, moment + 600, at=moment)
    after = status_at(shop, START + 6 * DAY, at=moment)
    assert after.figures == before.figures
    assert np.array_equal(after.daily.values, before.daily.values, equal_nan=True)


def test_a_source_that_fails_leaves_what_is_remembered_with_its_true_end(shop: Shop) -> None:
    known = START + 3 * DAY
    fresh = status_at(shop, known)
    (shop.folder / "data" / "orders.csv").unlink()
    late = status_at(shop, known + DAY)
    assert late.figures == fresh.figures
    assert late.known_until == known
    assert late.as_of == known + DAY
    assert late.problem is not None
    assert (late.problem.source, late.problem.code) == ("exports", "not_found")
    assert late.problem.answered == known
    assert "not_up_to_date" in {notice.code for notice in late.notices}


def test_a_problem_ends_when_the_source_answers_again(shop: Shop) -> None:
    orders = (shop.folder / "data" / "orders.csv").read_text()
    status_at(shop, START + 3 * DAY)
    (shop.folder / "data" / "orders.csv").unlink()
    assert status_at(shop, START + 4 * DAY).problem is not None
    (shop.folder / "data" / "orders.csv").write_text(orders)
    healed = status_at(shop, START + 5 * DAY)
    assert healed.problem is None
    assert healed.figures.end == START + 5 * DAY


def test_the_daily_line_ends_at_the_remaining_budget_of_the_card(shop: Shop) -> None:
    status = status_at(shop, START + 5 * DAY)
    assert len(status.daily.times) == 28
    assert status.daily.times[-1] == status.figures.end
    assert status.daily.values[-1] == pytest.approx(status.figures.remaining, rel=1e-12)


def test_the_change_over_a_week_is_the_difference_of_two_statuses(shop: Shop) -> None:
    shop.write_orders(steady(10) + [(START + (10 * 288 + i) * STEP, 100.0, 3.0) for i in range(288)])
    now = START + 11 * DAY
    today, before = status_at(shop, now), status_at(shop, now, at=now - 7 * DAY)
    assert today.figures.remaining is not None
    assert before.figures.remaining is not None
    assert today.change_7d == pytest.approx(today.figures.remaining - before.figures.remaining, rel=1e-9)


def test_the_worst_burn_of_a_day_is_that_of_its_worst_whole_hour(shop: Shop) -> None:
    rows = [(START + i * STEP, 100.0, 0.0) for i in range(4 * 288)]
    rows[288 + 30] = (rows[288 + 30][0], 100.0, 60.0)  # on 23 September in Tokyo, in the hour from 11:00
    shop.write_orders(rows)
    burn = status_at(shop, START + 4 * DAY).daily_burn
    assert burn.values[-4] == pytest.approx((60 / 1200) / 0.01)
    assert burn.values[-1] == 0
    assert np.isnan(burn.values[0])


def test_an_unknown_part_of_the_window_is_told(shop: Shop) -> None:
    shop.write_orders(row for row in steady(6) if not START + 4 * DAY <= row[0] < START + 4 * DAY + 7200)
    status = status_at(shop, START + 5 * DAY)
    assert status.figures.coverage == pytest.approx(1 - 7200 / (2 * DAY))
    assert "partly_observed" in {notice.code for notice in status.notices}


def test_a_source_that_is_taken_out_leaves_what_is_remembered(shop: Shop) -> None:
    known = status_at(shop, START + 3 * DAY)
    (shop.folder / "config" / "sources.yaml").write_text("sources: {other: {kind: demo}}\n")
    status = status_at(shop, START + 4 * DAY)
    assert status.figures == known.figures
    assert status.problem is not None
    assert (status.problem.code, status.problem.answered) == ("source_unusable", START + 3 * DAY)


def test_by_default_the_history_covers_the_window_of_every_day_that_is_drawn(shop: Shop) -> None:
    tomoni = shop.open(START + 5 * DAY)
    try:
        assert tomoni.catalog.settings.history_days < 28 + 93
        (shop.folder / "config" / "apps" / "shop.yaml").write_text(APP.replace("window: 2d", "window: 90d"))
        tomoni.close()
        tomoni = shop.open(START + 5 * DAY)
        tomoni.sync()
        (slo,) = tomoni.catalog.apps[0].journeys[0].slos
        start = START + 5 * DAY - (90 + 28) * DAY
        remembered = tomoni.ledger.read([slo.series], start, START)[slo.series.key]
        assert (remembered.fetched_at > 0).all()
    finally:
        tomoni.close()
