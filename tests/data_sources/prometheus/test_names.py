"""Queries that match nothing, against a server that shows why."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from data_sources.base import Interval, Request
from data_sources.near import near
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Ratio
from tests.data_sources.fault_server import NOW, Call, FaultServer, Reply, failure, json_reply, success

Make = Callable[..., PrometheusSource]
HOUR = Interval(NOW - 3600, NOW, 300)


def world(names: list[str], values: dict[str, list[str]], numbers: dict[str, float]) -> Callable[[Call], Reply]:
    """A server without samples in the past; ``numbers`` answers instant queries by a part of their text."""

    def answer(call: Call) -> Reply:
        if call.path.endswith("/values"):
            label = call.path.split("/")[-2]
            shown = values.get(label, [])
            if label == "__name__":
                shown = [name for name in names if call.form.get("match[]", name) == name]
            return json_reply({"status": "success", "data": shown})
        if call.path.endswith("/labels"):
            return json_reply({"status": "success", "data": ["__name__", *values]})
        if call.path.endswith("/query_range"):
            return success([])
        found = [number for part, number in numbers.items() if part in call.form.get("query", "")]
        return success([{"metric": {}, "value": [NOW, str(found[0])]}] if found else [], "vector")

    return answer


@pytest.fixture(autouse=True)
def passes_all(server: FaultServer) -> None:
    """Questions about the server itself come here too."""
    server.passes_all = True


def facts_of(source: PrometheusSource, total: str = 'http_requests_total{app="a"}') -> dict[str, object]:
    findings = source.check(Request("it", Ratio(total=total, bad="b_total"), HOUR))
    return dict(next(finding for finding in findings if finding.code == "matches_nothing").facts)


NAMES = ["http_requests_total", "up"]
VALUES = {"app": ["a", "b"], "code": ["200"]}


def test_a_metric_of_a_server_that_is_a_minute_old_has_no_samples_yet(server: FaultServer, make: Make) -> None:
    server.answer = world(NAMES, VALUES, {"timestamp(": NOW - 20})
    facts = facts_of(make())
    assert (facts["reason"], facts["since_at"]) == ("no_samples_yet", NOW - 20)


def test_a_server_without_any_metric_is_told_apart_from_a_misspelling(server: FaultServer, make: Make) -> None:
    server.answer = world([], {}, {})
    assert facts_of(make())["reason"] == "no_metrics"


def test_a_metric_that_is_gone_tells_when_it_was_last_seen(server: FaultServer, make: Make) -> None:
    server.answer = world(NAMES, VALUES, {"max_over_time(timestamp(": NOW - 5 * 86_400})
    facts = facts_of(make())
    assert (facts["reason"], facts["last_seen_at"]) == ("gone", NOW - 5 * 86_400)


@pytest.mark.parametrize("name", ["latency_seconds_count", "latency_seconds"])
def test_a_histogram_is_named_by_its_base_name(server: FaultServer, make: Make, name: str) -> None:
    server.answer = world([name], {}, {})
    findings = make().check(Request("it", Histogram(histogram="latncy_seconds", under=0.3), HOUR))
    facts = next(finding.facts for finding in findings if finding.code == "matches_nothing")
    assert (facts["reason"], facts["metric"], facts["nearest"]) == (
        "unknown_metric",
        "latncy_seconds",
        "latency_seconds",
    )


def test_too_few_samples_are_told_apart_from_none(server: FaultServer, make: Make) -> None:
    numbers = {"count_over_time(": 6.0, "min_over_time(": NOW - 3000, "max(timestamp(": NOW - 100}
    server.answer = world(NAMES, VALUES, numbers)
    facts = facts_of(make())
    assert (facts["reason"], facts["scrape_seconds"], facts["bucket_seconds"]) == ("too_rare", 600, 300)


def test_matchers_that_no_series_has_together_are_named_as_such(server: FaultServer, make: Make) -> None:
    server.answer = world(NAMES, VALUES, {"count(http_requests_total)": 3.0})
    assert facts_of(make(), 'http_requests_total{app="a",code="200"}')["reason"] == "not_together"


@pytest.mark.parametrize("broken", [failure(403, "forbidden", "no"), Reply(b"", 404), Reply(b"<html>")])
def test_where_the_server_lists_no_names_nothing_is_claimed(server: FaultServer, make: Make, broken: Reply) -> None:
    sound = world(NAMES, VALUES, {})
    server.answer = lambda call: broken if call.path.endswith("/values") else sound(call)
    assert set(facts_of(make())) == {"role", "query"}


@pytest.mark.parametrize(
    "text",
    [
        '{__name__="http_requests_total"}',
        'http_requests_total{app!="x"}',
        'http_requests_total{app=~"a|"}',
    ],
)
def test_what_cannot_be_judged_is_not(server: FaultServer, make: Make, text: str) -> None:
    server.answer = world(NAMES, VALUES, {})
    assert facts_of(make(), text).get("reason") is None


def test_names_are_asked_for_once_however_many_queries_match_nothing(server: FaultServer, make: Make) -> None:
    server.answer = world([f"some_metric_{i}_of_many_total" for i in range(20_000)], {}, {})
    source = make()
    started = time.process_time()
    for i in range(20):
        assert facts_of(source, f"some_metric_{i}_of_mny_total")["reason"] == "unknown_metric"
    assert time.process_time() - started < 20
    lists = [call for call in server.calls if call.path.endswith("/label/__name__/values")]
    assert len([call for call in lists if "match[]" not in call.form]) <= 5  # at most every five seconds


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("http_request_total", "http_requests_total"),
        ("http_requests_totl", "http_requests_total"),
        ("http_requests", "http_requests_total"),
        ("requests_total", "http_requests_total"),
        ("total_http_requests", "http_requests_total"),
        ("job:http_requests:rate_5m", "job:http_requests:rate5m"),
        ("node_cpu", ""),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_a_name_that_is_near_is_found_and_no_other(name: str, found: str) -> None:
    known = ["up", "http_requests_total", "job:http_requests:rate5m", "process_open_fds", "go_goroutines"]
    assert (near(name, known) or ("",))[0] == found
