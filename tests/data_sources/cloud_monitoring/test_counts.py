"""Counts from Cloud Monitoring equal the truth: kinds, types, pages, delays, forgotten times."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from data_sources.base import Interval
from data_sources.cloud_monitoring.config import CloudSignal
from data_sources.queries import Expression, Gauge, Ratio
from tests.google_stand_in.asking import ask, columns, error_of, requests_for, source_at
from tests.google_stand_in.server import StandIn, running
from tests.google_stand_in.world import MetricSpec, Stream, World, cumulative, delta, gauge

DAY = 86_400
END = 1_790_000_400 // 3600 * 3600
DAYS = 28
START = END - DAYS * DAY
MINUTES = DAYS * 1440
LOAD_BALANCER = MetricSpec(
    "lb/request_count", "DELTA", "INT64", {"response_code": "INT64", "proto": "STRING"}, ("https_lb_rule",)
)
COUNTER = MetricSpec("app/requests", "CUMULATIVE", "DOUBLE", {"ok": "BOOL"}, delay_seconds=180)
UPTIME = MetricSpec("uptime/passed", "GAUGE", "BOOL", {"region": "STRING"}, ("uptime_url",))
QUEUE = MetricSpec("queue/size", "GAUGE", "INT64", {}, sample_seconds=60)
TOTAL = 'metric.type="lb/request_count" resource.type="https_lb_rule"'
RANDOM = np.random.default_rng(11)
BY_CODE = {
    "200": RANDOM.integers(0, 400, MINUTES),
    "404": RANDOM.integers(0, 9, MINUTES),
    "500": RANDOM.integers(0, 3, MINUTES),
    "503": np.where(np.arange(MINUTES) % 900 < 20, 50, 0),
}
OK, NOT_OK = RANDOM.integers(1, 60, MINUTES), np.where(np.arange(MINUTES) % 77 == 0, 4, 0)
UP = {region: RANDOM.random(MINUTES) > 0.01 for region in ("usa", "asia")}


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    world = World("demo", END + 600)
    for code, counts in BY_CODE.items():
        world.add(delta(LOAD_BALANCER, {"response_code": code, "proto": "h2"}, counts, START))
    world.add(cumulative(COUNTER, {"ok": "true"}, OK, START, resets=[900, 901, 20_000]))
    world.add(cumulative(COUNTER, {"ok": "false"}, NOT_OK, START, resets=[20_000]))
    world.add(*(gauge(UPTIME, {"region": region}, up, START) for region, up in UP.items()))
    world.add(gauge(QUEUE, {}, np.where(np.arange(MINUTES) % 1440 < 60, 90, 10), START))
    with running(world) as server:
        yield server


def buckets(minutes: np.ndarray, step: int) -> np.ndarray:
    return np.asarray(minutes.reshape(-1, step // 60).sum(axis=1), dtype=np.float64)


def seen(values: np.ndarray) -> np.ndarray:
    return np.where(values > 0, values, np.nan)


@pytest.mark.parametrize("step", [60, 300, 3600])
def test_four_weeks_of_a_load_balancer_are_counted_exactly(stand_in: StandIn, step: int) -> None:
    query = Ratio(total=TOTAL, bad=f"{TOTAL} metric.labels.response_code>=500")
    found = columns(source_at(stand_in), query, Interval(START, END, step))
    total = buckets(sum(BY_CODE.values(), np.zeros(MINUTES)), step)
    bad = buckets(BY_CODE["500"] + BY_CODE["503"], step)
    np.testing.assert_array_equal(found["total"], seen(total))
    np.testing.assert_array_equal(found["good"], np.where(total > 0, total - bad, np.nan))


@pytest.mark.parametrize("step", [60, 300])
def test_a_cumulative_counter_is_counted_exactly_over_its_resets(stand_in: StandIn, step: int) -> None:
    query = Ratio(total='metric.type="app/requests"', good='metric.type="app/requests" metric.labels.ok="true"')
    found = columns(source_at(stand_in), query, Interval(START, END, step))
    np.testing.assert_array_equal(found["total"], buckets(OK + NOT_OK, step))
    np.testing.assert_array_equal(found["good"], buckets(OK, step))


def test_good_and_bad_events_are_all_events(stand_in: StandIn) -> None:
    ok = 'metric.type="app/requests" metric.labels.ok='
    query = Ratio(good=f'{ok}"true"', bad=f'{ok}"false"')
    found = columns(source_at(stand_in), query, Interval(START, END, 300))
    np.testing.assert_array_equal(found["total"], buckets(OK + NOT_OK, 300))
    np.testing.assert_array_equal(found["good"], buckets(OK, 300))


@pytest.mark.parametrize(("good", "bad"), [(200, 418), (418, 200)])
def test_good_or_bad_events_that_never_were_count_0_and_are_marked(stand_in: StandIn, good: int, bad: int) -> None:
    of = f"{TOTAL} metric.labels.response_code="
    answer = ask(source_at(stand_in), Ratio(good=f"{of}{good}", bad=f"{of}{bad}"), Interval(END - DAY, END, 300))
    assert answer.series is not None
    found = answer.series.columns
    events = buckets(BY_CODE["200"], 300)[-288:]
    np.testing.assert_array_equal(found["total"], seen(events))
    np.testing.assert_array_equal(found["good"], seen(events) * (good == 200))
    assert (found["absent"] == 1).all()
    assert not answer.notices


def test_neither_good_nor_bad_events_are_nothing_observed(stand_in: StandIn) -> None:
    of = f"{TOTAL} metric.labels.response_code="
    answer = ask(source_at(stand_in), Ratio(good=f"{of}418", bad=f"{of}419"), Interval(END - DAY, END, 300))
    assert answer.series is not None
    assert np.isnan(answer.series.columns["total"]).all()
    assert [notice.code for notice in answer.notices] == ["matches_nothing"]


def test_pages_that_cut_series_change_nothing(stand_in: StandIn) -> None:
    query = Ratio(total=TOTAL, bad=f'{TOTAL} metric.labels.response_code=one_of("500","503")')
    interval = Interval(START, END, 300)
    whole = columns(source_at(stand_in), query, interval)
    before = stand_in.calls("ListTimeSeries")
    stand_in.page_points = 5_000
    try:
        cut = columns(source_at(stand_in), query, interval)
    finally:
        stand_in.page_points = 100_000
    assert stand_in.calls("ListTimeSeries") - before >= 5
    for name, column in whole.items():
        np.testing.assert_array_equal(cut[name], column)


def test_slis_on_one_total_share_one_call(stand_in: StandIn) -> None:
    conditions = ("=500", "=503", ">=500", '=one_of("500","404")')
    queries = [Ratio(total=TOTAL, bad=f"{TOTAL} metric.labels.response_code{condition}") for condition in conditions]
    source = source_at(stand_in)
    interval = Interval(END - 3600, END, 300)
    for _ in range(2):
        before = stand_in.calls("ListTimeSeries")
        answers = list(source.fetch(requests_for(queries, interval)))
        assert all(answer.error is None for answer in answers)
        assert stand_in.calls("ListTimeSeries") - before == 1
    assert source.calls["GetMetricDescriptor"].count == 1
    assert source.calls["ListTimeSeries"].count == 2
    assert source.calls["ListTimeSeries"].last_minute == 2


def test_a_filter_that_only_google_can_judge_takes_a_second_call(stand_in: StandIn) -> None:
    negated = f"{TOTAL} NOT metric.labels.response_code=200"
    found = columns(source_at(stand_in), Ratio(total=TOTAL, bad=negated), Interval(END - DAY, END, 300))
    last = slice(-288, None)
    total = buckets(sum(BY_CODE.values(), np.zeros(MINUTES)), 300)[last]
    np.testing.assert_array_equal(found["good"], np.where(total > 0, buckets(BY_CODE["200"], 300)[last], np.nan))


def test_no_bad_event_at_all_is_zero_bad_and_marked(stand_in: StandIn) -> None:
    query = Ratio(total=TOTAL, bad=f'{TOTAL} metric.labels.response_code="418"')
    found = columns(source_at(stand_in), query, Interval(END - DAY, END, 300))
    np.testing.assert_array_equal(found["good"], found["total"])
    assert (found["absent"][~np.isnan(found["total"])] == 1).all()


def test_missing_bad_points_beside_a_present_total_are_zero_bad(stand_in: StandIn) -> None:
    query = Ratio(total=TOTAL, bad=f'{TOTAL} metric.labels.response_code="503"')
    found = columns(source_at(stand_in), query, Interval(START, START + DAY, 60))
    quiet = BY_CODE["503"][:1440] == 0
    observed = ~np.isnan(found["total"])
    np.testing.assert_array_equal(found["good"][quiet & observed], found["total"][quiet & observed])
    assert (found["absent"][observed] == 0).all()


@pytest.mark.parametrize("span", [3600, DAY])
def test_checks_of_uptime_are_counted_by_their_truth(stand_in: StandIn, span: int) -> None:
    text = 'metric.type="uptime/passed"'
    interval = Interval(END - span, END, 300)
    up = buckets(UP["usa"].astype(int) + UP["asia"], 300)[-len(interval) :]
    for query, good in ((Ratio(total=text, good=text), up), (Ratio(total=text, bad=text), up)):
        before = stand_in.calls("ListTimeSeries")
        found = columns(source_at(stand_in), query, interval)
        np.testing.assert_array_equal(found["total"], np.full(len(interval), 10.0))
        np.testing.assert_array_equal(found["good"], good)
        assert stand_in.calls("ListTimeSeries") - before == (1 if span <= 6 * 3600 else 2)


def test_a_gauge_makes_each_bucket_one_event(stand_in: StandIn) -> None:
    found = columns(
        source_at(stand_in),
        Gauge(gauge='metric.type="queue/size"', good_when="<= 50"),
        Interval(START, START + DAY, 300),
    )
    assert (found["total"] == 1).all()
    np.testing.assert_array_equal(found["good"], np.where(np.arange(288) < 12, 0.0, 1.0))


def test_a_yes_or_no_gauge_is_the_share_of_yes(stand_in: StandIn) -> None:
    query = Gauge(gauge='metric.type="uptime/passed"', good_when=">= 0.999")
    found = columns(source_at(stand_in), query, Interval(END - DAY, END, 300))
    up = buckets(UP["usa"].astype(int) + UP["asia"], 300)[-288:]
    np.testing.assert_array_equal(found["good"], (up == 10).astype(float))


def test_what_is_not_ingested_yet_is_not_there_and_tells_the_lag(stand_in: StandIn) -> None:
    source = source_at(stand_in)
    assert source.lag_seconds == 240
    query = Ratio(total='metric.type="app/requests"', good='metric.type="app/requests" metric.labels.ok="true"')
    stand_in.world.now = END
    try:
        found = columns(source, query, Interval(END - 600, END, 60))
    finally:
        stand_in.world.now = END + 600
    assert np.isnan(found["total"]).tolist() == [False] * 7 + [True] * 3
    assert source.lag_seconds == 180
    assert source_at(stand_in, lag_seconds=90).lag_seconds == 90


def test_forgotten_times_are_gaps_and_said(stand_in: StandIn) -> None:
    query = Ratio(total=TOTAL, bad=f"{TOTAL} metric.labels.response_code>=500")
    start = END - 90 * DAY
    answer = ask(source_at(stand_in), query, Interval(start, END, 3600))
    assert answer.error is None
    assert answer.series is not None
    assert np.isnan(answer.series.columns["total"][: 62 * 24]).all()
    assert not np.isnan(answer.series.columns["total"][62 * 24 :]).any()
    assert [notice.code for notice in answer.notices] == ["beyond_retention"]


def test_signals_are_one_line_however_they_are_grouped(stand_in: StandIn) -> None:
    interval = Interval(END - DAY, END, 300)
    rate = CloudSignal(filter=TOTAL, aligner="ALIGN_RATE", reducer="REDUCE_SUM")
    grouped = CloudSignal(
        filter=TOTAL, aligner="ALIGN_RATE", reducer="REDUCE_SUM", group_by=('metric.label."response_code"',)
    )
    source = source_at(stand_in)
    values = buckets(sum(BY_CODE.values(), np.zeros(MINUTES)), 300)[-288:] / 300
    answers = {a.request.key: a for a in source.fetch(requests_for([rate, grouped], interval))}
    for answer in answers.values():
        assert answer.series is not None
        np.testing.assert_allclose(answer.series.columns["value"], np.where(values > 0, values, np.nan))
    assert not answers["0"].notices
    assert dict(answers["1"].notices[0].facts) == {"count": 4, "combined": "sum"}


def test_several_resource_types_are_summed(stand_in: StandIn) -> None:
    spec = MetricSpec("mixed/count", "DELTA", "INT64", {}, ("global", "gce_instance"))
    one = delta(spec, {}, [3] * 60, START)
    other = Stream(spec, {}, "gce_instance", {"zone": "a"}, one.ends, one.values * 2)
    stand_in.world.add(one, other)
    text = 'metric.type="mixed/count"'
    found = columns(source_at(stand_in), Ratio(total=text, good=text), Interval(START, START + 3600, 300))
    np.testing.assert_array_equal(found["total"], np.full(12, 45.0))


def test_a_filter_that_matches_nothing_is_no_error_and_no_success(stand_in: StandIn) -> None:
    query = Ratio(total=f'{TOTAL} metric.labels.proto="h9"', bad=f'{TOTAL} metric.labels.proto="h9"')
    answer = ask(source_at(stand_in), query, Interval(END - DAY, END, 300))
    assert answer.error is None
    assert answer.series is not None
    assert all(np.isnan(column).all() for column in answer.series.columns.values())
    assert [notice.code for notice in answer.notices] == ["matches_nothing"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (Ratio(total='metric.type="queue/size"', good='metric.type="queue/size"'), "not_a_count"),
        (Gauge(gauge=TOTAL, good_when=">= 1"), "not_a_gauge"),
        (CloudSignal(filter=TOTAL, aligner="ALIGN_AVERAGE"), "unknown_aligner"),
        (CloudSignal(filter=TOTAL, aligner="ALIGN_FRACTION_TRUE"), "aligner"),
        (CloudSignal(filter='resource.type="global"'), "no_metric"),
        (CloudSignal(filter='metric.type="'), "filter_unreadable"),
        (Ratio(total=Expression(expr="sum(x)"), good=TOTAL), "expression"),
    ],
)
def test_queries_that_make_no_sense_are_refused_with_the_reason(stand_in: StandIn, query, reason: str) -> None:
    error = error_of(source_at(stand_in), query, Interval(END - DAY, END, 300))
    assert error.code == "query_refused"
    assert error.facts["reason"] == reason


def test_more_bad_events_than_events_are_all_of_them_and_named(stand_in: StandIn) -> None:
    of = f"{TOTAL} metric.labels.response_code="
    answer = ask(source_at(stand_in), Ratio(total=f"{of}404", bad=f"{of}200"), Interval(END - DAY, END, 300))
    assert answer.series is not None
    assert np.nansum(answer.series.columns["good"]) < np.nansum(answer.series.columns["total"]) / 10
    assert {notice.code for notice in answer.notices} == {"bad_above_total", "not_nested"}
    notice = next(notice for notice in answer.notices if notice.code == "bad_above_total")
    assert (notice.facts["since"], notice.facts["until"]) == (END - DAY, END)
