"""Which query language a server speaks is asked once, and only an answer of the server itself counts."""

import pytest

from data_sources.base import Interval, Request
from data_sources.errors import SourceError
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Gauge, Ratio, TextSignal
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import NOW, Call, FaultServer, Reply, failure, healthy, matrix, success

HOUR = Interval(NOW - 3600, NOW, 300)
COUNTERS = Ratio(total="all_total", bad="bad_total")
METRICSQL = success([{"metric": {"dialect": "metricsql"}, "value": [NOW, "1"]}], "vector")


def speaking(probe: Reply):
    """A server on which no series begins, and what it answers to the question for its dialect."""

    def answer(call: Call) -> Reply:
        text = call.form.get("query", "")
        if "label_set" in text:
            return probe
        return success([] if " unless (" in text else [matrix(call)]) if "start" in call.form else healthy(call)

    return answer


def asked(server: FaultServer) -> int:
    return sum("label_set" in call.form.get("query", "") for call in server.calls)


def as_prometheus(server: FaultServer) -> bool:
    """Whether the counters are queried as those of a Prometheus."""
    return any(call.form["query"] == "sum(increase(all_total[5m]))" for call in server.ranges)


def ask(source: PrometheusSource, query=COUNTERS) -> SourceError | None:
    return answers_of(source, [Request("it", query, HOUR)])["it"].error


@pytest.mark.parametrize(
    ("probe", "name"),
    [
        (METRICSQL, "VictoriaMetrics"),
        (failure(400, "bad_data", 'unknown function with name "label_set"'), ""),
        (failure(422, "execution", "no"), ""),
        (success([{"metric": {}, "value": [NOW, "1"]}], "vector"), ""),
        (success([], "vector"), ""),
        (Reply(b"no", 403), ""),
    ],
)
def test_the_dialect_is_asked_once(server, make, probe, name):
    server.passes_all, server.answer = True, speaking(probe)
    source = make()
    for _ in range(3):
        assert ask(source) is None
    assert as_prometheus(server) == (not name)
    assert source.health().version == name
    assert asked(server) == 1


def test_a_page_in_between_is_no_answer(server, make):
    server.passes_all, server.answer = True, speaking(Reply(b"<html>sign in</html>"))
    source = make()
    ask(source)
    server.answer = speaking(METRICSQL)
    server.calls.clear()
    assert ask(source) is None
    assert not as_prometheus(server)


@pytest.mark.parametrize("query", [Gauge(gauge="up", good_when="> 0"), TextSignal(query="up")])
def test_what_is_not_counted_needs_no_dialect(server, make, query):
    server.passes_all, server.answer = True, speaking(METRICSQL)
    assert ask(make(), query) is None
    assert asked(server) == 0
