"""Many requests for the newest buckets share one query; an error in it concerns one of them only."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from data_sources.base import Answer, Interval, Request
from data_sources.errors import SourceError
from data_sources.queries import Ratio, TextSignal
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import NOW, Call, Reply, failure, matrix, success

NEWEST = Interval(NOW - 900, NOW, 300)
MEMBER = re.compile(r'label_replace\(\((.*?)\),"__tomoni__","(\d+)","",""\)', re.DOTALL)


def numbered(call: Call) -> Reply:
    """A server whose metric m7 is always 7; metrics named missing are not there, and broken is refused."""
    query = call.form["query"]
    if "broken" in query:
        return failure(400, "bad_data", "parse error")
    members = MEMBER.findall(query) or [(query, "")]
    return success([_always(call, text, i) for text, i in members if "missing" not in text])


def _always(call: Call, text: str, label: str) -> dict[str, Any]:
    number = re.findall(r"\bm(\d+)", text)[0]
    return matrix(call, lambda _: number, **({"__tomoni__": label} if label else {}))


def signal(number: int) -> TextSignal:
    return TextSignal(query=f"m{number}")


def columns(answer: Answer) -> Mapping[str, np.ndarray]:
    assert answer.error is None, answer.error
    assert answer.series is not None
    return answer.series.columns


def values(answer: Answer) -> list[float]:
    found: list[float] = columns(answer)["value"].tolist()
    return found


def error(answer: Answer) -> SourceError:
    assert answer.error is not None
    return answer.error


def test_fifty_queries_share_one_call(server, make):
    server.answer = numbered
    answers = answers_of(make(), [Request(str(i), signal(i), NEWEST) for i in range(120)])
    assert len(server.ranges) == 3
    assert all(values(answers[str(i)]) == [i] * 3 for i in range(120))


def test_good_and_total_of_a_request_share_one_call(server, make):
    server.answer = numbered
    requests = [Request(str(i), Ratio(total=f"m{i + 100}", good=f"m{i}"), NEWEST) for i in range(60)]
    answers = answers_of(make(), requests)
    # Two counts each, and for each of them the number of series that appear.
    assert sorted(len(MEMBER.findall(call.form["query"])) for call in server.ranges) == [48] * 5
    for i in range(60):
        found = columns(answers[str(i)])
        assert (found["good"].tolist(), found["total"].tolist()) == ([i] * 3, [i + 100] * 3)


def test_intervals_that_are_close_share_a_call(server, make):
    server.answer = numbered
    intervals = [Interval(NOW - 300 * (i + 2), NOW - 300 * (i % 2), 300) for i in range(10)]
    intervals += [Interval(NOW - 86_400, NOW - 86_100, 300), Interval(NOW - 120, NOW, 60)]
    answers = answers_of(make(), [Request(str(i), signal(i), interval) for i, interval in enumerate(intervals)])
    assert len(server.ranges) == 3
    for i, interval in enumerate(intervals):
        assert values(answers[str(i)]) == [i] * len(interval)


def test_long_requests_are_sent_alone(server, make):
    server.answer = numbered
    month = Interval(NOW - 28 * 86_400, NOW, 300)
    answers_of(make(), [Request(str(i), signal(i), month) for i in range(5)])
    assert [MEMBER.findall(call.form["query"]) for call in server.ranges] == [[]] * 5


def test_a_member_without_series_is_not_observed(server, make):
    server.answer = numbered
    queries = [signal(1), TextSignal(query="missing"), signal(2)]
    answers = answers_of(make(), [Request(str(i), query, NEWEST) for i, query in enumerate(queries)])
    assert values(answers["0"]) == [1] * 3
    assert np.isnan(values(answers["1"])).all()
    assert values(answers["2"]) == [2] * 3


def test_one_bad_query_costs_the_union_once(server, make):
    server.answer = numbered
    queries = [signal(i) for i in range(20)] + [TextSignal(query="broken")]
    requests = [Request(str(i), query, NEWEST) for i, query in enumerate(queries)]
    source = make()
    for questions in (1 + 21, 2):  # the union and each of it; then the union without, and the bad one
        before = len(server.ranges)
        answers = answers_of(source, requests)
        assert len(server.ranges) - before == questions
        assert [key for key, answer in answers.items() if answer.error] == ["20"]
        assert all(values(answers[str(i)]) == [i] * 3 for i in range(20))


def test_unions_that_the_server_cannot_answer_are_abandoned(server, make):
    def alone_only(call: Call) -> Reply:
        return failure(422, "execution", "too long") if "__tomoni__" in call.form["query"] else numbered(call)

    server.answer = alone_only
    requests = [Request(str(i), signal(i), NEWEST) for i in range(10)]
    source = make()
    for questions in (11, 10):
        before = len(server.ranges)
        answers = answers_of(source, requests)
        assert len(server.ranges) - before == questions
        assert all(values(answers[str(i)]) == [i] * 3 for i in range(10))


def test_a_server_that_drops_the_label_gets_the_queries_one_by_one(server, make):
    server.answer = lambda call: success([matrix(call, lambda _: "3")] if "start" in call.form else [])
    answers = answers_of(make(), [Request(str(i), signal(i), NEWEST) for i in range(4)])
    assert len(server.ranges) == 5
    assert all(values(answer) == [3] * 3 for answer in answers.values())


def test_a_dead_server_is_called_once_for_all_requests(server, make):
    server.answer = lambda _: Reply(b"", 500)
    answers = answers_of(make(max_parallel=1), [Request(str(i), signal(i), NEWEST) for i in range(100)])
    assert {error(answer).code for answer in answers.values()} == {"server_failed"}
    assert len(server.calls) == 2


def test_members_of_several_series_are_refused_alone(server, make):
    def double(call: Call) -> Reply:
        found = [matrix(call, __tomoni__=i, pod=pod) for _, i in MEMBER.findall(call.form["query"]) for pod in "ab"]
        return success(found[:1] + found[2:])

    server.answer = double
    answers = answers_of(make(), [Request(str(i), signal(i), NEWEST) for i in range(2)])
    assert values(answers["0"]) == [1] * 3
    assert error(answers["1"]).facts == {"reason": "several_series", "role": "value", "count": 2, "labels": "pod"}


def test_queries_stay_short_enough_for_every_server(server, make):
    server.answer = numbered
    long = [Request(str(i), TextSignal(query=f"m{i} + " + " + ".join(["m1"] * 100)), NEWEST) for i in range(50)]
    answers_of(make(), long)
    assert max(len(call.form["query"]) for call in server.ranges) < 16_000
    server.calls.clear()
    server.answer = lambda call: Reply(b"", 405) if call.method == "POST" else numbered(call)
    source = make()
    answers_of(source, [Request("first", signal(1), NEWEST)])
    answers_of(source, [Request(str(i), signal(i), NEWEST) for i in range(150)])
    assert max(len(call.query) for call in server.ranges) < 8000


def test_remarks_go_to_the_member_that_they_name(server, make):
    named, nameless = 'PromQL info: metric might not be a counter: "m1"', "PromQL info: all is well"

    def remarking(call: Call) -> Reply:
        members = [matrix(call, __tomoni__=str(i)) for i in range(2)]
        return success(members, infos=[named, nameless], warnings=["half of it"])

    server.answer = remarking
    answers = answers_of(make(), [Request(str(i), signal(i + 1), NEWEST) for i in range(2)])
    said = {key: [notice.facts["text"] for notice in answer.notices] for key, answer in answers.items()}
    assert said == {"0": ["half of it", named], "1": ["half of it"]}
    assert not answers["0"].complete
