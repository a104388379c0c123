"""The faults of a Prometheus server, and what its source makes of them."""

import json
import socket
import threading
from collections.abc import Callable

import pytest

from data_sources.base import Answer, Interval, Request
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Query, TextSignal
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import (
    NOW,
    Call,
    Reply,
    failure,
    healthy,
    json_reply,
    success,
)

HOUR = Interval(NOW - 3600, NOW, 300)
DAY = Interval(NOW - 86_400, NOW, 300)
SIGNAL = TextSignal(query="up")


def ask(source: PrometheusSource, query: Query = SIGNAL, interval: Interval = HOUR) -> Answer:
    return answers_of(source, [Request("it", query, interval)])["it"]


def only_ranges(reply: Reply) -> Callable[[Call], Reply]:
    """A server that is well but for its range queries."""
    return lambda call: reply if call.path.endswith("/query_range") else healthy(call)


HTML = Reply(b"<html><title>Sign in</title>please</html>", headers={"Content-Type": "text/html"})
FAULTS = {
    "bad query": (failure(400, "bad_data", "1:3: parse error"), "query_refused", {"status": 400, "type": "bad_data"}),
    "refused": (failure(422, "execution", "no such thing"), "query_refused", {"status": 422, "type": "execution"}),
    "server error": (failure(500, "internal", "disk"), "server_failed", {"status": 500, "type": "internal"}),
    "bare 500": (Reply(b"oh", 500), "server_failed", {"status": 500}),
    "no one in": (Reply(b"who?", 401), "access_denied", {"status": 401, "reason": "credentials_missing"}),
    "not yours": (Reply(b"<html>", 403), "access_denied", {"status": 403, "reason": "forbidden"}),
    "html": (HTML, "bad_answer", {"status": 200, "reason": "not_json"}),
    "truncated": (Reply(b'{"status":"succ', length=500), "bad_answer", {"reason": "truncated"}),
    "half a JSON": (Reply(b'{"status":"succ'), "bad_answer", {"status": 200, "reason": "truncated"}),
    "no body": (Reply(b""), "bad_answer", {"status": 200, "reason": "empty"}),
    "other JSON": (json_reply([1, 2]), "bad_answer", {"status": 200, "reason": "wrong_shape"}),
    "no data": (json_reply({"status": "success"}), "bad_answer", {"status": 200, "reason": "wrong_shape"}),
    "a vector": (success([], "vector"), "bad_answer", {"reason": "wrong_shape"}),
    "no pairs": (success([{"metric": {}, "values": [1]}]), "bad_answer", {"reason": "wrong_shape"}),
    "no number": (success([{"metric": {}, "values": [[NOW, "x"]]}]), "bad_answer", {"reason": "wrong_shape"}),
    "odd time": (success([{"metric": {}, "values": [[NOW - 7, "1"]]}]), "bad_answer", {"reason": "wrong_shape"}),
    "error in 200": (failure(200, "execution", "no"), "query_refused", {"status": 200, "type": "execution"}),
    "out of time": (failure(503, "timeout", "query timed out"), "timed_out", {"status": 503, "type": "timeout"}),
    "wrong path": (Reply(b"404 page not found", 404), "bad_answer", {"status": 404, "reason": "no_api"}),
    "broken gzip": (Reply(b"nonsense", headers={"Content-Encoding": "gzip"}), "bad_answer", {"reason": "compression"}),
    "elsewhere": (
        Reply(b"", 302, {"Location": "https://me:secret@login.example/start?token=abcdef"}),
        "bad_answer",
        {"status": 302, "reason": "redirected_to_sign_in", "location": "https://login.example/start"},
    ),
    "too busy": (
        Reply(b"slow down", 429, {"Retry-After": "3600"}),
        "rate_limited",
        {"status": 429, "retry_after_seconds": 3600},
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_an_error_of_its_kind(server, make, fault):
    reply, code, facts = FAULTS[fault]
    server.answer = only_ranges(reply)
    answer = ask(make())
    assert answer.series is None
    assert answer.error is not None
    assert (answer.error.code, answer.error.facts) == (code, facts)
    assert answer.error.source == "it"


def test_the_words_of_the_server_are_kept_short(server, make):
    server.answer = only_ranges(failure(400, "bad_data", "word " * 1000))
    error = ask(make()).error
    assert error is not None
    assert error.detail.startswith("word word")
    assert len(error.detail) <= 500


def test_a_server_that_is_not_there_is_unreachable(waits):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        config = PrometheusConfig.model_validate(
            {"kind": "prometheus", "url": f"http://127.0.0.1:{closed.getsockname()[1]}"}
        )
        source = PrometheusSource("it", config, clock=lambda: NOW, pause=waits.append)
        error = ask(source).error
        health = source.health()
    assert error is not None
    assert (error.code, error.facts, error.detail) == ("unreachable", {"reason": "refused"}, "")
    assert not health.answered
    assert health.error is not None
    assert health.error.code == "unreachable"


def test_an_unknown_host_name_is_unreachable(make):
    error = ask(make(url="http://prometheus.invalid:9090")).error
    assert error is not None
    assert (error.code, error.facts) == ("unreachable", {"reason": "name"})


def test_tls_that_is_not_spoken_is_unreachable(server, make):
    error = ask(make(url=server.url.replace("http", "https"))).error
    assert error is not None
    assert error.code == "unreachable"
    assert (error.facts["reason"], error.facts["host"]) == ("no_tls", "127.0.0.1")


def test_a_missing_file_of_authorities_is_named_as_the_cause(server, make):
    error = ask(make(url=server.url.replace("http", "https"), verify_tls="/no/such.pem")).error
    assert error is not None
    assert (error.code, error.facts) == ("unreachable", {"reason": "ca_file"})


def test_a_server_that_never_answers_times_out(server, make):
    silence = threading.Event()

    def silent(call: Call) -> Reply:
        silence.wait(60)
        return healthy(call)

    server.answer = silent
    error = ask(make(timeout_seconds=0.2)).error
    silence.set()
    assert error is not None
    assert error.code == "timed_out"


def test_an_answer_that_drips_times_out(server, make):
    server.answer = only_ranges(Reply(b" " * 400, slowly=0.05))
    error = ask(make(timeout_seconds=0.4)).error
    assert error is not None
    assert error.code == "timed_out"


def test_a_dead_server_is_not_called_for_every_request(server, make):
    server.answer = lambda _: HTML
    requests = [Request(str(i), SIGNAL, DAY) for i in range(60)]
    answers = answers_of(make(max_parallel=2), requests)
    assert {answer.error.code for answer in answers.values() if answer.error} == {"bad_answer"}
    assert len(answers) == 60
    # Two workers' questions, one look whether it lives, and three at what it is.
    assert len(server.calls) <= 9


def test_one_query_that_fails_does_not_stop_the_others(server, make):
    server.answer = lambda call: Reply(b"", 500) if "slow" in call.form["query"] else healthy(call)
    requests = [Request(str(i), TextSignal(query="slow" if i % 5 == 0 else "fast"), DAY) for i in range(20)]
    answers = answers_of(make(), requests)
    assert sorted(key for key, answer in answers.items() if answer.error) == ["0", "10", "15", "5"]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_transient_failures_are_retried_after_a_wait(server, make, waits, status):
    states = iter([status, status])
    server.answer = lambda call: Reply(b"", code) if (code := next(states, 200)) != 200 else healthy(call)
    assert ask(make()).error is None
    assert waits == [0.5, 1.0]
    assert [call.method for call in server.calls] == ["POST"] * 3
    assert {call.form["query"] for call in server.calls} == {"avg_over_time(up[5m])"}


def test_the_server_says_how_long_to_wait(server, make, waits):
    states = iter([429])
    server.answer = lambda call: Reply(b"", 429, {"Retry-After": "7"}) if next(states, 0) else healthy(call)
    assert ask(make()).error is None
    assert waits == [7.0]


def test_a_wait_that_cannot_be_read_is_no_error(server, make, waits):
    states = iter([503])
    server.answer = lambda call: Reply(b"", 503, {"Retry-After": "soon"}) if next(states, 0) else healthy(call)
    assert ask(make()).error is None
    assert waits == [0.5]


def test_other_failures_are_not_retried(server, make, waits):
    server.answer = only_ranges(Reply(b"", 500))
    ask(make())
    assert len(server.ranges) == 1
    assert waits == []


def test_an_answer_larger_than_any_honest_one_is_not_read(server, make, monkeypatch):
    monkeypatch.setattr("data_sources.prometheus.decode.SMALL_BYTES", 500)
    monkeypatch.setattr("data_sources.prometheus.decode.LARGEST_ANSWER_BYTES", 1000)
    server.answer = only_ranges(Reply(json.dumps({"status": "success", "data": "x" * 5000}).encode()))
    error = ask(make()).error
    assert error is not None
    assert error.facts["reason"] == "too_large"
