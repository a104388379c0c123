"""A Prometheus that has too much of everything, as a `FaultServer` answers: 20,000 metrics, one of them with 100,000
series and a label of 100,000 values. What it does with a metric, its name says:

    huge_total     100,000 series, each with its own ``pod``
    hanging        is never answered
    endless        an answer that does not end
    limited        refused by a limit of the server
    broken         the server fails
    page           a page of HTML, as a proxy sends it
    forbidden      not allowed
    else           one series
"""

from __future__ import annotations

import json
from functools import cache

from tests.data_sources.fault_server import Answering, Call, Reply, failure, json_reply, matrix, success

METRICS, SERIES = 20_000, 100_000
_WORDS = ("http", "grpc", "db", "cache", "queue", "disk", "node", "pod", "cart", "checkout", "search", "user")
_MEASURED = ("requests_total", "errors_total", "latency_seconds", "size_bytes", "depth", "usage_ratio", "age_seconds")
NAMED = ("huge_total", "hanging", "endless", "limited", "broken", "page", "forbidden", "job:huge:rate5m")


def names() -> list[str]:
    """The names of all metrics."""
    made = [
        f"{_WORDS[n % 12]}_{_WORDS[n // 12 % 12]}_{n // 144:03}_{_MEASURED[n % 7]}" for n in range(METRICS - len(NAMED))
    ]
    return [*NAMED, *made]


@cache
def answering(metadata: bool = False) -> Answering:
    """How the server answers, with metadata of every metric or without any."""
    listed = json_reply({"status": "success", "data": names()})
    stated = json_reply({"status": "success", "data": {name: [_stated(name)] for name in names()}})
    pods = json_reply({"status": "success", "data": [f"pod-{n:06}" for n in range(SERIES)]})
    biggest = [{"metric": {"pod": f"pod-{n:06}"}, "value": [0, "1"]} for n in range(1_000)]

    known = {
        "metadata": stated if metadata else failure(404, "not_found", "no such API"),
        "label/__name__/values": listed,
        "label/pod/values": pods,
        "labels": json_reply({"status": "success", "data": ["__name__", "job", "pod"]}),
    }

    def answer(call: Call) -> Reply:
        text = call.form.get("query", call.form.get("match[]", ""))
        path = call.path.removeprefix("/api/v1/")
        if path == "label/__name__/values" and text:
            return json_reply({"status": "success", "data": []})
        if found := _faulty(text) or known.get(path):
            return found
        if text.startswith("topk(1000, count by (pod)"):
            return success(biggest, "vector")
        number = SERIES if text.startswith(("count(huge", "count (huge")) else 1
        if call.path.endswith("/query_range"):
            return success([matrix(call, lambda _: str(number))])
        return success([{"metric": {}, "value": [0, str(number)]}], "vector")

    return answer


def _faulty(text: str) -> Reply | None:
    if "hanging" in text:
        return Reply(b" ", length=1_000, slowly=30)
    if "endless" in text:
        head = b'{"status":"success","data":{"resultType":"matrix","result":['
        one = json.dumps({"metric": {"pod": "x" * 200}, "values": [[0, "1"]] * 2_000}).encode() + b","
        return Reply(head, 200, {"Content-Type": "application/json"}, length=2**40, endlessly=one * 20)
    refusals = {
        "unclosed(": failure(
            400, "bad_data", f"1:{text.find('unclosed(') + 9}: parse error: unclosed left parenthesis"
        ),
        "limited": failure(422, "execution", "query processing would load too many samples into memory"),
        "broken": failure(503, "unavailable", "the store is down"),
        "page": Reply(b"<html>Sign in</html>", 200, {"Content-Type": "text/html"}),
        "forbidden": failure(403, "forbidden", "no"),
    }
    return next((reply for name, reply in refusals.items() if name in text), None)


def _stated(name: str) -> dict[str, str]:
    kind = "counter" if name.endswith("_total") else "gauge"
    return {"type": kind, "unit": "", "help": f"What {name} counts, in the words of its owner; a sentence or two."}
