"""Exploring the demo: its series are metrics with labels, and their parts add up to what its SLIs count."""

import numpy as np
import pytest

from data_sources.base import Interval, Request
from data_sources.demo.config import DemoConfig
from data_sources.demo.source import DemoSource
from data_sources.errors import NotFound
from data_sources.exploring import (
    Aggregation,
    Explores,
    Limits,
    Matcher,
    MetricQuestion,
    MetricType,
    Operator,
    WrittenQuestion,
)
from data_sources.queries import Counts
from tomoni.words.asking import help_of
from tomoni.words.text import Text

NOW = 1_795_867_200
NAME = "checkout-availability"
DAYS = Interval(NOW - 7 * 86_400, NOW, 300)


def never() -> bool:
    return False


def in_japanese(said: str) -> bool:
    return help_of(said, Text("ja", "UTC")) != said


@pytest.fixture
def demo() -> DemoSource:
    return DemoSource("demo", DemoConfig(kind="demo"), clock=lambda: float(NOW))


def test_it_can_be_explored(demo: DemoSource) -> None:
    assert isinstance(demo, Explores)
    found = {metric.name: metric for part in demo.metrics(never) for metric in part}
    assert found[NAME].type is MetricType.COUNTER
    assert found["checkout-cpu"].labels == ("app", "pod")
    assert all(in_japanese(metric.help) for metric in found.values() if metric.help)
    assert {each.value for each in demo.label_values(NAME, "zone", (), DAYS)} == {"a", "b", "c"}


def test_the_parts_of_a_counter_add_up_to_what_the_sli_counts(demo: DemoSource) -> None:
    (answer,) = demo.fetch([Request("it", Counts(counts=NAME), DAYS)])
    assert answer.series is not None
    bad = (Matcher("result", Operator.EQUAL, "bad"),)
    question = MetricQuestion(NAME, MetricType.COUNTER, Aggregation.INCREASE, bad, ("version", "zone"))
    lines = demo.lines(question, DAYS, Limits(lines=2), never).lines
    true = answer.series.columns["total"] - answer.series.columns["good"]
    assert np.allclose(np.sum([line.values for line in lines], axis=0), true)
    assert lines[0].labels == {"version": "2.9", "zone": "b"}
    assert (lines[-1].role, lines[-1].summed) == ("other", 4)


def test_a_name_alone_is_a_written_question(demo: DemoSource) -> None:
    (line,) = demo.lines(WrittenQuestion(" checkout-cpu "), DAYS, Limits(), never).lines
    assert line.low is not None
    with pytest.raises(NotFound):
        demo.lines(WrittenQuestion("nothing"), DAYS, Limits(), never)
