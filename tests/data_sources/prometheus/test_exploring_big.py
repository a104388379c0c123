"""A source that is too big, hangs or fails: each question ends in bounded work and a sentence that says why."""

from __future__ import annotations

import pytest

from data_sources.base import Interval
from data_sources.errors import SourceError
from data_sources.exploring import (
    Aggregation,
    Ask,
    Limits,
    Matcher,
    MetricQuestion,
    MetricType,
    Operator,
    WrittenQuestion,
)
from tests.data_sources.big_server import METRICS, answering
from tests.data_sources.fault_server import NOW, FaultServer, json_reply
from tests.data_sources.prometheus.conftest import Make
from tomoni.exploring.index import MetricIndex
from tomoni.languages import LANGUAGES
from tomoni.words.asking import failure
from tomoni.words.text import Text

END = NOW // 300 * 300
HOUR = Interval(END - 3600, END, 300)
MONTHS = Interval(END - 90 * 86_400, END, 60)


def never() -> bool:
    return False


def rate(metric: str, *by: str) -> MetricQuestion:
    return MetricQuestion(metric, MetricType.COUNTER, Aggregation.RATE, by=by)


@pytest.mark.parametrize(
    ("ask", "interval", "code", "facts"),
    [
        (rate("huge_total"), HOUR, "query_refused", {"reason": "too_many_series", "series": 100_000, "most": 50_000}),
        (rate("huge_total", "pod"), HOUR, "query_refused", {"reason": "too_many_series", "series": 100_000}),
        (WrittenQuestion("huge_total"), HOUR, "query_refused", {"reason": "too_many_series", "most": 5_000}),
        (rate("fine_total"), MONTHS, "query_refused", {"reason": "too_many_points", "points": 129_600}),
        (WrittenQuestion("unclosed("), HOUR, "query_refused", {"position": 8}),
        (WrittenQuestion("rate(limited[5m])"), HOUR, "query_refused", {}),
        (WrittenQuestion("hanging"), HOUR, "timed_out", {}),
        (rate("hanging"), HOUR, "timed_out", {}),
        (WrittenQuestion("endless"), HOUR, "bad_answer|timed_out", {}),  # whichever limit is met first
        (rate("broken"), HOUR, "server_failed", {"status": 503}),
        (rate("page"), HOUR, "bad_answer", {"reason": "not_json"}),
        (WrittenQuestion("forbidden"), HOUR, "access_denied", {}),
    ],
    ids=lambda value: str(getattr(value, "metric", getattr(value, "text", ""))) or None,
)
def test_a_question_that_cannot_be_answered_says_why_after_few_calls(
    server: FaultServer, make: Make, ask: Ask, interval: Interval, code: str, facts: dict[str, object]
) -> None:
    server.passes_all, server.answer = True, answering()
    seconds = 1 if "timed_out" in code else 30  # what is refused is so on a busy machine too
    with pytest.raises(SourceError) as refused:
        make(timeout_seconds=seconds).lines(ask, interval, Limits(seconds=seconds), never)
    assert refused.value.code in code.split("|")
    assert {name: refused.value.facts.get(name) for name in facts} == facts
    for language in LANGUAGES:
        assert failure(refused.value, Text(language, "UTC"))
    assert len(server.calls) <= 8


def test_twenty_thousand_metrics_are_listed_with_their_metadata_and_found(server: FaultServer, make: Make) -> None:
    server.passes_all, server.answer = True, answering(metadata=True)
    index = MetricIndex(metric for part in make().metrics(never) for metric in part)
    assert len(index) == METRICS
    found, total = index.search("chekout search requsts")
    assert total > 0
    assert "checkout" in found[0].metric.name
    assert found[0].metric.type is MetricType.COUNTER


def test_of_a_hundred_thousand_values_a_thousand_are_offered_the_most_frequent_first(
    server: FaultServer, make: Make
) -> None:
    server.passes_all, server.answer = True, answering()
    found = make().label_values("huge_total", "pod", (), HOUR)
    assert len(found) == 1_000
    assert all(each.series == 1 for each in found)


def test_values_with_their_numbers_are_offered_though_those_that_are_gone_cannot_be_read(
    server: FaultServer, make: Make
) -> None:
    server.passes_all = True
    few = [{"metric": {"pod": "a"}, "value": [0, "3"]}]

    def answer(call):
        if call.path.endswith("/values"):
            return json_reply({"status": "success", "data": ["x" * 500] * 90_000})
        return json_reply({"status": "success", "data": {"resultType": "vector", "result": few}})

    server.answer = answer
    only = Matcher("job", Operator.EQUAL, "web")
    assert [(each.value, each.series) for each in make().label_values("up", "pod", (only,), HOUR)] == [("a", 3)]
