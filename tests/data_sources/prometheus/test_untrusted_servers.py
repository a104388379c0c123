"""Every server that Tomoni asks, and what a bad one may answer: a table of both.

No redirect takes what was sent to another host; no answer is read or unpacked without end, or followed into any depth.
"""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.data_sources.fault_server import FaultServer, Reply, fault_server
from tests.data_sources.prometheus.conftest import Make
from tests.data_sources.prometheus.test_answers import ask
from tomoni.access.keys import Keys, KeysUnknownError
from tomoni.meetings.sent import SentMessages
from tomoni.store.engine import open_engine
from tomoni.use_cases.webhooks import Outcome, send_once

Asks = Callable[[str, Make, Path], bool]  # asks a server by its address; whether it was believed
MOST_BYTES = 64 * 2**20  # of memory, for answers that would be more than twice as much


def source(address: str, make: Make, _folder: Path) -> bool:
    return ask(make(url=address, headers={"X-Api-Key": "hush"})).error is None


def token_server(address: str, make: Make, _folder: Path) -> bool:
    auth = {"kind": "oauth2", "client_id": "tomoni", "client_secret": "hush", "token_url": f"{address}/token"}
    return ask(make(auth=auth)).error is None


def keys(address: str, _make: Make, _folder: Path) -> bool:
    try:
        Keys(f"{address}/keys", lambda: 0.0).current()
    except KeysUnknownError:
        return False
    return True


def webhook(address: str, _make: Make, folder: Path) -> bool:
    engine = open_engine(f"sqlite:///{folder / 'sent.db'}")
    try:
        sent = SentMessages(engine, lambda: 0.0)
        sending = send_once(sent, "k", SecretStr(f"{address}/hush"), {"text": "x"}, lambda _seconds: None)
    finally:
        engine.dispose()
    return sending.outcome is Outcome.SENT


SERVERS: Mapping[str, Asks] = {"source": source, "token server": token_server, "keys": keys, "webhook": webhook}
JSON = {"Content-Type": "application/json"}
PACKED = {**JSON, "Content-Encoding": "gzip"}
ANSWERS: Mapping[str, Reply] = {
    "deep": Reply(b"[" * 200_000 + b"]" * 200_000, 200, JSON),
    "deep objects": Reply(b'{"keys":' * 60_000, 200, JSON),
    "a bomb": Reply(gzip.compress(b" " * (160 * 2**20), 1), 200, PACKED),
    "no end": Reply(b"{", 200, JSON, length=2**40, endlessly=b" " * 2**16),
}


@pytest.fixture
def elsewhere() -> Iterator[FaultServer]:
    with fault_server() as server:
        yield server


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("name", SERVERS)
def test_what_is_sent_to_a_server_is_not_taken_to_another(
    server: FaultServer, elsewhere: FaultServer, make: Make, tmp_path: Path, name: str, status: int
):
    server.answer = lambda call: Reply(b"", status, {"Location": f"{elsewhere.url}{call.path}"})
    assert not SERVERS[name](server.url, make, tmp_path)
    assert server.calls
    assert elsewhere.calls == []


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("name", SERVERS)
def test_no_answer_takes_more_than_it_may(server: FaultServer, make: Make, tmp_path: Path, name: str, answer: str):
    server.answer = lambda _: ANSWERS[answer]
    SERVERS["source"](server.url, make, tmp_path)  # what is loaded once is no part of it
    tracemalloc.start()
    try:
        believed = SERVERS[name](server.url, make, tmp_path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert believed is (name == "webhook")  # of a chat only the status counts, and nothing else is read
    assert peak < MOST_BYTES
