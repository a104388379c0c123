"""The session that prometheus-api-client works over: its calls are bounded, retried and counted like all others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from data_sources.base import Interval, Request
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.source import PrometheusSource
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import NOW, Call, FaultServer, Reply, failure, healthy, json_reply, matrix, success

Make = Callable[..., PrometheusSource]
HOUR = Interval(NOW - 3600, NOW, 300)
LATENCY = Histogram(histogram="latency_seconds", under=0.3)
EDGES = json_reply({"status": "success", "data": ["0.1", "0.30", "+Inf"]})


def serving(edges: Reply) -> Callable[[Call], Reply]:
    """A server that answers a call for label values with what is given, and queries as a sound one does."""

    def answer(call: Call) -> Reply:
        if call.path.endswith("/values"):
            return edges
        if call.path.endswith("/query_range"):
            return success([matrix(call)])
        if "count by (le)" in call.form.get("query", ""):
            series = [{"metric": {"le": edge}, "value": [NOW, "1"]} for edge in ("0.1", "0.30", "+Inf")]
            return success(series, "vector")
        return healthy(call)

    return answer


def texts(server: FaultServer) -> list[str]:
    return [call.form["query"] for call in server.ranges]


def paths(server: FaultServer) -> list[str]:
    return [call.path.removeprefix("/api/v1/") for call in server.calls]


def test_the_edges_of_a_histogram_come_from_the_label_values(server: FaultServer, make: Make) -> None:
    server.answer = serving(EDGES)
    source = make(headers={"X-Api-Key": "secret-key"})
    assert answers_of(source, [Request("it", LATENCY, HOUR)])["it"].error is None
    assert any('le=~"0\\\\.30|0\\\\.3"' in text for text in texts(server))
    assert paths(server) == ["label/le/values", "query_range", "query_range"]
    first = server.calls[0]
    assert (first.method, first.headers["X-Api-Key"], first.headers["User-Agent"]) == ("GET", "secret-key", "tomoni")
    assert first.form == {"match[]": "latency_seconds_bucket", "start": str(HOUR.start), "end": str(HOUR.end)}
    assert source.calls["/api/v1/label/le/values"].count == 1


REFUSALS = {
    "no such path": Reply(b"404 page not found", 404),
    "not allowed": failure(403, "forbidden", "no"),
    "bad data": failure(400, "bad_data", "no"),
    "error in 200": failure(200, "execution", "no"),
    "html": Reply(b"<html>"),
    "no body": Reply(b""),
    "no data": json_reply({"status": "success"}),
    "a list": json_reply([1, 2]),
    "other data": json_reply({"status": "success", "data": {"le": 1}}),
    "deep": Reply(b"[" * 100_000),
    "too large": Reply(b'{"status":"success","data":["' + b"x" * 6000 + b'"]}'),
    "elsewhere": Reply(b"", 302, {"Location": "/elsewhere"}),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_query_finds_the_edges_where_there_are_no_label_values(
    server: FaultServer, make: Make, monkeypatch: pytest.MonkeyPatch, refusal: str
) -> None:
    monkeypatch.setattr("data_sources.prometheus.session.LARGEST_WHOLE_BYTES", 5000)
    server.answer = serving(REFUSALS[refusal])
    assert answers_of(make(), [Request("it", LATENCY, HOUR)])["it"].error is None
    assert any('le=~"0\\\\.30|0\\\\.3"' in text for text in texts(server))
    assert paths(server) == ["label/le/values", "query", "query_range", "query_range"]


def test_label_values_that_drip_time_out(server: FaultServer, make: Make) -> None:
    server.answer = serving(Reply(b" " * 400, slowly=0.05))
    error = answers_of(make(timeout_seconds=0.4), [Request("it", LATENCY, HOUR)])["it"].error
    assert error is not None
    assert error.code == "timed_out"


def test_label_values_are_retried_like_queries(server: FaultServer, make: Make, waits: list[float]) -> None:
    busy = iter([Reply(b"", 503), Reply(b"", 503)])
    sound = serving(EDGES)
    server.answer = lambda call: next(busy, sound(call))
    assert answers_of(make(), [Request("it", LATENCY, HOUR)])["it"].error is None
    assert waits == [0.5, 1.0]


def test_cookies_of_a_load_balancer_are_kept(server: FaultServer, make: Make) -> None:
    def answer(call: Call) -> Reply:
        reply = healthy(call)
        return Reply(reply.body, reply.status, {**reply.headers, "Set-Cookie": "route=a; Path=/"})

    server.answer = answer
    source = make()
    source.health()
    assert "Cookie" not in server.calls[0].headers
    assert server.calls[-1].headers["Cookie"] == "route=a"
