"""What a Prometheus server answers, and what its source makes of it."""

import gzip
import threading
from collections.abc import Callable

import numpy as np
import pytest

from data_sources.base import Answer, Interval, Request
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Gauge, Query, Ratio, RecordedRatio, TextSignal
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import (
    NOW,
    Call,
    Reply,
    failure,
    healthy,
    json_reply,
    matrix,
    success,
)

HOUR = Interval(NOW - 3600, NOW, 300)
DAY = Interval(NOW - 86_400, NOW, 300)
SIGNAL = TextSignal(query="up")
UNHURRIED = 3.0  # where an honest answer must come in time, on a busy machine too


def ask(source: PrometheusSource, query: Query = SIGNAL, interval: Interval = HOUR) -> Answer:
    return answers_of(source, [Request("it", query, interval)])["it"]


def test_a_warning_is_kept_and_the_answer_is_not_complete(server, make):
    warned = "1 store could not be reached"
    server.answer = lambda call: success([matrix(call)], warnings=[warned], infos=["PromQL info: it is late"])
    answer = ask(make())
    assert not answer.complete
    assert [(notice.code, notice.facts["text"]) for notice in answer.notices] == [
        ("server_warning", warned),
        ("server_info", "PromQL info: it is late"),
    ]


def test_a_remark_about_the_query_leaves_the_answer_complete(server, make):
    server.answer = lambda call: success([matrix(call)], warnings=['PromQL warning: odd metric "up" (1:5)'])
    answer = ask(make())
    assert answer.complete
    assert [notice.code for notice in answer.notices] == ["server_warning"]


def test_a_cluster_that_says_that_it_is_partial_is_believed(server, make):
    server.answer = lambda call: success([matrix(call)], isPartial=True)
    answer = ask(make())
    assert not answer.complete
    assert answer.notices[0].facts["text"] == "isPartial: true"


def test_an_empty_answer_is_not_observed(server, make):
    server.answer = lambda _: success([])
    answer = ask(make(), Ratio(total="a", bad="b"))
    assert answer.series is not None
    assert all(np.isnan(column).all() for column in answer.series.columns.values())


def by_query(**values: Callable[[float], str | None]) -> Callable[[Call], Reply]:
    """Answers with a series by the metric that a query names; nothing where there is none."""

    def answer(call: Call) -> Reply:
        found = [value for name, value in values.items() if name in call.form.get("query", "")]
        return success([matrix(call, found[0])] if found else [])

    return answer


@pytest.mark.parametrize("odd", ["NaN", "+Inf", "-Inf"])
@pytest.mark.parametrize("metric", ["all_events", "failed_events"])
def test_no_number_is_no_observation_and_is_reported(server, make, odd, metric):
    values = {"all_events": lambda t: "10", "failed_events": lambda t: "1"}
    values[metric] = lambda t: odd if t == NOW else "2"
    server.answer = by_query(**values)
    answer = ask(make(), Ratio(total="all_events", bad="failed_events"))
    assert answer.series is not None
    for column in answer.series.columns.values():
        assert np.isnan(column).tolist() == [False] * 11 + [True]
    role = "total" if metric == "all_events" else "bad"
    assert [(n.code, dict(n.facts)) for n in answer.notices] == [("not_finite", {"role": role, "buckets": 1})]


def test_a_condition_on_no_number_is_not_met_and_not_missed(server, make):
    server.answer = by_query(up=lambda t: "NaN" if t == NOW else "1")
    answer = ask(make(), Gauge(gauge="min(up)", good_when=">= 1"))
    assert answer.series is not None
    assert answer.series.columns["good"][:11].tolist() == [1.0] * 11
    assert np.isnan(answer.series.columns["good"][11])


def test_a_negative_count_is_no_observation_and_is_reported(server, make):
    server.answer = by_query(all_events=lambda t: "10", failed_events=lambda t: "-3" if t == NOW else "-1e-12")
    answer = ask(make(), Ratio(total="all_events", bad="failed_events"))
    assert answer.series is not None
    assert answer.series.columns["good"][:11].tolist() == [10.0] * 11
    assert np.isnan(answer.series.columns["total"][11])
    assert [(n.code, dict(n.facts)) for n in answer.notices] == [("negative_count", {"role": "bad", "buckets": 1})]


