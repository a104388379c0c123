"""The limits of servers in their own words: less is asked for, what passed is remembered, and the cause is named."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import pytest

from data_sources.base import Answer, Interval, Request
from data_sources.errors import QueryRefused
from data_sources.prometheus.limits import is_about_the_query, is_limit, smallest_piece
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Ratio, TextSignal
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import NOW, Call, FaultServer, Reply, failure, healthy, matrix, success

DAY = 86_400
SIGNAL = TextSignal(query="up")
QUARTER = Interval(NOW // 3600 * 3600 - 90 * DAY, NOW // 3600 * 3600, 300)
HOURLY = Interval(QUARTER.start, QUARTER.end, 3600)
PROXY = "<html><head><title>%s</title></head><body><h1>%s</h1><hr>nginx</body></html>"


def page(status: int, title: str) -> Reply:
    return Reply((PROXY % (title, title)).encode(), status, {"Content-Type": "text/html"})


# The words of servers for what is too much, as they come over the wire.
WORDINGS = {
    "prometheus points": failure(
        400,
        "bad_data",
        "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
    ),
    "prometheus samples": failure(
        422, "execution", "query processing would load too many samples into memory in query execution"
    ),
    "prometheus time": failure(503, "timeout", "query timed out in expression evaluation"),
    "time in 422": failure(422, "execution", "query timed out in query execution"),
    "thanos series": failure(422, "execution", "expanding series: exceeded series limit: limit 10 violated (got 11)"),
    "thanos chunks": failure(
        422,
        "execution",
        "expanding series: proxy Series(): rpc error: code = ResourceExhausted desc = exceeded chunks limit: "
        "rpc error: code = Code(422) desc = limit 5 violated (got 6)",
    ),
    "thanos range": failure(
        400, "bad_data", "the query time range exceeds the limit (query length: 2160h5m0s, limit: 768h0m0s)"
    ),
    "cortex chunks": failure(422, "execution", "the query hit the max number of chunks limit (limit: 2000 chunks)"),
    "cortex bytes": failure(
        422, "execution", "expanding series: the query hit the aggregated data size limit (limit: 5368709120 bytes)"
    ),
    "mimir range": failure(
        422,
        "bad_data",
        "the query time range exceeds the limit (query length: 2160h, limit: 721h) (err-mimir-max-query-length). "
        "To adjust the related per-tenant limit, configure -store.max-query-length, or contact your administrator.",
    ),
    "mimir memory": failure(
        422,
        "execution",
        "the query exceeded the maximum allowed estimated amount of memory consumed by a single query "
        "(limit: 11 bytes) (err-mimir-max-estimated-memory-consumption-per-query)",
    ),
    "mimir in 429": failure(
        429, "bad_data", "the query exceeded the maximum number of series (err-mimir-max-series-per-query)"
    ),
    "victoria points": failure(
        422,
        "422",
        'error when executing query="sum(up)" on the time range (start=1, end=2, step=300000): too many points for the '
        "given step=300000, start=1 and end=2: 8065; cannot exceed -search.maxPointsPerTimeseries=1000",
    ),
    "victoria samples": failure(
        422,
        "422",
        'error when executing query="sum(up)": cannot execute query: cannot select more than '
        "-search.maxSamplesPerQuery=2000 samples; possible solutions: to increase the -search.maxSamplesPerQuery",
    ),
    "victoria samples of a series": failure(
        422, "422", "cannot process more than 100 samples per series; either increase -search.maxSamplesPerSeries"
    ),
    "victoria series": failure(
        422,
        "422",
        "the number of matching timeseries exceeds 2; either narrow down the search or increase -search.max*",
    ),
    "victoria time": failure(
        503, "503", "timeout exceeded during the query; consider increasing -search.maxQueryDuration"
    ),
    "victoria memory": failure(
        422, "422", "not enough memory for processing 9 data points across 2 time series; -search.maxMemoryPerQuery=1"
    ),
    "32 days": failure(400, "bad_data", "the query time range cannot exceed 32 days"),
    "google": failure(400, "bad_data", "Query time range must be at most 32 days, limit: 768h"),
    "google memory": failure(
        500,
        "internal",
        "expanding series: generic::aborted: User has requested 5853MiB of memory for processing queries on one node "
        "(limit 5847MiB), refusing to grant further memory for this query.",
    ),
    "google exhausted": failure(422, "execution", "expanding series: generic::resource_exhausted: too much data"),
    "azure": failure(422, "execution", "The query returned more than 100000 time series which is the maximum allowed."),
    "m3": failure(400, "bad_data", "query would load too many datapoints (limit exceeded, limit=10, current=12)"),
    "another language": failure(400, "bad_data", "Zeitraum über 32 Tage"),
    "no words at all": failure(422, "execution", ""),
    "413": page(413, "413 Request Entity Too Large"),
    "414": page(414, "414 Request-URI Too Large"),
    "431": page(431, "431 Request Header Fields Too Large"),
    "502": page(502, "502 Bad Gateway"),
    "504": page(504, "504 Gateway Time-out"),
    "response too large": Reply(b'{"message":"Response payload size exceeded maximum allowed"}', 500),
    "cut off": Reply(b'{"status":"success","data":{"resultType":"ma', length=100_000),
}
# Refusals of which no smaller query would be answered.
MISTAKES = (
    (400, "bad_data", '1:5: parse error: unexpected end of input in aggregation, expected "by"'),
    (400, "bad_data", 'invalid parameter "query": 1:1: parse error: unknown function with name "limit_of"'),
    (400, "bad_data", '1:6: parse error: expected type range vector in call to function "rate", got instant vector'),
    (400, "bad_data", 'invalid expression type "range vector" for range query, must be Scalar or instant Vector'),
    (400, "bad_data", "1:3: parse error: error parsing regexp: missing closing ): `^(?:()$`"),
    (422, "422", 'cannot execute query: singleExpr: unexpected token ""; want "(", "{"; unparsed data: ""'),
    (422, "422", 'cannot execute query: unknown func "nosuch"'),
    (422, "422", 'cannot execute query: unparsed data left: "max"'),
    (422, "422", 'cannot execute query: cannot evaluate "f(up)": unexpected number of args; got 1; want 5'),
    (422, "execution", 'found duplicate series for the match group {job="a"} on the right hand-side; many-to-many'),
    (422, "execution", "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"),
    (422, "execution", "vector cannot contain metrics with the same labelset"),
)


def ask(source: PrometheusSource, interval: Interval = QUARTER, query: TextSignal | Ratio = SIGNAL) -> Answer:
    return answers_of(source, [Request("it", query, interval)])["it"]


def length(call: Call) -> float:
    return float(call.form["end"]) - float(call.form["start"])


def limited(reply: Reply, days: float = 32) -> Callable[[Call], Reply]:
    """A server whose range queries are refused when they are longer than so many days."""
    return lambda call: (
        healthy(call)
        if "start" not in call.form
        else reply
        if length(call) > days * DAY
        else success([matrix(call, str)])
    )


def assert_whole(answer: Answer, interval: Interval) -> None:
    assert answer.error is None, answer.error
    assert answer.series is not None
    step = interval.step_seconds
    expected = [float(t) for t in range(interval.start + step, interval.end + 1, step)]
    assert answer.series.columns["value"].tolist() == expected


@pytest.mark.parametrize("wording", WORDINGS)
def test_whatever_the_words_of_a_limit_the_whole_history_comes_in_smaller_pieces(server, make, wording):
    server.answer = limited(WORDINGS[wording])
    assert_whole(ask(make(), HOURLY), HOURLY)


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (1, 3600),
        (2, 3600),
        (7, 3600),
        (10, 3600),
        (31, 3600),
        (33, 3600),
        (60, 3600),
        (89, 3600),
        (1, 300),
        (32, 300),
        (5, 60),
    ],
)
def test_whatever_the_limit_it_is_found_with_few_refusals_and_large_pieces(server, make, days, step):
    interval = Interval(QUARTER.start, QUARTER.end, step)
    server.answer = limited(WORDINGS["32 days"], days)
    source = make()
    assert_whole(ask(source, interval), interval)
    refused = [call for call in server.ranges if length(call) > days * DAY]
    assert len(refused) <= 7
    passed = len(server.ranges) - len(refused)
    largest = min(days * DAY, 10_080 * step)
    assert passed <= 2 * math.ceil(90 * DAY / largest) + 2


@pytest.mark.parametrize("wording", ["32 days", "504", "another language"])
def test_what_passed_is_remembered(server, make, wording):
    server.answer = limited(WORDINGS[wording])
    source = make()
    ask(source, HOURLY)
    before = len(server.ranges)
    assert_whole(ask(source, HOURLY), HOURLY)
    again = server.ranges[before:]
    assert max(map(length, again)) <= 32 * DAY
    assert len(again) <= 6


def test_what_two_queries_met_the_others_do_not_try_again(server, make):
    server.answer = limited(WORDINGS["32 days"])
    source = make()
    for i in range(8):
        before = len(server.ranges)
        assert_whole(ask(source, HOURLY, TextSignal(query=f"up{i}")), HOURLY)
        refused = [call for call in server.ranges[before:] if length(call) > 32 * DAY]
        assert bool(refused) == (i < 2)


def test_a_heavy_query_does_not_make_the_others_ask_for_less(server, make):
    def heavy(call: Call) -> Reply:
        too_much = "heavy" in call.form["query"] and length(call) > 2 * DAY
        return WORDINGS["prometheus samples"] if too_much else success([matrix(call, str)])

    server.answer = heavy
    source = make()
    for name in ("light0", "heavy0", "heavy1", "heavy2"):
        assert_whole(ask(source, HOURLY, TextSignal(query=name)), HOURLY)
    before = len(server.ranges)
    assert_whole(ask(source, HOURLY, TextSignal(query="light1")), HOURLY)
    assert len(server.ranges) - before == 1


def test_times_with_more_data_than_others_are_asked_for_in_still_smaller_pieces(server, make):
    busy = QUARTER.start + 40 * DAY

    def uneven(call: Call) -> Reply:
        most = 2 * DAY if float(call.form["start"]) < busy < float(call.form["end"]) else 20 * DAY
        return WORDINGS["victoria samples"] if length(call) > most else success([matrix(call, str)])

    server.answer = uneven
    assert_whole(ask(make(), HOURLY), HOURLY)
    assert len(server.ranges) < 60


def test_a_server_whose_limit_is_raised_and_lowered_is_followed(server, make):
    source = make()
    for days in (32, 5, 32, 90, 2):
        server.answer = limited(WORDINGS["32 days"], days)
        assert_whole(ask(source, HOURLY), HOURLY)


@pytest.mark.parametrize(("status", "kind", "text"), MISTAKES)
def test_a_mistake_in_a_query_is_asked_once_and_is_no_limit(server, make, status, kind, text):
    server.answer = lambda call: failure(status, kind, text) if "start" in call.form else healthy(call)
    error = ask(make()).error
    assert error is not None
    assert (error.code, error.facts.get("reason")) == ("query_refused", None)
    assert len(server.ranges) == 1
    assert is_about_the_query(error)
    assert not is_limit(error)


def test_a_refusal_without_known_words_is_asked_twice(server, make):
    server.answer = lambda call: failure(422, "execution", "oh no") if "start" in call.form else healthy(call)
    error = ask(make()).error
    assert error is not None
    assert (error.code, error.facts) == ("query_refused", {"status": 422, "type": "execution"})
    assert [length(call) for call in server.ranges] == [(10_080 - 1) * 300, 287 * 300]


@pytest.mark.parametrize("step", [60, 300, 600, 3600])
def test_a_limit_below_the_smallest_piece_is_named_as_the_limit_of_the_server(server, make, step):
    text = "the number of matching timeseries exceeds 2; either narrow down the search or increase -search.max*"
    server.answer = lambda call: failure(422, "422", text) if "start" in call.form else healthy(call)
    error = ask(make(), Interval(QUARTER.start, QUARTER.end, step)).error
    assert error is not None
    assert (error.code, error.facts["reason"], error.detail) == ("query_refused", "server_limit", text)
    assert len(server.ranges) == 2
    assert len(server.ranges) <= smallest_piece(step) <= 288
    assert smallest_piece(step) * step <= DAY


def test_a_short_query_over_a_limit_is_named_as_well(server, make):
    server.answer = lambda call: WORDINGS["prometheus samples"] if "start" in call.form else healthy(call)
    error = ask(make(), Interval(NOW - 3600, NOW, 300)).error
    assert error is not None
    assert error.facts["reason"] == "server_limit"


def test_the_name_of_a_metric_says_nothing_about_a_refusal():
    quoting = 'error when executing query="sum(too_many_limits_exceeded{a=\\"parse error\\"})": cannot do it'
    assert not is_limit(QueryRefused("it", quoting))
    assert not is_about_the_query(QueryRefused("it", quoting))


@pytest.mark.parametrize("most", [1, 3, 10, 1000])
def test_unions_that_are_too_large_become_smaller_once(server: FaultServer, make, most):
    def taking(call: Call) -> Reply:
        members = call.form.get("query", "").count("__tomoni__")
        if members > most:
            return failure(400, "bad_data", "too long query; got 9000 bytes; mustn't exceed -search.maxQueryLen=100")
        return success([matrix(call, __tomoni__=str(i)) for i in range(members)] or [matrix(call)])

    server.answer = taking
    source, newest = make(), Interval(NOW - 900, NOW, 300)
    requests = [Request(str(i), TextSignal(query=f"m{i}"), newest) for i in range(50)]
    for refusals in (2, 0):
        before = len(server.ranges)
        answers = answers_of(source, requests)
        assert all(answer.error is None for answer in answers.values())
        refused = [call for call in server.ranges[before:] if call.form["query"].count("__tomoni__") > most]
        assert len(refused) <= refusals


def test_pieces_follow_one_another_without_gap_and_overlap(server, make):
    server.answer = limited(WORDINGS["32 days"], 3)
    ask(make())
    passed = sorted({(float(c.form["start"]), float(c.form["end"])) for c in server.ranges if length(c) <= 3 * DAY})
    assert all(end + 300 == start for (_, end), (start, _) in pairwise(passed))
    assert (passed[0][0], passed[-1][1]) == (QUARTER.start + 300, QUARTER.end)


def test_of_a_long_text_the_cause_behind_the_quoted_query_is_kept(server, make):
    query = 'sum(increase(http_requests_total{app=\\"checkout\\"}[5m])) + ' * 40
    text = f'error when executing query="{query}": cannot evaluate "{query}": too many points; cannot exceed 1000'
    server.answer = lambda call: failure(422, "422", text) if "start" in call.form else healthy(call)
    error = ask(make()).error
    assert error is not None
    assert error.detail.startswith('error when executing query="sum(')
    assert error.detail.endswith(": too many points; cannot exceed 1000")
    assert len(error.detail) <= 500
    assert error.facts["reason"] == "server_limit"
