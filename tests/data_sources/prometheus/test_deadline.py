"""Servers that drip: whatever arrives a byte at a time, an exchange ends with its time-out."""

import gc
import gzip
import json
import socket
import ssl
import struct
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

from data_sources.base import Answer, Interval, Request
from data_sources.errors import TimedOut
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.exchange import Exchange, bounded_pools
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import TextSignal
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import NOW, Call, Reply, fault_server, healthy
from tests.data_sources.prometheus.conftest import making

HOUR = Interval(NOW - 3600, NOW, 300)
TIMEOUT = 0.4
UNHURRIED = 4.0  # where an honest answer must come in time, on a busy machine too
# Generous: two exchanges that end with their time-out, on a machine with other things to do.
BOUND = 30.0
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GZIPPED = HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
GZIP_WITH_NAME = bytes([0x1F, 0x8B, 8, 8, 0, 0, 0, 0, 0, 3])  # a name follows, until a zero byte
DRIPS = {
    "status line": Reply(wire=b"", endlessly=b"H", slowly=0.02),
    "status code": Reply(wire=b"HTTP/1.1 2", endlessly=b"0", slowly=0.02),
    "a header's name": Reply(wire=HEAD, endlessly=b"x", slowly=0.02),
    "a header's value": Reply(wire=HEAD + b"X-Odd: ", endlessly=b"y", slowly=0.02),
    "many headers": Reply(wire=HEAD, endlessly=b"A: b\r\n", slowly=0.1),
    "continue": Reply(wire=b"", endlessly=b"HTTP/1.1 100 Continue\r\n\r\n", slowly=0.02),
    "continue at once": Reply(wire=b"", endlessly=b"HTTP/1.1 100 Continue\r\n\r\n"),
    "continue with headers": Reply(wire=b"", endlessly=b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\n", slowly=0.02),
    "length of a chunk": Reply(wire=CHUNKED, endlessly=b"0", slowly=0.02),
    "extension of a chunk": Reply(wire=CHUNKED + b"5;", endlessly=b"a", slowly=0.02),
    "chunks": Reply(wire=CHUNKED, endlessly=b"1\r\n \r\n", slowly=0.02),
    "trailer": Reply(wire=CHUNKED + b"0\r\n", endlessly=b"A: b\r\n", slowly=0.02),
    "gzip header": Reply(wire=GZIPPED + b"a\r\n" + GZIP_WITH_NAME + b"\r\n", endlessly=b"1\r\na\r\n", slowly=0.02),
    "gzip header at once": Reply(wire=GZIPPED + b"a\r\n" + GZIP_WITH_NAME + b"\r\n", endlessly=b"1\r\na\r\n"),
    "gzip data": Reply(
        wire=HEAD + b"Content-Encoding: gzip\r\nContent-Length: 100000\r\n\r\n" + gzip.compress(b" " * 9)[:12],
        endlessly=b"\0",
        slowly=0.02,
    ),
    "body": Reply(wire=HEAD + b"Content-Length: 100000\r\n\r\n", endlessly=b" ", slowly=0.02),
    "body without end": Reply(wire=HEAD + b"Connection: close\r\n\r\n", endlessly=b" ", slowly=0.02),
    "body of an error": Reply(wire=b"HTTP/1.1 500 Oh\r\nContent-Length: 100000\r\n\r\n", endlessly=b" ", slowly=0.02),
    "body of a failure that is retried": Reply(
        wire=b"HTTP/1.1 503 Oh\r\nContent-Length: 100000\r\n\r\n", endlessly=b" ", slowly=0.02
    ),
}


def ask(source: PrometheusSource) -> Answer:
    return answers_of(source, [Request("it", TextSignal(query="up"), HOUR)])["it"]


def code_of(answer: Answer) -> str:
    assert answer.error is not None
    return answer.error.code


def at_once(*cases: Callable[[], object]) -> list[Any]:
    """What cases return that wait for most of their time, all at the same time."""
    with ThreadPoolExecutor(len(cases)) as pool:
        return [each.result() for each in [pool.submit(case) for case in cases]]


def test_whatever_drips_times_out(server, make):
    names = list(DRIPS)
    server.answer = lambda call: DRIPS[names[int(call.path.split("/")[1])]]
    sources = [make(url=f"{server.url}/{place}", timeout_seconds=TIMEOUT) for place in range(len(names))]
    began = time.monotonic()
    codes = dict(zip(names, at_once(*(partial(ask, source) for source in sources)), strict=True))
    assert time.monotonic() - began < BOUND
    # More than a hundred headers are refused by http.client itself.
    codes.pop("many headers")
    assert {name: answer.error for name, answer in codes.items() if code_of(answer) != "timed_out"} == {}


def test_names_of_labels_metadata_and_the_state_of_a_server_that_drips_time_out(server, make):
    names = ("status line", "extension of a chunk", "gzip header")
    server.answer = lambda call: DRIPS[names[int(call.path.split("/")[1])]]
    sources = [make(url=f"{server.url}/{place}", timeout_seconds=TIMEOUT) for place in range(len(names))]
    began = time.monotonic()
    for health in at_once(*(source.health for source in sources)):
        assert health.error is not None
        assert health.error.code == "timed_out"

    def times_out(call: Callable[[], object]) -> None:
        with pytest.raises(TimedOut):
            call()

    calls = [partial(source._client.label_values, "le", {}) for source in sources]
    calls += [partial(source._client.metric_types, "up") for source in sources]
    at_once(*(partial(times_out, call) for call in calls))
    assert time.monotonic() - began < BOUND


def a_connection_is_used_again_after_one_that_dripped(server, make, _waits):
    server.answer = lambda _: DRIPS["status line"]
    source = make(timeout_seconds=UNHURRIED)
    assert code_of(ask(source)) == "timed_out"
    server.answer = healthy
    assert [ask(source).error for _ in range(3)] == [None] * 3


def a_connection_that_was_used_before_is_cut_too(server, make, _waits):
    source = make(timeout_seconds=UNHURRIED)
    assert ask(source).error is None
    server.answer = lambda _: DRIPS["a header's value"]
    assert code_of(ask(source)) == "timed_out"


def waits_between_two_attempts_do_not_count(server, _make, _waits):
    waits = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        time.sleep(1.6)

    states = iter([503, 503])
    server.answer = lambda call: Reply(b"", code) if (code := next(states, 200)) != 200 else healthy(call)
    config = PrometheusConfig.model_validate({"kind": "prometheus", "url": server.url, "timeout_seconds": 3})
    source = PrometheusSource("it", config, clock=lambda: NOW + 600.0, pause=wait)
    assert ask(source).error is None
    assert waits == [0.5, 1.0]
    source.close()


def attempts_share_one_deadline(server, make, waits):
    server.answer = lambda _: Reply(b"x" * 100, 503, slowly=0.05)
    assert code_of(ask(make(timeout_seconds=1.2))) == "timed_out"
    assert len(waits) < 3


def one_source_that_drips_does_not_hold_another_thread_of_the_same_source(server, make, _waits):
    body = json.dumps({"status": "success", "data": {"resultType": "matrix", "result": []}}).encode()

    def some(call: Call) -> Reply:
        return DRIPS["status line"] if "slow" in call.form.get("query", "") else Reply(body)

    server.answer = some
    day = Interval(NOW - 86_400, NOW, 300)
    requests = [Request(str(i), TextSignal(query="slow" if i == 0 else "fast"), day) for i in range(6)]
    answers = answers_of(make(timeout_seconds=UNHURRIED, max_parallel=2), requests)
    assert [key for key, answer in sorted(answers.items()) if answer.error] == ["0"]


def test_a_deadline_is_that_of_one_exchange_and_of_its_attempts():
    """Each with a server of its own, as they wait for seconds."""

    def alone(case: Callable[..., None]) -> None:
        waits: list[float] = []
        with fault_server() as server, making(server, waits) as make:
            case(server, make, waits)

    at_once(
        *(
            partial(alone, case)
            for case in (
                a_connection_is_used_again_after_one_that_dripped,
                a_connection_that_was_used_before_is_cut_too,
                waits_between_two_attempts_do_not_count,
                attempts_share_one_deadline,
                one_source_that_drips_does_not_hold_another_thread_of_the_same_source,
            )
        )
    )


@contextmanager
def listener(dripping: bytes = b"") -> Iterator[int]:
    """A port that accepts connections and says nothing, or the same byte again and again."""
    over, held = threading.Event(), []

    def serve() -> None:
        while not over.is_set():
            try:
                held.append(listening.accept()[0])
            except OSError:
                continue

    def drip() -> None:
        while not over.wait(0.02):
            for each in list(held):
                try:
                    each.send(dripping)
                except OSError:
                    each.close()
                    held.remove(each)

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.settimeout(0.05)
        threads = [threading.Thread(target=serve), *([threading.Thread(target=drip)] if dripping else [])]
        for thread in threads:
            thread.start()
        yield listening.getsockname()[1]
        over.set()
        for thread in threads:
            thread.join()
    for each in held:
        each.close()


# A TLS record of a handshake, 16 KB long, whose bytes come one by one.
@pytest.mark.parametrize("dripping", [b"", b"\x16"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_never_completes_a_handshake_times_out(make, scheme, dripping):
    began = time.monotonic()
    with listener(dripping) as port:
        code = code_of(ask(make(url=f"{scheme}://127.0.0.1:{port}", timeout_seconds=TIMEOUT)))
    assert time.monotonic() - began < BOUND
    assert code == "timed_out" or (dripping and code in ("unreachable", "bad_answer"))


def test_a_proxy_that_drips_times_out(make, monkeypatch):
    monkeypatch.delenv("NO_PROXY", raising=False)
    with listener(b"H") as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        assert code_of(ask(make(url="https://prometheus.example", timeout_seconds=TIMEOUT))) == "timed_out"


def test_a_name_that_nobody_answers_for_times_out(make, monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(60) and [])
    began = time.monotonic()
    code = code_of(ask(make(url="http://prometheus.example", timeout_seconds=TIMEOUT)))
    over.set()
    assert time.monotonic() - began < BOUND
    assert code == "timed_out"


def test_a_connection_that_is_cut_before_its_handshake_is_not_left_open(monkeypatch):
    wrap = ssl.SSLContext.wrap_socket

    def cut_first(context: ssl.SSLContext, sock: socket.socket, *args: Any, **how: Any) -> ssl.SSLSocket:
        accepted, _ = listening.accept()
        accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closes with a reset
        accepted.close()
        while connected(sock):
            time.sleep(0.01)
        return wrap(context, sock, *args, **how)

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", cut_first)
    manager = PoolManager(retries=False)
    bounded_pools(manager)
    with socket.create_server(("127.0.0.1", 0)) as listening, warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always")
        with pytest.raises(HTTPError):
            manager.request("GET", f"https://127.0.0.1:{listening.getsockname()[1]}")
        manager.clear()
        gc.collect()
    assert [each for each in left if "SSLSocket" in str(each.message)] == []


def connected(sock: socket.socket) -> bool:
    try:
        sock.getpeername()
    except OSError:
        return False
    return True


def test_the_time_of_an_exchange_that_has_ended_cuts_nothing():
    left, right = socket.socketpair()
    with left, right:
        with Exchange(0.05):
            pass
        time.sleep(0.1)
        left.send(b"x")
        assert right.recv(1) == b"x"