def test_more_bad_events_than_events_are_all_of_them_and_reported(server, make):
    server.answer = by_query(all_events=lambda t: "10", failed_events=lambda t: "12" if t == NOW else "1")
    answer = ask(make(), Ratio(total="all_events", bad="failed_events"))
    assert answer.series is not None
    assert answer.series.columns["good"].tolist() == [9.0] * 11 + [0.0]
    assert [(n.code, dict(n.facts)) for n in answer.notices] == [
        (
            "bad_above_total",
            {
                "buckets": 1,
                "since": NOW - 300,
                "until": NOW,
                "events": 2.0,
                "keep_until": NOW + 28 * 86_400,
                "reason": "at_times",
            },
        )
    ]


@pytest.mark.parametrize(("role", "good"), [("good", 0.0), ("bad", 10.0)])
def test_a_numerator_that_is_absent_is_zero_where_there_is_a_total(server, make, role, good):
    server.answer = by_query(
        all_events=lambda t: None if t == NOW else "10", some_events=lambda t: "1" if t == NOW else None
    )
    answer = ask(make(), Ratio.model_validate({"total": "all_events", role: "some_events"}))
    assert answer.series is not None
    columns = answer.series.columns
    assert columns["good"][:11].tolist() == [good] * 11
    assert columns["absent"][:11].tolist() == [1.0] * 11
    assert all(np.isnan(column[11]) for column in columns.values())


def test_a_histogram_without_its_edge_is_not_one_without_good_events(server, make):
    counts = by_query(latency_count=lambda t: "10", latency_bucket=lambda t: None if t == NOW else "4")
    server.answer = lambda call: (
        json_reply({"status": "success", "data": ["0.3"]}) if "label" in call.path else counts(call)
    )
    answer = ask(make(), Histogram(histogram="latency", under=0.3))
    assert answer.series is not None
    columns = answer.series.columns
    assert columns["good"][:11].tolist() == [4.0] * 11
    assert all(np.isnan(column[11]) for column in columns.values())
    assert [(n.code, dict(n.facts)) for n in answer.notices] == [("edge_absent", {"buckets": 1})]


def test_native_histograms_are_no_numbers(server, make):
    server.answer = lambda call: success([{"metric": {}, "histograms": []}] if "start" in call.form else [])
    error = ask(make()).error
    assert error is not None
    assert (error.code, error.facts) == ("query_refused", {"reason": "native_histogram"})


def test_an_error_holds_on_to_nothing(server, make):
    server.answer = lambda call: success("nonsense") if "start" in call.form else healthy(call)
    error = ask(make()).error
    assert error is not None
    assert (error.__traceback__, error.__context__, error.__cause__) == (None, None, None)


def test_a_long_query_is_sent_in_the_body(server, make):
    text = " + ".join(["up"] * 5000)
    assert ask(make(), TextSignal(query=text)).error is None
    (call,) = server.calls
    assert call.method == "POST"
    assert call.query == ""
    assert text in call.form["query"]


@pytest.mark.parametrize("status", [405, 501])
def test_a_server_without_post_gets_every_further_query_by_get(server, make, status):
    server.answer = lambda call: Reply(b"", status) if call.method == "POST" else healthy(call)
    source = make()
    assert ask(source).error is None
    assert ask(source).error is None
    assert [call.method for call in server.calls] == ["POST", "GET", "GET"]


def test_an_answer_may_be_compressed(server, make):
    def packed(call: Call) -> Reply:
        return Reply(gzip.compress(success([matrix(call)]).body), headers={"Content-Encoding": "gzip"})

    server.answer = packed
    assert ask(make()).error is None


LIMITS = (
    "query processing would load too many samples into memory",
    "the query time range exceeds the limit (query length: 672h, limit: 240h)",
    "the query exceeded the maximum number of chunks (err-mimir-max-chunks-per-query)",
)


@pytest.mark.parametrize("limit", LIMITS)
def test_a_query_over_a_limit_is_split_into_smaller_pieces(server, make, limit):
    def limited(call: Call) -> Reply:
        if float(call.form["end"]) - float(call.form["start"]) > 10 * 86_400:
            return failure(422, "execution", limit)
        return success([matrix(call, str)])

    server.answer = limited
    month = Interval(NOW - 28 * 86_400, NOW, 300)
    answer = ask(make(), SIGNAL, month)
    assert answer.series is not None
    assert answer.series.columns["value"].tolist() == [float(t) for t in range(month.start + 300, month.end + 1, 300)]
    assert len(server.ranges) <= 9


def test_a_query_that_takes_too_long_is_split_into_smaller_pieces(server, make):
    over = threading.Event()

    def slow(call: Call) -> Reply:
        if float(call.form.get("end", 0)) - float(call.form.get("start", 0)) > 2 * 86_400:
            over.wait(60)
        return success([matrix(call)] if "start" in call.form else [])

    server.answer = slow
    answer = ask(make(timeout_seconds=UNHURRIED), SIGNAL, Interval(NOW - 7 * 86_400, NOW, 300))
    over.set()
    assert answer.error is None
    assert len(server.ranges) == 1 + 7


