"""Small pictures of metrics: one line each, bounded, and of what fails the reason in place of the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from data_sources.base import Interval
from data_sources.demo.config import DemoConfig
from data_sources.demo.source import DemoSource
from data_sources.errors import NotFound, QueryRefused, Unreachable
from data_sources.exploring import Aggregation, Ask, Limits, Lines, Metric, MetricQuestion, MetricType
from tomoni.exploring.jobs import among
from tomoni.exploring.tiles import LIMITS, Tile, missing, path_of, tile_interval, tile_of, tile_question

NOW = 1_795_867_200
INTERVAL = tile_interval(NOW - 28 * 86_400, NOW)


class Failing(DemoSource):
    """A demo whose every question fails."""

    def __init__(self, error: Exception) -> None:
        super().__init__("demo", DemoConfig(kind="demo"), clock=lambda: float(NOW))
        self.failure = error

    def lines(self, *_: object) -> Lines:
        raise self.failure


def never() -> bool:
    return False


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ([1.0, 3.0, 2.0], "M0.0,28.5L50.0,1.5L100.0,15.0"),
        ([1.0, np.nan, 1.0], "M0.0,15.0h0.6M100.0,15.0h0.6"),
        ([np.nan, 5.0, 6.0, np.nan], "M33.3,28.5L66.7,1.5"),
        ([np.nan, np.nan], ""),
        ([], ""),
    ],
)
def test_a_path_goes_from_the_lowest_to_the_highest_and_leaves_gaps_out(values: list[float], path: str) -> None:
    assert path_of(np.array(values)) == path


def test_each_kind_of_metric_is_one_line_of_few_points() -> None:
    assert len(INTERVAL) <= 120
    source = DemoSource("demo", DemoConfig(kind="demo"), clock=lambda: float(NOW))
    for metric in next(iter(source.metrics(never))):
        made = tile_of(source, metric, INTERVAL, never)
        assert made.path
        assert made.newest is not None
    kinds = {kind: tile_question(Metric("m", kind)).aggregation for kind in MetricType}
    assert kinds[MetricType.HISTOGRAM] is kinds[MetricType.COUNTER] is Aggregation.RATE
    assert kinds[MetricType.UNKNOWN] is Aggregation.MEAN
    assert Limits().series > LIMITS.series


class Telling(DemoSource):
    """A demo that tells by its samples what some metric is."""

    def __init__(self, found: Sequence[Metric]) -> None:
        super().__init__("demo", DemoConfig(kind="demo"), clock=lambda: float(NOW))
        self.found, self.asked = found, [MetricQuestion("", MetricType.UNKNOWN, Aggregation.MEAN)]

    def described(self, _name: str, _interval: Interval) -> Sequence[Metric]:
        return self.found

    def lines(self, ask: Ask, interval: Interval, *_: object) -> Lines:
        assert isinstance(ask, MetricQuestion)
        self.asked.append(ask)
        return Lines(interval, ())


@pytest.mark.parametrize(
    ("stated", "seen", "type_", "how"),
    [
        (MetricType.UNKNOWN, [MetricType.COUNTER], MetricType.COUNTER, Aggregation.RATE),
        (MetricType.UNKNOWN, [MetricType.GAUGE], MetricType.GAUGE, Aggregation.MEAN),
        (MetricType.UNKNOWN, [], MetricType.UNKNOWN, Aggregation.MEAN),
        (MetricType.GAUGE, [MetricType.COUNTER], MetricType.GAUGE, Aggregation.MEAN),
    ],
)
def test_a_metric_of_an_unstated_type_is_drawn_as_its_samples_show_it(
    stated: MetricType, seen: list[MetricType], type_: MetricType, how: Aggregation
) -> None:
    source = Telling([Metric("other", MetricType.SUMMARY), *(Metric("m", each, seen=True) for each in seen)])
    assert tile_of(source, Metric("m", stated), INTERVAL, never).type is type_
    assert source.asked[-1] == MetricQuestion("m", type_, how)


def test_what_one_metric_is_refused_is_its_own_matter_and_a_source_that_is_gone_ends_all() -> None:
    made = tile_of(Failing(QueryRefused("demo", "no")), Metric("a"), INTERVAL, never)
    assert isinstance(made.error, QueryRefused)
    assert tile_of(Failing(NotFound("demo")), Metric("a"), INTERVAL, never).path == ""
    with pytest.raises(Unreachable):
        tile_of(Failing(Unreachable("demo")), Metric("a"), INTERVAL, never)


def test_only_what_has_no_picture_is_read_and_only_so_many_at_once() -> None:
    assert missing(["a", "b", "a", "c", "d"], {"b": Tile()}, 2) == ("a", "c")


def test_a_jobs_metrics_are_those_with_series_of_its_own_or_of_their_parts() -> None:
    metrics = [Metric("up"), Metric("latency_seconds", MetricType.HISTOGRAM), Metric("late"), Metric("rpc_seconds")]
    found = among(metrics, ["up", "latency_seconds_bucket", "rpc_seconds_sum"])
    assert [each.name for each in found] == ["up", "latency_seconds", "rpc_seconds"]
