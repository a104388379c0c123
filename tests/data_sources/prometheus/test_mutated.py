"""Answers mutated at random: what comes is a value or an error of a source, and what is stored can be.

TOMONI_MUTATIONS=5000 tries as many.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from data_sources.base import Answer, Interval, Request
from data_sources.errors import SourceError
from data_sources.prometheus import decode
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Gauge, Query, Ratio, TextSignal
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import NOW, Call, FaultServer, Reply, matrix
from tests.data_sources.mutating import MUTATIONS, mutated

pytestmark = pytest.mark.slow
HOUR, DAYS = Interval(NOW - 3600, NOW, 300), Interval(NOW - 3 * 86_400, NOW, 3600)
QUERIES: list[Query] = [
    TextSignal(query="up"),
    Ratio(total="all", bad="failed"),
    Ratio(total="all", good="done"),
    Gauge(gauge="up", good_when=">= 1"),
    Histogram(histogram="latency", under=0.3),
]
STATES = {
    "/api/v1/status/buildinfo": {"version": "2.42.0", "revision": "x", "goVersion": "go1.19"},
    "/api/v1/status/runtimeinfo": {"storageRetention": "15d or 10GB", "startTime": "2026-01-01T00:00:00Z"},
    "/api/v1/metadata": {"all": [{"type": "counter", "help": "", "unit": ""}], "up": [{"type": "gauge", "help": ""}]},
}


def body_of(call: Call) -> object:
    """An honest answer to any call."""
    if call.path.endswith("/query_range"):
        members = call.form["query"].count("__tomoni__")
        found = [matrix(call, __tomoni__=str(i), pod="a") for i in range(members)] or [matrix(call, pod="a")]
        return {"status": "success", "data": {"resultType": "matrix", "result": found}, "infos": ["PromQL info: x"]}
    if call.path.endswith("/query"):
        vector = [{"metric": {"le": "0.3"}, "value": [NOW, "1"]}]
        return {"status": "success", "data": {"resultType": "vector", "result": vector}}
    if "/label/" in call.path:
        return {"status": "success", "data": ["0.1", "0.3", "+Inf"]}
    return {"status": "success", "data": STATES.get(call.path, {})}


def mutating(chance: random.Random) -> Callable[[Call], Reply]:
    """A server that mutates most of its answers, and some of their statuses."""

    def answer(call: Call) -> Reply:
        body = body_of(call)
        text = mutated(body, chance) if chance.random() < 0.7 else json.dumps(body).encode()
        status = chance.choice((200, 200, 200, 200, 200, 200, 200, 400, 422, 500, 302, 404, 429))
        return Reply(text, status, {"Content-Type": "application/json"})

    return answer


def assert_sound(answer: Answer) -> None:
    """An error, or columns of the right length without infinities, negative counts and sums beyond all bounds."""
    assert (answer.series is None) != (answer.error is None)
    for name, column in answer.series.columns.items() if answer.series else ():
        assert len(column) == len(answer.request.interval)
        assert not np.isinf(column).any()
        with np.errstate(over="raise"):
            assert np.isfinite(np.nansum(np.square(column)))
        if name != "value":
            assert not (column < 0).any()


def uses(source: PrometheusSource, chance: random.Random) -> Iterator[Callable[[], object]]:
    """What is done with a source, in the ways of the product."""
    interval = chance.choice((HOUR, HOUR, DAYS))
    queries = chance.sample(QUERIES, chance.randint(1, 3))
    yield lambda: answers_of(source, [Request(str(i), query, interval) for i, query in enumerate(queries)])
    yield chance.choice(
        (
            source.health,
            lambda: source.check(Request("it", chance.choice(QUERIES), HOUR)),
            lambda: source._client.label_values("le", {}),
            lambda: source._client.metric_types("up"),
        )
    )


@pytest.mark.parametrize("seed", range(10))
def test_whatever_is_answered_is_a_value_or_an_error(server: FaultServer, make, monkeypatch, seed):
    """Half of them as large answers."""
    chance = random.Random(seed)
    if seed % 2:
        monkeypatch.setattr(decode, "SMALL_BYTES", 0)
    server.answer = mutating(chance)
    tried = 0
    while tried < MUTATIONS / 10:
        source = make()
        before = len(server.calls)
        for use in uses(source, chance):
            try:
                found = use()
            except SourceError:
                continue
            if isinstance(found, dict):
                for answer in found.values():
                    assert_sound(answer)
        source.close()
        tried += len(server.calls) - before


@pytest.mark.parametrize("value", ["1e308", "-1e308", "+Inf", "1e101", "9.1e15", "-1"])
def test_numbers_that_cannot_be_are_not_observed_and_reported(server: FaultServer, make, value):
    server.answer = lambda call: Reply(
        json.dumps(body_of(call)).replace('"1"]', f'"{value}"]').encode(), 200, {"Content-Type": "application/json"}
    )
    for query in QUERIES[:3]:
        answer = answers_of(make(), [Request("it", query, HOUR)])["it"]
        assert_sound(answer)
        assert answer.series is not None
        if isinstance(query, Ratio):
            assert np.isnan(answer.series.columns["total"]).all()
            assert {notice.code for notice in answer.notices} & {"out_of_range", "not_finite", "negative_count"}