def test_a_server_that_hangs_gets_no_smaller_pieces(server, make):
    silence = threading.Event()

    def hanging(call: Call) -> Reply:
        silence.wait(60)
        return healthy(call)

    server.answer = hanging
    answer = ask(make(timeout_seconds=0.2), SIGNAL, Interval(NOW - 28 * 86_400, NOW, 300))
    silence.set()
    assert answer.error is not None
    assert answer.error.code == "timed_out"
    assert len(server.ranges) == 1


def test_no_piece_has_more_points_than_the_server_allows(server, make):
    minutes = Interval(NOW - 28 * 86_400, NOW, 60)
    server.answer = lambda call: success([matrix(call, str)])
    answer = ask(make(), SIGNAL, minutes)
    assert answer.series is not None
    assert answer.series.columns["value"].tolist() == [float(t) for t in range(minutes.start + 60, minutes.end + 1, 60)]
    assert len(server.ranges) == 4


def test_at_most_max_parallel_queries_run_at_once(server, make):
    now, most, lock, reached = [0], [0], threading.Lock(), threading.Event()

    def counting(call: Call) -> Reply:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
            if most[0] == 3:
                reached.set()
        reached.wait(60)  # however late a thread gets its turn
        threading.Event().wait(0.02)
        with lock:
            now[0] -= 1
        return healthy(call)

    server.answer = counting
    source = make(max_parallel=3)
    threads = [
        threading.Thread(target=lambda: answers_of(source, [Request(str(i), SIGNAL, DAY) for i in range(10)]))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.calls) == 30
    assert most[0] == 3


@pytest.mark.parametrize(
    ("good", "bad", "columns"),
    [
        ("9", "1", (9.0, 10.0, 0.0)),
        ("9", None, (9.0, 9.0, 1.0)),
        (None, "1", (0.0, 1.0, 1.0)),
        (None, None, (np.nan, np.nan, np.nan)),
        ("NaN", "1", (np.nan, np.nan, np.nan)),
        ("0", "0", (0.0, 0.0, 0.0)),
    ],
)
def test_good_and_bad_events_are_all_events(server, make, good, bad, columns):
    server.answer = by_query(**{name: lambda _, v=v: v for name, v in (("done", good), ("failed", bad)) if v})
    answer = ask(make(), Ratio(good="done", bad="failed"))
    assert answer.series is not None
    found = [answer.series.columns[name][-1] for name in ("good", "total", "absent")]
    np.testing.assert_array_equal(found, columns)


@pytest.mark.parametrize(
    ("role", "ratio", "weight", "columns"),
    [
        ("error", "0.25", "8", (6.0, 8.0, 0.0)),
        ("success", "0.25", "8", (2.0, 8.0, 0.0)),
        ("error", "NaN", "8", (0.0, 0.0, 0.0)),
        ("error", "0", "0", (0.0, 0.0, 0.0)),
        ("error", None, "8", (8.0, 8.0, 1.0)),
        ("success", None, "8", (0.0, 8.0, 1.0)),
        ("error", "0.25", None, (np.nan, np.nan, np.nan)),
        ("error", "1.0000000001", "8", (0.0, 8.0, 0.0)),
        ("error", "-1e-12", "8", (8.0, 8.0, 0.0)),
        ("error", "25", "8", (np.nan, np.nan, np.nan)),
        ("error", "-0.25", "8", (np.nan, np.nan, np.nan)),
        ("error", "0.25", "-8", (np.nan, np.nan, np.nan)),
    ],
)
def test_a_recorded_ratio_is_a_share_of_its_weight(server, make, role, ratio, weight, columns):
    values = {name: lambda _, v=v: v for name, v in (("share", ratio), ("events", weight)) if v}
    server.answer = by_query(**values)
    answer = ask(make(), RecordedRatio.model_validate({"ratio": {role: "share", "weight": "events"}}))
    assert answer.series is not None
    found = [answer.series.columns[name][-1] for name in ("good", "total", "absent")]
    np.testing.assert_allclose(found, columns, atol=1e-8)
    odd = {"25": "not_a_share", "-0.25": "not_a_share"}.get(ratio or "", "negative_count" if weight == "-8" else None)
    assert [notice.code for notice in answer.notices] == ([odd] if odd else [])
