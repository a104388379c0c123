"""Sources that fail: what is remembered stays, its age is told, and nobody meets a traceback."""

from __future__ import annotations

import threading

import pytest

from tests.acceptance import schema
from tests.acceptance.command import Ended, Place, rfc3339
from tests.acceptance.shop import SMALL, sources
from tests.data_sources.fault_server import NOW, FaultServer, Reply, failure, healthy, json_reply, success

pytestmark = pytest.mark.slow

HOUR = 3600
LATER = rfc3339(NOW + HOUR)
PAGE = Reply(b"<html><h1>Sign in</h1></html>", headers={"Content-Type": "text/html"})
HALF = Reply(b'{"status":"success","data":{"resultType":"matrix","re', length=4000)
ANSWERS = {
    "a page": (lambda _: PAGE, "is not JSON"),
    "cut off": (lambda _: HALF, ""),
    "500": (lambda _: failure(500, "internal", "out of disk"), "out of disk"),
    "403": (lambda _: Reply(b"no", 403), "denies access"),
    "422": (lambda _: failure(422, "execution", "too many samples"), "too many samples"),
    "nonsense": (lambda _: json_reply(["what?"]), "not of the Prometheus HTTP API"),
    "empty": (lambda _: Reply(b""), "The answer is empty"),
    "binary": (lambda _: Reply(bytes(range(256))), "is not JSON"),
    "a list of nothing": (lambda _: json_reply({"status": "success", "data": {"result": [{"values": 3}]}}), ""),
    "steering the terminal": (lambda _: failure(400, "bad_data", "\x1b[2J\x1b]0;x\x07 oh\r\nno"), "oh no"),
}


@pytest.fixture
def before(filled: tuple[Place, Ended]) -> Ended:
    """The status while the source still answered."""
    return filled[1]


def numbers(ended: Ended) -> list[object]:
    return [
        [slo[name] for name in ("good", "total", "bad", "sli", "coverage", "budget", "window")]
        for slo in ended.body["slos"]
    ]


def assert_told(ended: Ended, telling: str = "") -> None:
    """Exit code 0, the problem under its source, and one line of it on standard error."""
    schema.validate(ended.body)
    assert ended.code == 0
    (problem,) = ended.body["problems"]
    assert problem["source"] == "prometheus"
    assert telling in problem["text"]
    (line,) = ended.lines
    assert line.startswith("prometheus: ")
    assert line.isprintable()


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_source_that_answers_wrongly_leaves_what_is_remembered(
    remembering: Place, server: FaultServer, before: Ended, answer: str
) -> None:
    server.answer, telling = ANSWERS[answer]
    after = remembering.status(TOMONI_NOW=LATER)
    assert_told(after, telling)
    assert numbers(after) == numbers(before)
    assert after.slo("availability")["window"]["end"] == rfc3339(NOW)
    assert after.body["as_of"] == LATER


def test_a_source_that_never_answered_leaves_no_numbers(small: Place, server: FaultServer) -> None:
    server.answer = lambda _: PAGE
    ended = small.status()
    assert_told(ended)
    assert (ended.slo("availability")["state"], ended.slo("availability")["sli"]) == ("no_data", None)
    checked, synced = small.run("check"), small.run("sync")
    assert (checked.code, synced.code) == (1, 1)
    assert "Traceback" not in checked.err + synced.err


def test_a_source_that_is_down_leaves_what_is_remembered(remembering: Place, before: Ended) -> None:
    remembering.write(sources=sources("http://127.0.0.1:9"))
    after = remembering.status(TOMONI_NOW=LATER)
    assert_told(after, "Nothing is listening")
    assert numbers(after) == numbers(before)
    assert numbers(remembering.status("--no-sync", TOMONI_NOW=LATER)) == numbers(before)


@pytest.mark.parametrize("days", [1, 9, 70])
def test_what_is_remembered_stays_whole_however_long_the_source_is_down(
    remembering: Place, server: FaultServer, before: Ended, days: int
) -> None:
    server.answer = lambda _: PAGE
    after = remembering.status(TOMONI_NOW=rfc3339(NOW + days * 24 * HOUR))
    assert_told(after)
    assert numbers(after) == numbers(before)


def test_a_silent_source_is_given_up_after_its_time(remembering: Place, server: FaultServer, before: Ended) -> None:
    remembering.write(sources=sources(server.url).replace("timeout_seconds: 5", "timeout_seconds: 0.5"))
    over = threading.Event()
    server.answer = lambda call: (over.wait(30), healthy(call))[1]
    try:
        after = remembering.status(TOMONI_NOW=LATER)
    finally:
        over.set()
    assert_told(after, "did not answer in time")
    assert numbers(after) == numbers(before)


def test_a_source_that_comes_back_fills_what_is_missing(remembering: Place, server: FaultServer) -> None:
    server.answer = lambda _: PAGE
    remembering.status(TOMONI_NOW=LATER)
    server.answer = healthy
    ended = remembering.status(TOMONI_NOW=LATER)
    assert (ended.code, ended.err, ended.body["problems"]) == (0, "", [])
    assert ended.slo("availability")["window"]["end"] == LATER
    assert ended.slo("availability")["coverage"] == 1.0


def test_one_source_that_fails_leaves_the_others_alone(small: Place, server: FaultServer) -> None:
    both = sources(server.url) + "  broken: {kind: prometheus, url: 'http://127.0.0.1:9', timeout_seconds: 2}\n"
    small.write(sources=both, app_other=SMALL.replace("app: shop", "app: other").replace("prometheus", "broken"))
    ended = small.status()
    assert {slo["app"]: slo["state"] for slo in ended.body["slos"]} == {"other": "no_data", "shop": "exhausted"}
    assert [problem["source"] for problem in ended.body["problems"]] == ["broken"]


def test_again_only_the_newest_buckets_are_asked_for(small: Place, server: FaultServer) -> None:
    small.status()
    first = spans(server)
    assert max(end - start for start, end in first) > 27 * 24 * HOUR
    server.calls.clear()
    small.status()
    assert all(start >= NOW - HOUR for start, _ in spans(server))
    server.calls.clear()
    small.status(TOMONI_NOW=LATER)
    assert spans(server)
    assert all(start >= NOW - HOUR for start, _ in spans(server))


def test_without_syncing_nobody_is_asked(remembering: Place, server: FaultServer) -> None:
    assert remembering.status("--no-sync").code == 0
    assert server.calls == []


def test_what_was_not_observed_is_asked_for_again_and_then_told(small: Place, server: FaultServer) -> None:
    server.answer = lambda call: success([]) if call.path.endswith("/query_range") else healthy(call)
    small.status()
    server.answer = healthy
    healed = small.status(TOMONI_NOW=rfc3339(NOW + 30 * 24 * HOUR))
    assert healed.slo("availability")["coverage"] == 1.0


def spans(server: FaultServer) -> list[tuple[float, float]]:
    return [(float(call.form["start"]), float(call.form["end"])) for call in server.ranges]
