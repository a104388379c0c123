"""What a source reads from a server beside its series: edges, version, retention, its graph page."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from data_sources.base import Interval, Request
from data_sources.prometheus.config import Histogram
from data_sources.queries import Expression, Gauge, Ratio, TextSignal
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import NOW, Call, Reply, healthy, json_reply, matrix, success

HOUR = Interval(NOW - 3600, NOW, 300)
HISTOGRAM = Histogram(histogram='latency_seconds{app="a"}', under=0.3)


def telling(**pages):
    """A healthy server with further pages, by the end of their path."""

    def answer(call: Call) -> Reply:
        found = [reply for end, reply in pages.items() if call.path.endswith(end.replace("__", "/"))]
        if not found:
            return healthy(call)
        return found[0] if isinstance(found[0], Reply) else json_reply({"status": "success", "data": found[0]})

    return answer


def ask(source, query=HISTOGRAM, interval=HOUR):
    return answers_of(source, [Request("it", query, interval)])["it"]


def edges_asked(server) -> int:
    return sum(call.path.endswith("/label/le/values") for call in server.calls)


def test_edges_are_fetched_once(server, make):
    server.answer = telling(le__values=["0.1", "0.30", "3e-1", "+Inf"])
    source = make()
    assert ask(source).error is None
    assert ask(source).error is None
    assert edges_asked(server) == 1
    assert server.calls[0].form["match[]"] == 'latency_seconds_bucket{app="a"}'
    assert [call.form["query"] for call in server.ranges[:2]] == [
        'sum(increase(latency_seconds_count{app="a"}[5m]))',
        'sum(increase(latency_seconds_bucket{app="a",le=~"0\\\\.30|3e\\\\-1|0\\\\.3"}[5m]))',
    ]


def test_an_older_interval_asks_for_edges_again(server, make):
    server.answer = telling(le__values=["0.3"])
    source = make()
    ask(source)
    ask(source, interval=Interval(NOW - 86_400, NOW, 300))
    ask(source)
    assert edges_asked(server) == 2


def test_a_later_interval_asks_for_edges_again(server, make):
    server.answer = telling(le__values=["0.3"])
    source = make()
    ask(source, interval=Interval(NOW - 90_000, NOW - 86_400, 300))
    ask(source)
    ask(source, interval=Interval(NOW - 1800, NOW + 300, 300))  # moved on with the time
    assert edges_asked(server) == 2


def test_no_edges_at_all_are_no_error_and_not_remembered(server, make):
    server.answer = telling(le__values=[])
    source = make()
    assert ask(source).error is None
    assert ask(source).error is None
    assert edges_asked(server) == 2


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_edges_are_queried_where_labels_are_not_served(server, make, status):
    found = success([{"metric": {"le": le}, "value": [NOW, "1"]} for le in ("0.5", "+Inf", "odd")], "vector")
    server.answer = telling(le__values=Reply(b"", status), v1__query=found)
    error = ask(make()).error
    assert error is not None
    assert error.facts == {"reason": "histogram_edge", "under": 0.3, "edges": "0.5, +Inf, odd", "nearest": "0.5"}


def test_explaining_shows_the_edges_that_are_known(server, make):
    server.answer = telling(le__values=["0.30"])
    source = make()
    assert 'le="0.3"' in source.explain(HISTOGRAM, HOUR)[1].text
    ask(source)
    assert 'le=~"0\\\\.30|0\\\\.3"' in source.explain(HISTOGRAM, HOUR)[1].text


def test_the_graph_shows_the_same_text_and_interval(make):
    source = make(ui_url="https://me:pw@grafana.example/prom/?x=1")
    (text,) = source.explain(TextSignal(query='rate(a{b="c d"}[$window])'), HOUR)
    parts = urlsplit(text.url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://grafana.example/prom/graph"
    assert parse_qs(parts.query) == {
        "g0.expr": ['rate(a{b="c d"}[5m])'],
        "g0.tab": ["0"],
        "g0.range_input": ["1h"],
        "g0.end_input": ["2027-01-15 08:00:00"],
        "g0.step_input": ["300"],
    }


def test_what_cannot_be_read_is_explained_by_nothing(make):
    assert make().explain(Ratio(total="sum(a)", bad="b"), HOUR) == ()


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("15d", 15 * 86_400),
        ("1y2w", 379 * 86_400),
        ("30d or 100GB", 30 * 86_400),
        ("100GB", None),
        ("", None),
        ("0s", None),
        (None, None),
    ],
)
def test_retention_is_read_as_the_server_writes_it(server, make, stated, seconds):
    server.answer = telling(status__buildinfo={"version": "3.1.0"}, status__runtimeinfo={"storageRetention": stated})
    health = make().health()
    assert health.answered
    assert (health.version, health.retention_seconds) == ("3.1.0", seconds)


def test_a_server_that_tells_nothing_of_itself_is_well_all_the_same(server, make):
    server.answer = telling(status__buildinfo=Reply(b"", 404), status__runtimeinfo=[1])
    health = make().health()
    assert (health.answered, health.version, health.retention_seconds) == (True, "", None)


def found(source, query, interval=HOUR):
    return {finding.code: dict(finding.facts) for finding in source.check(Request("it", query, interval))}


def test_a_server_that_forgets_before_the_window_ends_is_found(server, make):
    server.answer = telling(status__runtimeinfo={"storageRetention": "15d"})
    month = Interval(NOW - 28 * 86_400, NOW, 300)
    assert found(make(), TextSignal(query="up"), month)["retention_short"] == {
        "retention_seconds": 15 * 86_400,
        "interval_seconds": 28 * 86_400,
    }


def scraped(every: int, since: int):
    """A server that takes a sample every so many seconds of a metric that began at a moment."""

    def answer(call: Call) -> Reply:
        if call.path.endswith("/query_range"):
            return success([matrix(call, lambda moment: "1" if moment > since else None)])
        if not call.form.get("query", "").startswith("max(count_over_time"):
            return healthy(call)
        at, seconds = int(call.form["time"]), int(re.findall(r"\[(\d+)s\]", call.form["query"])[0])
        return success([{"metric": {}, "value": [at, str(min(seconds, at - since) // every)]}], "vector")

    return answer


@pytest.mark.parametrize("age", [200, 400, 3600, 86_400])
def test_a_young_metric_is_not_taken_for_a_slow_one(server, make, age):
    day = Interval(NOW - 86_400, NOW, 300)
    server.answer = scraped(15, NOW - age)
    assert "scrape_interval" not in found(make(), Ratio(total="a", bad="b"), day)
    server.answer = scraped(150, NOW - age)
    slow = found(make(), Ratio(total="a", bad="b"), day)
    assert ("scrape_interval" in slow) == (age > 300)  # before there is no whole bucket to tell by


def test_an_expression_without_window_is_found(server, make):
    query = Ratio(total=Expression(expr="requests:increase5m"), bad=Expression(expr="sum(increase(a[$window]))"))
    assert found(make(), query)["no_window"] == {"role": "total", "query": "requests:increase5m"}


@pytest.mark.parametrize("placeholder", ["$__rate_interval", "$windows", "$interval", "${window}"])
def test_a_placeholder_of_another_tool_is_found(server, make, placeholder):
    query = Gauge(gauge=f'sum(rate(a{{b=~"x$y"}}[{placeholder}]))', good_when="> 0")
    assert found(make(), query)["unknown_placeholder"] == {"role": "value", "placeholder": placeholder}


def test_the_ends_of_patterns_are_no_placeholders(server, make):
    assert found(make(), TextSignal(query='sum(up{a=~"b$",c=~"$d"}) # costs $5 or $window')) == {}


def test_notices_of_the_server_are_found(server, make):
    server.answer = lambda call: success([], warnings=["half"]) if call.form.get("start") else healthy(call)
    assert found(make(), TextSignal(query="up"))["server_warning"] == {"text": "half"}


def test_a_source_builds_nothing_and_may_be_closed_before_use(server, make):
    source = make()
    source.close()
    assert server.calls == []
    assert ask(source, TextSignal(query="up")).error is None
    source.close()
    assert ask(source, TextSignal(query="up")).error is None
