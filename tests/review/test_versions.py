"""A definition that changed: marked on the figures, and the moments before it keep their numbers."""

from __future__ import annotations

import numpy as np
import pytest

from tests.review.shop import APP, DAY, START, Shop, steady
from tomoni.catalog.versions import as_defined
from tomoni.review.model import Period, Review

CHANGED_AT = START + 4 * DAY
END = START + 5 * DAY


def write(shop: Shop, app: str) -> None:
    (shop.folder / "config" / "apps" / "shop.yaml").write_text(app)


def sync(shop: Shop, now: int) -> None:
    tomoni = shop.open(now)
    tomoni.sync(days=20)
    tomoni.close()


def review_at(shop: Shop, at: int, now: int = END, days: int = 3) -> Review:
    tomoni = shop.open(now)
    try:
        return tomoni.review(tomoni.catalog.apps[0], Period(at, days))
    finally:
        tomoni.close()


def change(shop: Shop, app: str) -> Review:
    """Two days of one definition, one of another; the review before the change."""
    sync(shop, CHANGED_AT - 600)
    before = review_at(shop, CHANGED_AT - 600, now=CHANGED_AT - 600)
    write(shop, app)
    sync(shop, CHANGED_AT)
    sync(shop, END)
    return before


def test_a_definition_that_stays_has_one_version_and_no_change(shop: Shop) -> None:
    sync(shop, CHANGED_AT)
    sync(shop, END)
    (track,) = review_at(shop, END).tracks
    assert track.changes == ()
    assert track.version is not None
    assert track.version.first_seen == CHANGED_AT
    assert "definition_changed" not in {notice.code for notice in track.status.notices}


def test_a_changed_objective_is_marked_and_the_figures_are_those_in_force(shop: Shop) -> None:
    change(shop, APP.replace("objective: 99,", "objective: 99.5,"))
    (track,) = review_at(shop, END).tracks
    (found,) = track.changes
    assert (found.at, found.changed) == (CHANGED_AT, ("objective",))
    assert (found.before.body["objective"], found.after.body["objective"]) == ("99", "99.5")
    assert track.version == found.after
    assert float(track.status.slo.definition.objective.percent) == 99.5
    notices = {notice.code: notice.facts for notice in track.status.notices}
    assert notices["definition_changed"] == {"at": CHANGED_AT, "changed": "objective"}


def test_a_link_to_a_moment_before_the_change_keeps_its_numbers(shop: Shop) -> None:
    before = change(shop, APP.replace("objective: 99,", "objective: 99.9,").replace("window: 2d", "window: 1d"))
    again = review_at(shop, CHANGED_AT - 600)
    assert again.tracks[0].status.figures == before.tracks[0].status.figures
    assert np.array_equal(again.tracks[0].rolling.values, before.tracks[0].rolling.values, equal_nan=True)
    tomoni = shop.open(END)
    (status,) = tomoni.overview(CHANGED_AT - 600).statuses
    tomoni.close()
    assert status.figures == before.tracks[0].status.figures


def test_a_changed_query_starts_a_new_series_and_the_old_one_stays_readable(shop: Shop) -> None:
    orders = (shop.folder / "data" / "orders.csv").read_text()
    (shop.folder / "data" / "paid.csv").write_text(orders.replace(",10.0", ",20.0"))
    before = change(shop, APP.replace("orders.csv", "paid.csv"))
    (now,) = review_at(shop, END).tracks
    (found,) = now.changes
    assert found.changed == ("query",)
    assert found.before.series_key != found.after.series_key == now.status.slo.series.key
    twice = 2 * sum(bad for time, _, bad in steady(5) if time >= END - 2 * DAY)
    assert now.status.figures.bad == twice
    old = as_defined(now.status.slo, found.before)
    assert old is not None
    assert old.series.key == found.before.series_key
    assert review_at(shop, CHANGED_AT - 600).tracks[0].status.figures == before.tracks[0].status.figures


@pytest.mark.parametrize(("events", "named"), [("250.0", True), ("150.0", False)])
def test_a_query_that_counts_otherwise_at_the_same_times_is_named(shop: Shop, events: str, named: bool) -> None:
    orders = (shop.folder / "data" / "orders.csv").read_text()
    (shop.folder / "data" / "paid.csv").write_text(orders.replace(",100.0", f",{events}"))
    change(shop, APP.replace("orders.csv", "paid.csv"))
    (track,) = review_at(shop, END).tracks
    notices = {notice.code: notice.facts for notice in track.status.notices}
    assert "definition_changed" in notices
    assert ("traffic_step" in notices) is named
    if named:
        facts = notices["traffic_step"]
        assert facts["at"] == CHANGED_AT
        assert facts["after"] == pytest.approx(2.5 * float(facts["before"]))


def test_history_before_anybody_looked_is_read_as_it_is_defined_today(shop: Shop) -> None:
    sync(shop, CHANGED_AT)
    write(shop, APP.replace("objective: 99,", "objective: 99.5,"))
    sync(shop, END)
    (track,) = review_at(shop, CHANGED_AT - DAY).tracks
    assert float(track.status.slo.definition.objective.percent) == 99.5
    assert track.changes == ()


def test_a_clock_that_was_set_back_starts_no_version(shop: Shop) -> None:
    sync(shop, END)
    write(shop, APP.replace("objective: 99,", "objective: 99.5,"))
    sync(shop, CHANGED_AT)
    tomoni = shop.open(END)
    assert len(tomoni.ledger.definitions(["shop/buy/availability"])["shop/buy/availability"]) == 1
    tomoni.close()


def test_a_definition_that_comes_back_is_a_version_again(shop: Shop) -> None:
    change(shop, APP.replace("objective: 99,", "objective: 99.5,"))
    write(shop, APP)
    sync(shop, END)
    (track,) = review_at(shop, END).tracks
    assert [found.changed for found in track.changes] == [("objective",), ("objective",)]
    assert track.changes[0].before.hash == track.changes[1].after.hash


def test_an_old_version_that_cannot_be_read_leaves_the_slo_as_it_is(shop: Shop) -> None:
    sync(shop, CHANGED_AT)
    tomoni = shop.open(CHANGED_AT)
    (slo,) = tomoni.catalog.apps[0].journeys[0].slos
    (version,) = tomoni.ledger.definitions(["shop/buy/availability"])["shop/buy/availability"]
    tomoni.close()
    for body in ({}, {**version.body, "form": "Forgotten"}, {**version.body, "objective": "120"}):
        assert as_defined(slo, type(version)("x", 0, body, "", 300)) is None
