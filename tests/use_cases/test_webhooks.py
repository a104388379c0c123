"""A message to a chat goes out once: claimed before, given back only where it surely did not arrive."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.meetings.conftest import SetClock
from tomoni.meetings.sent import SentMessages
from tomoni.store.engine import open_engine
from tomoni.use_cases import webhooks
from tomoni.use_cases.webhooks import Outcome, send_once

SECRET = "T0/B0/hush-hush"
BODY = {"text": "Review of Checkout"}


class Chat:
    """A stand-in for a chat: answers with statuses in turn (0: closes the connection), and keeps what it got."""

    def __init__(self, *statuses: int, retry_after: str = "") -> None:
        self.statuses, self.retry_after = list(statuses), retry_after
        self.bodies: list[Any] = []
        self.address = SecretStr("")


@contextmanager
def serving(chat: Chat) -> Iterator[Chat]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/json"
            assert self.path == f"/{SECRET}"
            chat.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status = chat.statuses.pop(0) if len(chat.statuses) > 1 else chat.statuses[0]
            if not status:
                self.connection.close()
                return
            self.send_response(status)
            if chat.retry_after:
                self.send_header("Retry-After", chat.retry_after)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    chat.address = SecretStr(f"http://127.0.0.1:{server.server_port}/{SECRET}")
    try:
        yield chat
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def sent(tmp_path: Path) -> Iterator[SentMessages]:
    engine = open_engine(f"sqlite:///{tmp_path / 'sent.db'}")
    yield SentMessages(engine, SetClock())
    engine.dispose()


@pytest.mark.parametrize(
    ("statuses", "outcome", "attempts", "kept"),
    [
        ([200], Outcome.SENT, 1, True),
        ([202], Outcome.SENT, 1, True),
        ([503, 429, 200], Outcome.SENT, 3, True),
        ([500], Outcome.REFUSED, 4, False),
        ([429], Outcome.REFUSED, 4, False),
        ([403], Outcome.REFUSED, 1, False),
        ([404], Outcome.REFUSED, 1, False),
        ([302], Outcome.REFUSED, 1, False),
        ([504], Outcome.UNKNOWN, 1, True),
        ([502], Outcome.UNKNOWN, 1, True),
        ([0], Outcome.UNKNOWN, 1, True),
        ([503, 0], Outcome.UNKNOWN, 2, True),
    ],
)
def test_what_a_chat_answers_decides_whether_it_is_tried_again(
    sent: SentMessages, statuses: list[int], outcome: Outcome, attempts: int, kept: bool
) -> None:
    pauses: list[float] = []
    with serving(Chat(*statuses)) as chat:
        found = send_once(sent, "a", chat.address, BODY, pauses.append)
    assert (found.outcome, len(chat.bodies), sent.has("a")) == (outcome, attempts, kept)
    assert pauses == [1.0, 4.0, 16.0][: attempts - 1]
    assert chat.bodies == [BODY] * attempts


def test_a_message_is_not_sent_twice_whoever_asks(sent: SentMessages) -> None:
    outcomes: list[Outcome] = []
    with serving(Chat(200)) as chat:

        def send() -> None:
            outcomes.append(send_once(sent, "a", chat.address, BODY, lambda _: None).outcome)

        threads = [threading.Thread(target=send) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == [Outcome.BEFORE] * 7 + [Outcome.SENT]
        assert len(chat.bodies) == 1
        assert send_once(sent, "b", chat.address, BODY, lambda _: None).outcome is Outcome.SENT


def test_what_never_left_may_be_sent_again(sent: SentMessages) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    pauses: list[float] = []
    gone = SecretStr(f"http://127.0.0.1:{port}/{SECRET}")
    assert send_once(sent, "a", gone, BODY, pauses.append).outcome is Outcome.UNREACHABLE
    assert (sent.has("a"), len(pauses)) == (False, 3)


@pytest.mark.parametrize("address", ["", "hush-hush", "ftp://hush-hush/a", "http://", "http://[", "https://\ud800/"])
def test_what_is_no_address_is_never_sent(sent: SentMessages, address: str) -> None:
    assert send_once(sent, "a", SecretStr(address), BODY, lambda _: None).outcome is Outcome.UNREACHABLE
    assert not sent.has("a")


def test_nobody_waits_forever_and_what_left_stays_claimed(sent: SentMessages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "TIMEOUT_SECONDS", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = SecretStr(f"http://127.0.0.1:{silent.getsockname()[1]}/{SECRET}")
        assert send_once(sent, "a", address, BODY, lambda _: None).outcome is Outcome.UNKNOWN
    assert sent.has("a")


def test_a_chat_that_asks_to_wait_is_waited_for_within_reason(sent: SentMessages) -> None:
    pauses: list[float] = []
    with serving(Chat(429, 429, 200, retry_after="7")) as chat:
        send_once(sent, "a", chat.address, BODY, pauses.append)
    with serving(Chat(429, 200, retry_after="999999")) as chat:
        send_once(sent, "b", chat.address, BODY, pauses.append)
    assert pauses == [7.0, 7.0, 60.0]


def test_interrupted_waiting_gives_the_message_back(sent: SentMessages) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    with serving(Chat(503)) as chat, pytest.raises(KeyboardInterrupt):
        send_once(sent, "a", chat.address, BODY, interrupted)
    assert not sent.has("a")


def test_no_library_logs_the_address(sent: SentMessages, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(Chat(200)) as chat:
        found = send_once(sent, "a", chat.address, BODY, lambda _: None)
    assert "hush" not in caplog.text + repr(found) + repr(chat.address)
