"""The demo source: the same world however it is asked, and the story that its apps tell."""

from __future__ import annotations

import time

import numpy as np
import pytest

from data_sources.base import Interval, Request, Series
from data_sources.demo.config import DemoConfig
from data_sources.demo.shapes import Frame
from data_sources.demo.source import DemoSource
from data_sources.demo.world import COUNTS, SIGNALS
from data_sources.errors import NotFound, QueryRefused
from data_sources.queries import Counts, Query, Ratio, TextSignal
from tests.data_sources.contract import Case, Harness, SourceContract, series_of
from tests.tables import table

DAY = 86_400
ANCHOR = 1_795_132_800  # Friday, 20 November 2026, 00:00 UTC
NOW = ANCHOR + 9 * 3600 + 130.0
FIVE_WEEKS = Interval(ANCHOR - 35 * DAY, ANCHOR + 9 * 3600, 300)
INCIDENT = ANCHOR - 9 * 3600 - 5 * DAY + 14 * 3600 + 300  # 14:05 in Tokyo, but on a Sunday
INCIDENT -= 2 * DAY  # so it is told of the Friday before


def demo(seed: int = 7, now: float = NOW) -> DemoSource:
    return DemoSource("demo", DemoConfig(kind="demo", seed=seed), clock=lambda: now)


def every_query() -> dict[str, Query]:
    queries: dict[str, Query] = {name: Counts(counts=name) for name in COUNTS}
    return queries | {name: TextSignal(query=name) for name in SIGNALS}


def remaining(series: Series, objective: float) -> float:
    total = np.nansum(series.columns["total"])
    bad = np.nansum(series.columns["total"] - series.columns["good"])
    return float(1 - bad / (total * (1 - objective)))


def last_28_days(name: str) -> Series:
    return series_of(demo(), Counts(counts=name), Interval(FIVE_WEEKS.end - 28 * DAY, FIVE_WEEKS.end, 300))


class TestTheDemoKeepsTheContract(SourceContract):
    @pytest.fixture
    def harness(self) -> Harness:
        begin = ANCHOR - 9 * DAY  # the day with the hour that nobody observed
        interval = Interval(begin, begin + DAY, 300)
        source = demo()
        truth = {
            name: series_of(demo(), query, FIVE_WEEKS).columns
            for name, query in every_query().items()
            if name in {"checkout-availability", "returns-availability", "office-cpu"}
        }
        first = (begin - FIVE_WEEKS.start) // 300

        def case(name: str) -> Case:
            columns = {key: column[first : first + len(interval)] for key, column in truth[name].items()}
            columns.pop("absent", None)
            return Case(every_query()[name], **columns)

        return Harness(
            source=source,
            interval=interval,
            steady=case("checkout-availability"),
            broken=Counts(counts="checkout-availabilty"),
            gap=case("returns-availability"),
            quiet=case("returns-availability"),
            signal=case("office-cpu"),
        )


@table("name", [*COUNTS, *SIGNALS])
def test_longer_buckets_are_the_sums_or_means_of_shorter_ones(name: str) -> None:
    day = (ANCHOR - 9 * DAY, ANCHOR - 8 * DAY)
    query = every_query()[name]
    minutes = series_of(demo(), query, Interval(*day, 60)).columns
    for step in (300, 3600):
        longer = series_of(demo(), query, Interval(*day, step)).columns
        for column, values in longer.items():
            rows = minutes[column].reshape(len(values), -1)
            together = rows.mean(axis=1) if column == "value" else rows.sum(axis=1)
            np.testing.assert_allclose(values, together, rtol=1e-12)


def test_pieces_give_the_same_buckets_as_the_whole() -> None:
    for query in every_query().values():
        whole = series_of(demo(), query, FIVE_WEEKS).columns
        for begin in (0, 5000, len(FIVE_WEEKS) - 400):
            start = FIVE_WEEKS.start + begin * 300
            part = series_of(demo(), query, Interval(start, start + 399 * 300, 300)).columns
            for column, values in part.items():
                np.testing.assert_array_equal(values, whole[column][begin : begin + 399])


