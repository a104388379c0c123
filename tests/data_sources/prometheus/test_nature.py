"""Samples of a counter are told from those of anything else; a server that does not answer is no reason to."""

from __future__ import annotations

import json

import numpy as np
import pytest

from data_sources.base import Interval, Request
from data_sources.prometheus.nature import like_a_counter
from data_sources.queries import Ratio
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import NOW, Call, Reply, failure, matrix, success
from tomoni.slo.model import FloatArray

DAY = 86_400
RATIO = Ratio(total='a{b="c"}', bad="failed")


def counter(rng: np.random.Generator, scrapes: int) -> FloatArray:
    """A random healthy counter: quiet or busy, steady or in bursts, with restarts, and weights now and then."""
    mean = 10 ** rng.uniform(-3, 4)
    events = rng.poisson(mean, scrapes).astype(np.float64)
    if rng.random() < 0.3:
        events *= rng.random(scrapes) < 0.05
    if rng.random() < 0.1:
        events *= 1.37
    restarts = rng.integers(1, scrapes, rng.choice([0, 1, 2, 5, scrapes // 40]))
    values = np.zeros(scrapes)
    for place in range(1, scrapes):
        values[place] = events[place] + (0 if place in restarts else values[place - 1])
    return values


def test_random_healthy_counters_are_taken_for_counters() -> None:
    rng = np.random.default_rng(7)
    for number in range(300):
        assert like_a_counter(counter(rng, int(rng.choice([96, 288, 1440])))), number


def rate(rng: np.random.Generator, scrapes: int) -> FloatArray:
    """The recorded rate of a random service with some traffic."""
    events = rng.poisson(10 ** rng.uniform(-0.5, 4), scrapes + 10)
    return np.convolve(events, np.ones(10), "valid")[:scrapes] / 300


def test_random_recorded_rates_and_increases_are_not() -> None:
    rng = np.random.default_rng(8)
    for number in range(300):
        values = rate(rng, int(rng.choice([288, 1440, 2880])))
        assert not like_a_counter(values), number
        if values.mean() * 300 > 100:
            assert not like_a_counter(np.round(values * 300)), number


@pytest.mark.parametrize("pods", [3, 4, 10, 50])
def test_the_sum_of_pods_that_are_replaced_is_not(pods: int) -> None:
    rng = np.random.default_rng(pods)
    lives = np.cumsum(rng.poisson(20, (pods, 2880)), axis=1).astype(np.float64)
    for pod in range(pods):  # a rolling deployment, a pod a few minutes
        place = 1000 + pod * 8
        lives[pod, place:] -= lives[pod, place]
    assert not like_a_counter(lives.sum(axis=0))
    assert like_a_counter(lives[0])


@pytest.mark.parametrize(
    ("values", "counts"),
    [([], True), ([5.0], True), ([5, 5, 5], True), ([0, -1, 2], False), ([100, 90, 100, 90, 100], False)],
)
def test_short_series(values: list[float], counts: bool) -> None:
    assert like_a_counter(np.array(values, float)) is counts


def falling(call: Call) -> Reply:
    """A server on which everything is a gauge."""
    text = call.form.get("query", "")
    if call.path.endswith("query_range"):
        return success([matrix(call)])
    if "resets" in text:
        members = [str(number) for number in range(text.count("label_replace"))]
        rows = [{"metric": {"b": 'c"d', "__tomoni__": n}, "value": [NOW, "9"]} for n in members]
        return success(rows, "vector")
    values = [[NOW - 60 * i, str(50 + i % 3)] for i in range(200, 0, -1)]
    return success([{"metric": {}, "values": values}])


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("", success([])),
        ("resets", failure(422, "execution", "no")),
        ("resets", failure(500, "internal", "no")),
        ("resets", success([{"metric": {}}], "vector")),
        ("resets", success([{"metric": {"__tomoni__": "77"}, "value": [NOW, "9"]}], "vector")),
        ("[1d]", failure(400, "bad_data", "no")),
        ('"}[1d]', success([{"values": 7}])),
        ('"}[1d]', success(7)),
    ],
)
def test_what_the_server_does_not_answer_is_not_found_and_spoils_nothing(server, make, text, reply) -> None:
    server.answer = lambda call: reply if text and text in call.form.get("query", "") else falling(call)
    midnight = NOW // DAY * DAY
    found = answers_of(make(), [Request("it", RATIO, Interval(midnight - 900, midnight, 300))])["it"]
    assert found.error is None
    assert found.series is not None
    assert [notice.code for notice in found.notices] == ([] if text else ["counter_falls", "counter_falls"])


def test_the_series_that_is_looked_at_has_all_of_its_labels(server, make) -> None:
    server.answer = falling
    midnight = NOW // DAY * DAY
    answers_of(make(), [Request("it", RATIO, Interval(midnight - 900, midnight, 300))])
    asked = [call.form["query"] for call in server.calls if call.form.get("query", "").endswith("[1d]")]
    quoted = json.dumps('c"d')
    assert set(asked) == {f'a{{b="c",b={quoted}}}[1d]', f"failed{{b={quoted}}}[1d]"}
