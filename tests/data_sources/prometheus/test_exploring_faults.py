"""Exploring servers that say too much, nothing, or nothing in time: bounded, and what can be known is."""

import json
import threading
from itertools import islice

import pytest

from data_sources.base import Interval
from data_sources.errors import SourceError, TimedOut
from data_sources.exploring import Aggregation, Limits, MetricQuestion, MetricType, WrittenQuestion
from data_sources.prometheus.exploring.naming import Stated, metrics_of
from data_sources.prometheus.rules import worked_out
from tests.data_sources.fault_server import NOW, Call, Reply, failure, healthy, json_reply, success

HOUR = Interval(NOW // 300 * 300 - 3600, NOW // 300 * 300, 300)


def never() -> bool:
    return False


def found_by(source, cancelled=never):
    return [metric for part in source.metrics(cancelled) for metric in part]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("http_requests_total", MetricType.COUNTER),
        ("job:http_requests_total:rate5m", MetricType.GAUGE),
        ("job:http_requests_total:sum", MetricType.GAUGE),
        ("path:latency_seconds_bucket:rate5m", MetricType.HISTOGRAM),
        ("path:latency_seconds_bucket:sum", MetricType.GAUGE),
        ("recorded_growth_total", MetricType.GAUGE),
        ("recorded_count", MetricType.GAUGE),
        ("recorded_sum_total", MetricType.COUNTER),
        ("recorded_either_total", MetricType.COUNTER),
        ("recorded_log_total", MetricType.GAUGE),
        ("recorded_difference_total", MetricType.GAUGE),
        ("unnamed_seconds", MetricType.SUMMARY),  # without percentiles, and so without series of its own name
        ("waiting_bucket", MetricType.GAUGE),
        ("waiting_gcount", MetricType.GAUGE),
        ("target_info", MetricType.GAUGE),
        ("state", MetricType.GAUGE),
        ("http.requests_total", MetricType.COUNTER),
        ("買い物_total", MetricType.COUNTER),
        ("counted_created", MetricType.GAUGE),
        ("native_seconds", MetricType.NATIVE_HISTOGRAM),
        ("classic_seconds", MetricType.HISTOGRAM),
        ("rpc_seconds", MetricType.SUMMARY),
        ("open_metrics_total", MetricType.COUNTER),
        ("queue_depth", MetricType.GAUGE),
        ("something", MetricType.UNKNOWN),
        ("up", MetricType.GAUGE),
        ("things_count", MetricType.COUNTER),
    ],
)
def test_a_metric_is_what_its_name_and_its_server_say(name: str, kind: MetricType) -> None:
    parts = [
        f"{base}{part}" for base in ("classic_seconds", "rpc_seconds", "unnamed_seconds") for part in ("_count", "_sum")
    ]
    names = {*parts, "classic_seconds_bucket", "rpc_seconds", name} - {"classic_seconds", "unnamed_seconds"}
    stated = {
        "native_seconds": Stated("histogram"),
        "open_metrics": Stated("counter"),
        "queue_depth": Stated("gauge"),
        "waiting": Stated("gaugehistogram"),
        "target": Stated("info"),
        "state": Stated("stateset"),
    }
    recorded = {
        "recorded_growth_total": "sum (rate (a_total[5m]))",
        "recorded_count": "count by (job) (up)",
        "recorded_either_total": "sum(a_total) or (sum(b_total))",
        "recorded_log_total": "log2(a_total)",
        "recorded_difference_total": "sum(a_total) - sum(b_total)",
        "recorded_sum_total": 'sum without (pod, path) (a_total{path="/rate("})',
    }
    rules = [{"type": "recording", "name": name, "query": query} for name, query in recorded.items()]
    rules.append({"type": "alerting", "name": "things_count", "query": "rate(a_total[5m]) > 1"})
    found = metrics_of(names, stated, worked_out({"groups": [{"rules": rules}]}))
    assert {each.name: each.type for each in found}[name] is kind


def test_a_server_without_metadata_is_known_by_its_names(server, make) -> None:
    server.passes_all = True

    def answer(call: Call) -> Reply:
        if call.path.endswith("/metadata"):
            return failure(404, "not_found", "no such API")
        return json_reply({"status": "success", "data": ["a_total", "b"]})

    server.answer = answer
    assert [(metric.name, metric.type) for metric in found_by(make())] == [
        ("a_total", MetricType.COUNTER),
        ("b", MetricType.UNKNOWN),
    ]


