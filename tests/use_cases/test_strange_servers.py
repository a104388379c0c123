"""The guided start on servers that are strange: what is found, or why nothing is, in few requests and bounded time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext

import pytest
from pydantic import HttpUrl

from data_sources.errors import SourceError
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from tests.data_sources.fault_server import (
    NOW,
    Answering,
    Call,
    FaultServer,
    Reply,
    failure,
    fault_server,
    json_reply,
    matrix,
    success,
)
from tomoni.exploring.likely import Found
from tomoni.use_cases.guiding import find_likely, preview
from tomoni.use_cases.jobs import Jobs, JobState, Report
from tomoni.words import errors
from tomoni.words.text import text_for

USUAL = ("http_requests_total",)


def server_of(*names: str, value: str = "1", metadata: bool = True) -> Answering:
    """A server with counters by code."""
    values = {"code": ["200", "500"], "job": ["shop"], "__name__": list(names)}

    def answer(call: Call) -> Reply:
        path, text = call.path.removeprefix("/api/v1/"), call.form.get("query", "")
        if path == "metadata" and metadata:
            return json_reply({"status": "success", "data": {name: [{"type": "counter"}] for name in names}})
        if path == "metadata" or "label_set(" in text:
            return failure(404, "not_found", "no such API")
        if path == "labels":
            return json_reply({"status": "success", "data": list(values)})
        if path.startswith("label/"):
            return json_reply({"status": "success", "data": values.get(path.split("/")[1], [])})
        if path == "query_range":
            return success([matrix(call, lambda _: value)])
        label = next((name for name in values if f"by ({name})" in text), "")
        found = [{"metric": {label: each}, "value": [0, "1"]} for each in values.get(label, ())]
        return success(found or [{"metric": {}, "value": [0, value]}], "vector")

    return answer


def same(reply: Reply) -> Answering:
    return lambda _: reply


# What a server answers, and how many SLIs are found, or what is said.
STRANGE: dict[str, tuple[Answering, int | str]] = {
    "no metadata": (server_of(*USUAL, metadata=False), 1),
    "nothing but NaN": (server_of(*USUAL, value="NaN"), 1),
    "more than forty thousand metrics": (server_of(*(f"m{n}_depth" for n in range(45_000)), *USUAL), 1),
    "names that stand in quotes": (server_of("http.server.requests_total", "注文_requests_total", *USUAL), 3),
    "a page of HTML": (same(Reply(b"<html>Sign in</html>", 200, {"Content-Type": "text/html"})), "is not JSON"),
    "no credentials": (same(Reply(b"no", 401)), "requires credentials"),
    "no right": (same(failure(403, "forbidden", "no")), "denies access"),
    "a login": (same(Reply(b"", 302, {"Location": "/login"})), "a page for signing in"),
    "a loop": (lambda call: Reply(b"", 302, {"Location": call.path}), "redirects to itself"),
    "a broken store": (same(failure(500, "internal", "boom")), "had an internal error"),
    "a server that hangs": (same(Reply(b" ", length=1_000, slowly=30)), "did not answer in time"),
    "syntax errors": (
        lambda call: failure(400, "bad_data", "1:5: parse error") if "query" in call.path else server_of(*USUAL)(call),
        "parse error",
    ),
}


def source_at(server: FaultServer, timeout_seconds: float = 30) -> PrometheusSource:
    config = PrometheusConfig(kind="prometheus", url=HttpUrl(server.url), timeout_seconds=timeout_seconds)
    return PrometheusSource("p", config)


@pytest.mark.parametrize("case", STRANGE)
def test_a_strange_server_is_looked_at_or_told_of_in_few_requests(case: str) -> None:
    answer, expected = STRANGE[case]
    with fault_server() as server:
        server.passes_all, server.answer = True, answer
        source = source_at(server, 1 if "hangs" in case else 30)
        try:
            found = find_likely(source, NOW)
            slis = [sli for journey in found.journeys for sli in journey.slis]
            assert len(slis) == expected
            for sli in slis:
                assert preview(source, sli, NOW, days=1).error is None
        except SourceError as error:
            said = errors.describe(error.code, error.facts, error.detail, text_for("en"))
            assert isinstance(expected, str)
            assert expected in said[0]
            assert len(said) > 1, "with what to do"
        finally:
            source.close()
        assert len(server.calls) < 60


@pytest.mark.parametrize(
    ("keeps", "calls", "names"),
    [(lambda name, asked: name.startswith(asked), 66, 200), (lambda name, asked: True, 5, 0)],
    ids=["a server that has much", "a proxy that drops parameters"],
)
def test_names_are_read_in_parts_and_one_that_always_answers_with_too_much_is_given_up(
    keeps: Callable[[str, str], bool], calls: int, names: int
) -> None:
    known = [f"{letter}_{n:02}" for letter in "abcd" for n in range(50)]

    def answer(call: Call) -> Reply:
        if call.path.endswith("/metadata"):
            return failure(404, "not_found", "no such API")
        asked = call.form.get("match[]", '{__name__=~".*"}').split('"')[1].removesuffix(".*")
        found = [name for name in known if keeps(name, asked)]
        return json_reply({"status": "success", "data": found}) if len(found) <= 60 else Reply(b"too large", 413)

    with fault_server() as server:
        server.passes_all, server.answer = True, answer
        source = source_at(server)
        found = 0
        with pytest.raises(SourceError) if not names else nullcontext():
            found = sum(map(len, source.metrics(lambda: False)))
        source.close()
        assert found == names
        assert sum(call.path.endswith("/values") for call in server.calls) == calls


def test_looking_at_a_server_that_hangs_is_cancelled_at_once() -> None:
    jobs = Jobs(time.monotonic)
    with fault_server() as server:
        server.passes_all, server.answer = True, same(Reply(b" ", length=1_000, slowly=30))
        source, told = source_at(server), threading.Event()

        def look(report: Report[Found]) -> Found:
            told.set()
            return find_likely(source, NOW, report.cancelled)

        job = jobs.start("guided", look)
        assert told.wait(60)
        began = time.monotonic()
        job.cancel()
        assert job.ended
        assert job.state is JobState.CANCELLED
        assert time.monotonic() - began < 15  # it would hang for half a minute
        jobs.close()
        source.close()
