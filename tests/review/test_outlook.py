"""What is due of some SLOs, and how they were a week before; from the ledger alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data_sources.base import Notice
from tests.review.shop import APP, DAY, START, STEP, Shop, steady
from tomoni.review.model import Period, SloStatus
from tomoni.review.outlook import DueKind, Outlook, due
from tomoni.slo.lines import Forecast
from tomoni.slo.model import Line, State
from tomoni.snapshots.record.comparing import Kind, compare_statuses, unchanged

NOW = START + 12 * DAY
NONE = Line(np.zeros(0, dtype=np.int64), np.zeros(0))
REVIEWS = "review: {every: 2 weeks, starting: 2026-10-13T10:00}\n"
EXCLUSIONS = """\
app: shop
exclusions:
  - {id: moving, reason: Moving the database, start: 2026-10-20T01:00, end: 2026-10-20T03:00}
  - {id: far, reason: Far away, start: 2027-01-20T01:00, end: 2027-01-20T03:00}
  - {id: nightly, reason: Copy, repeats: FREQ=DAILY;COUNT=400, starting: 2026-09-27T02:00, lasts: 30m}
"""


def seen(shop: Shop, app: str = APP) -> tuple[SloStatus, Outlook]:
    (shop.folder / "config" / "apps" / "shop.yaml").write_text(app)
    tomoni = shop.open(NOW)
    try:
        tomoni.sync(days=20)
        (status,) = tomoni.overview().statuses
        return status, tomoni.outlook({"shop": NOW})
    finally:
        tomoni.close()


def test_a_week_before_is_what_an_overview_of_that_moment_shows(shop: Shop) -> None:
    shop.write_orders(steady(12))
    _, outlook = seen(shop)
    tomoni = shop.open(NOW)
    (then,) = tomoni.overview(NOW - 7 * DAY).statuses
    tomoni.close()
    assert [status.figures for status in outlook.before.statuses] == [then.figures]


def test_a_forecast_is_the_one_of_the_joint_view(shop: Shop) -> None:
    shop.write_orders((time, total, 0.9) for time, total, _ in steady(12))
    status, outlook = seen(shop)
    tomoni = shop.open(NOW)
    (track,) = tomoni.review(status.app, Period(NOW, 28)).tracks
    tomoni.close()
    ours = outlook.forecasts[status.path]
    assert track.forecast is not None
    assert (ours.exhausts_at, ours.bad_ratio) == (track.forecast.exhausts_at, track.forecast.bad_ratio)


@pytest.mark.parametrize(
    ("state", "forecast", "kinds"),
    [
        (State.AT_RISK, Forecast(NONE, 0.0, NOW + DAY, None), [DueKind.RUNS_OUT]),
        (State.EXHAUSTED, Forecast(NONE, 0.0, None, NOW + DAY), [DueKind.RECOVERS]),
        (State.AT_RISK, Forecast(NONE, 0.0, NOW + 29 * DAY, None), []),
        (State.NO_DATA, Forecast(NONE, 0.0, NOW + DAY, None), []),
        (State.HEALTHY, None, []),
    ],
)
def test_only_a_forecast_of_a_verdict_within_four_weeks_is_due(
    shop: Shop, state: State, forecast: Forecast | None, kinds: list[DueKind]
) -> None:
    status, _ = seen(shop)
    status = replace(status, figures=replace(status.figures, state=state))
    coming = {} if forecast is None else {status.path: forecast}
    assert [each.kind for each in due([status], coming)] == kinds


def test_reviews_and_the_next_of_each_exclusion_are_due_in_order_of_time(shop: Shop) -> None:
    (shop.folder / "config" / "exclusions").mkdir()
    (shop.folder / "config" / "exclusions" / "shop.yaml").write_text(EXCLUSIONS)
    status, _ = seen(shop, APP + REVIEWS)
    found = due([status, status], {})
    assert [each.span.exclusion.id if each.span else each.kind for each in found] == [
        "nightly",
        DueKind.REVIEW,
        "moving",
    ]
    assert [each.at for each in found] == sorted(each.at for each in found)


def test_a_notice_that_lasts_is_a_change_once_and_one_that_passes_is_none(shop: Shop) -> None:
    status, _ = seen(shop)
    silent, passing = Notice("silent", {"seconds": STEP}), Notice("time_excluded", {"seconds": 60})
    after = replace(status, notices=(silent, passing))
    changes = compare_statuses({status.path: status}, {status.path: after})
    assert [(change.kind, change.notice) for change in changes] == [(Kind.NOTICE, silent)]
    assert unchanged({status.path: after}, changes) == ()
    assert compare_statuses({status.path: after}, {status.path: after}) == []