def test_the_world_depends_on_the_day_not_on_the_hour_in_which_it_is_built() -> None:
    query = Counts(counts="checkout-availability")
    early = series_of(demo(now=ANCHOR + 60.0), query, Interval(ANCHOR - DAY, ANCHOR, 300))
    late = series_of(demo(now=ANCHOR + DAY - 1.0), query, Interval(ANCHOR - DAY, ANCHOR, 300))
    np.testing.assert_array_equal(early.columns["good"], late.columns["good"])


@pytest.mark.parametrize("other", [8, -1, 2**70])
def test_another_seed_is_another_world(other: int) -> None:
    query = Counts(counts="checkout-availability")
    ours = series_of(demo(), query, FIVE_WEEKS).columns["total"]
    theirs = series_of(demo(seed=other), query, FIVE_WEEKS).columns["total"]
    assert (ours != theirs).mean() > 0.9


def test_counts_are_whole_and_never_more_good_than_all() -> None:
    for name in COUNTS:
        columns = series_of(demo(), Counts(counts=name), FIVE_WEEKS).columns
        good, total = (column[~np.isnan(column)] for column in (columns["good"], columns["total"]))
        assert (good == np.floor(good)).all()
        assert (total == np.floor(total)).all()
        assert (good >= 0).all()
        assert (good <= total).all()


def test_ratios_of_one_app_share_their_events() -> None:
    first, second = (
        series_of(demo(), Counts(counts=name), FIVE_WEEKS).columns["total"]
        for name in ("checkout-availability", "checkout-latency")
    )
    np.testing.assert_array_equal(first, second)


def test_five_weeks_of_every_series_take_less_than_a_second() -> None:
    requests = [Request(name, query, FIVE_WEEKS) for name, query in every_query().items()]
    taken = []
    for _ in range(3):  # what else runs in this process counts too
        began = time.process_time()
        assert sum(answer.error is None for answer in demo().fetch(requests)) == len(requests)
        taken.append(time.process_time() - began)
    assert min(taken) < 1


def test_what_has_not_ended_is_not_observed() -> None:
    ahead = Interval(ANCHOR + 9 * 3600, ANCHOR + 10 * 3600, 60)
    observed = ~np.isnan(series_of(demo(), Counts(counts="search-availability"), ahead).columns["total"])
    assert np.flatnonzero(observed).tolist() == [0, 1]


def test_users_sleep_at_night_and_offices_close_on_weekends() -> None:
    hours = Interval(ANCHOR - 9 * 3600 - 7 * DAY, ANCHOR - 9 * 3600, 3600)
    search = series_of(demo(), Counts(counts="search-availability"), hours).columns["total"].reshape(7, 24)
    assert (search[:, 4] < 0.1 * search[:, 20]).all()
    office = series_of(demo(), Counts(counts="returns-availability"), hours).columns["total"].reshape(7, 24)
    assert np.nansum(office[:, :7]) == 0
    assert [bool(np.nansum(day) > 0) for day in office] == [True, False, False, True, True, True, True]


def test_nothing_is_deployed_on_a_weekend() -> None:
    for day in range(14):
        moment = Frame(anchor=ANCHOR + day * DAY, seed=7).moment(5, "14:05")
        local = time.gmtime(moment + 9 * 3600)
        assert (local.tm_hour, local.tm_min) == (14, 5)
        assert local.tm_wday < 5
        assert 4 * DAY < ANCHOR + day * DAY - moment < 8 * DAY


def test_the_deploy_spends_half_of_the_availability_budget_in_about_an_hour() -> None:
    series = last_28_days("checkout-availability")
    bad = series.columns["total"] - series.columns["good"]
    first = (INCIDENT - series.interval.start) // 300
    allowed = series.columns["total"].sum() * 0.001
    assert 0.4 < bad[first : first + 14].sum() / allowed < 0.6
    assert 0.1 < remaining(series, 0.999) < 0.25