def test_metadata_without_end_is_not_read_to_it(server, make) -> None:
    server.passes_all = True
    entry = json.dumps({"type": "gauge", "help": "x" * 900_000, "unit": ""})

    def answer(call: Call) -> Reply:
        if call.path.endswith("/metadata"):
            head = b'{"status":"success","data":{"up":[' + entry.encode() + b"]"
            return Reply(head, 200, {"Content-Type": "application/json"}, length=2**30, endlessly=b"," + b" " * 2**20)
        return json_reply({"status": "success", "data": ["up"]})

    server.answer = answer
    assert [metric.name for metric in found_by(make(timeout_seconds=3))] == ["up"]


def test_names_that_are_too_many_for_one_answer_come_in_parts(server, make) -> None:
    server.passes_all = True
    asked = []

    def answer(call: Call) -> Reply:
        if call.path.endswith("/metadata"):
            return json_reply({"status": "success", "data": {}})
        prefix = call.form.get("match[]", "")
        asked.append(prefix)
        if not prefix:
            return failure(422, "execution", "the query exceeds the limit of 1000 label values")
        return json_reply({"status": "success", "data": [f"{prefix[12]}_total"]})

    server.answer = answer
    found = {metric.name for metric in found_by(make())}
    assert {"a_total", "z_total", "Z_total"} <= found
    assert len(asked) < 70


def test_work_that_nobody_waits_for_ends(server, make) -> None:
    server.passes_all = True
    server.answer = lambda _: json_reply({"status": "success", "data": [f"m{n}" for n in range(9_000)]})
    cancel = threading.Event()
    parts = make().metrics(cancel.is_set)
    assert len(list(islice(parts, 1))) == 1
    cancel.set()
    assert list(parts) == []
    before = len(server.calls)
    question = MetricQuestion("m1", MetricType.GAUGE, Aggregation.MEAN)
    server.answer = lambda _: success([])
    make().lines(question, HOUR, Limits(), lambda: True)
    assert len(server.calls) - before <= 2


def test_a_server_that_hangs_is_given_up_in_time(server, make) -> None:
    server.answer = lambda _: Reply(b" " * 10_000, slowly=0.2)
    with pytest.raises(TimedOut):
        make().lines(WrittenQuestion("up"), HOUR, Limits(seconds=1), never)


def test_a_histogram_is_read_as_a_classic_one_where_labels_may_not_be_listed(server, make) -> None:
    server.passes_all = True
    server.answer = lambda call: failure(403, "forbidden", "no") if "/label" in call.path else healthy(call)
    question = MetricQuestion("latency_seconds", MetricType.HISTOGRAM, Aggregation.RATE)
    found = make().lines(question, HOUR, Limits(), never)
    assert found.texts[0].text == "sum (rate(latency_seconds_count[5m]))"
    assert len(found.lines) == 1


@pytest.mark.parametrize("data", [[], "no", None, {"result": 3}, {"resultType": "matrix", "result": [{"values": 3}]}])
def test_an_answer_that_is_none_is_an_error_and_not_a_crash(server, make, data) -> None:
    server.answer = lambda _: json_reply({"status": "success", "data": data})
    with pytest.raises(SourceError):
        make().lines(WrittenQuestion("up"), HOUR, Limits(), never)


def test_examples_come_the_largest_first_with_their_traces_and_odd_ones_are_passed_over(server, make) -> None:
    server.passes_all = True
    good = [{"labels": {"trace_id": f"t{n}"}, "value": str(n), "timestamp": NOW - 60 + n} for n in range(60)]
    odd = [{"labels": [], "value": "NaN", "timestamp": NOW}, {"value": "1"}, 7, {"value": "x", "timestamp": None}]
    series = {"seriesLabels": {"__name__": "a_bucket", "job": "web"}, "exemplars": [*good, *odd]}
    other = {"seriesLabels": None, "exemplars": [{"labels": {"x": "y"}, "value": "99", "timestamp": NOW}]}
    server.answer = lambda call: json_reply({"status": "success", "data": [series, "what", {"exemplars": 3}, other]})
    found = make().exemplars(MetricQuestion("a", MetricType.HISTOGRAM, Aggregation.PERCENTILES), HOUR)
    assert len(found) == 50
    assert [(each.value, each.trace) for each in found[:2]] == [(99.0, ""), (59.0, "t59")]
    assert found[1].labels == {"job": "web"}
    asked = next(call for call in server.calls if call.path.endswith("/query_exemplars"))
    assert asked.form["query"] == "a_bucket"