def test_the_connection_pool_is_full_before_the_deploy_hurts_and_the_balancer_slows_down() -> None:
    hour = Interval(INCIDENT - 300, INCIDENT + 3300, 60)
    pool = series_of(demo(), TextSignal(query="checkout-db-connections"), hour).columns["value"]
    p95 = series_of(demo(), TextSignal(query="checkout-lb-p95"), hour).columns["value"]
    assert pool[5] > 95 > pool[0] + 30
    assert pool.max() == 100
    assert p95.max() > 4 * p95[0]
    before = Interval(hour.start - DAY, hour.end - DAY, 60)
    assert series_of(demo(), TextSignal(query="checkout-db-connections"), before).columns["value"].max() < 75


@pytest.mark.parametrize(
    ("name", "objective", "low", "high"),
    [
        ("search-availability", 0.999, 0.5, 1.0),
        ("order-mail-in-time", 0.99, -0.5, 0.0),
        ("shipping-mail-in-time", 0.99, 0.05, 0.25),
        ("order-mail-delivered", 0.999, 0.3, 0.9),
    ],
)
def test_each_budget_ends_as_the_story_says(name: str, objective: float, low: float, high: float) -> None:
    assert low < remaining(last_28_days(name), objective) < high


def test_order_mail_gets_worse_week_by_week_while_its_queue_grows() -> None:
    series = last_28_days("order-mail-in-time")
    bad = (series.columns["total"] - series.columns["good"]).reshape(4, -1).sum(axis=1)
    assert (np.diff(bad) > 0).all()
    queue = series_of(demo(), TextSignal(query="mail-queue-depth"), series.interval).columns["value"]
    assert (np.diff(queue.reshape(4, -1).mean(axis=1)) > 0).all()


def test_one_hour_of_the_back_office_was_not_observed() -> None:
    for query in (Counts(counts="returns-availability"), TextSignal(query="office-cpu")):
        columns = series_of(demo(), query, FIVE_WEEKS).columns
        gap = np.flatnonzero(np.isnan(next(iter(columns.values()))))
        assert len(gap) == 12
        assert gap[-1] - gap[0] == 11


def test_the_stocktake_had_no_events_for_a_week() -> None:
    series = last_28_days("stocktake-import")
    assert series.columns["total"].sum() > 0
    assert series.columns["total"][-7 * 288 :].sum() == 0


def test_an_unknown_name_is_not_found_and_the_nearest_is_named() -> None:
    (answer,) = demo().fetch([Request("k", Counts(counts="checkout-availabilty"), FIVE_WEEKS)])
    assert isinstance(answer.error, NotFound)
    assert answer.error.facts["nearest"] == "checkout-availability"
    assert "stocktake-import" in str(answer.error.facts["known"])
    (answer,) = demo().fetch([Request("k", TextSignal(query="zzz"), FIVE_WEEKS)])
    assert answer.error is not None
    assert answer.error.facts["reason"] == "no_series"


def test_other_forms_and_half_minutes_are_refused() -> None:
    form, half = demo().fetch(
        [
            Request("form", Ratio(total="a", good="b"), FIVE_WEEKS),
            Request("half", Counts(counts="search-latency"), Interval(ANCHOR, ANCHOR + 300, 30)),
        ]
    )
    assert isinstance(form.error, QueryRefused)
    assert isinstance(half.error, QueryRefused)


def test_columns_of_a_demo_series_are_refused() -> None:
    (answer,) = demo().fetch([Request("one", Counts(counts=next(iter(COUNTS)), total="a", bad="b"), FIVE_WEEKS)])
    assert answer.error is not None
    assert (type(answer.error), answer.error.facts["reason"]) == (QueryRefused, "no_columns")
