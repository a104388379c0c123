"""What one metric is, without the list of all: by what is stated of it, by its name, and by its samples."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pydantic import HttpUrl

from data_sources.base import Answer, Interval, Notice, Request
from data_sources.exploring import (
    AGGREGATIONS,
    Aggregation,
    Describes,
    Limits,
    Metric,
    MetricQuestion,
    MetricType,
    aggregations_of,
)
from data_sources.prometheus.client import Client
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.exploring.described import shape_of
from data_sources.prometheus.exploring.naming import Stated, metrics_of
from data_sources.prometheus.exploring.promql import Lookback, texts_of
from data_sources.prometheus.nature import Natures, without_doubts
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Query, Ratio, TextSignal
from tests.prometheus_world import DAY, HOUR
from tests.real_prometheus import RealPrometheus
from tomoni.slo.model import FloatArray

MINUTES: FloatArray = np.arange(1440, dtype=np.float64)
TIMES: FloatArray = 1_790_000_000.0 + MINUTES * 60
RNG = np.random.default_rng(5)
COUNTED = RNG.poisson(7, 1440).cumsum().astype(float)
COUNTER, GAUGE, UNKNOWN = MetricType.COUNTER, MetricType.GAUGE, MetricType.UNKNOWN
SHAPES: dict[str, tuple[FloatArray, MetricType | None]] = {
    "events that are counted": (COUNTED, COUNTER),
    "seconds that are counted": (RNG.uniform(0, 2, 1440).cumsum(), COUNTER),
    "a counter whose process began again": (np.where(MINUTES < 700, COUNTED, COUNTED - COUNTED[699]), COUNTER),
    "bytes, more than a billion": (1.2e9 + COUNTED * 1e6, COUNTER),
    "a counter that hardly ever counts": (np.where(MINUTES < 900, 3.0, 4.0), None),
    "what never changes": (np.full(1440, 5.0), None),
    "a temperature": (20 + 3 * np.sin(MINUTES / 60), GAUGE),
    "a queue": (RNG.poisson(4, 1440).astype(float), GAUGE),
    "a level that falls below zero": (COUNTED - 5_000, UNKNOWN),
    "an uptime": (MINUTES * 60.0, UNKNOWN),
    "an uptime in milliseconds": (MINUTES * 60_000.0, UNKNOWN),
    "the time of the server": (TIMES, UNKNOWN),
    "when a backup last succeeded": (TIMES - MINUTES % 60 * 60, UNKNOWN),
    "no samples": (np.zeros(0), None),
}


@pytest.mark.parametrize("what", SHAPES)
def test_the_samples_of_a_series_show_what_it_is(what: str) -> None:
    values, kind = SHAPES[what]
    assert shape_of(TIMES[: len(values)], values) is kind


def test_what_grows_is_counted_first_and_everything_else_is_offered_too() -> None:
    seen = aggregations_of(Metric("shop_orders", COUNTER, seen=True))
    assert seen[0] is Aggregation.RATE
    assert set(seen) == {*AGGREGATIONS[COUNTER], *AGGREGATIONS[UNKNOWN]}
    assert aggregations_of(Metric("shop_orders_total", COUNTER)) == AGGREGATIONS[COUNTER]


@pytest.mark.parametrize(("names", "offered"), [(("", "_count", "_sum"), True), (("_count", "_sum"), False)])
def test_percentiles_are_offered_of_a_summary_that_has_some(names: tuple[str, ...], offered: bool) -> None:
    (metric,) = metrics_of([f"job_seconds{end}" for end in names], {"job_seconds": Stated("summary")})
    assert metric.type is MetricType.SUMMARY
    assert (Aggregation.PERCENTILES in aggregations_of(metric)) is offered


def test_a_name_with_dots_that_ends_with_total_is_a_counter() -> None:
    assert [metric.type for metric in metrics_of(["mail.sent.total"], {})] == [COUNTER]


@pytest.fixture
def source(prometheus: RealPrometheus) -> Iterator[PrometheusSource]:
    config = PrometheusConfig(kind="prometheus", url=HttpUrl(prometheus.url))
    source = PrometheusSource("real", config, clock=lambda: prometheus.world.end + 600.0)
    yield source
    source.close()


DESCRIBED: dict[str, tuple[str, MetricType, bool]] = {
    "http_requests_total": ("http_requests_total", COUNTER, False),
    "http_request_duration_seconds": ("http_request_duration_seconds", MetricType.HISTOGRAM, False),
    "http_request_duration_seconds_count": ("http_request_duration_seconds", MetricType.HISTOGRAM, False),
    "node_load1": ("node_load1", GAUGE, True),
}


@pytest.mark.prometheus
@pytest.mark.parametrize("name", DESCRIBED)
def test_a_server_tells_of_one_metric_by_a_few_small_questions(
    source: PrometheusSource, prometheus: RealPrometheus, name: str
) -> None:
    assert isinstance(source, Describes)
    end = prometheus.world.end
    assert [(each.name, each.type, each.seen) for each in source.described(name, Interval(end - DAY, end, 300))] == [
        DESCRIBED[name]
    ]
    assert sum(call.count for call in source.calls.values()) <= 8


@pytest.mark.prometheus
def test_a_server_has_nothing_to_tell_of_a_metric_that_it_has_not(source: PrometheusSource) -> None:
    assert source.described('no"such', Interval(0, DAY, 300)) == []


@pytest.mark.prometheus
def test_pods_that_ended_before_the_end_count_among_the_groups(
    source: PrometheusSource, prometheus: RealPrometheus
) -> None:
    end = prometheus.world.end - DAY
    question = MetricQuestion("http_requests_total", COUNTER, Aggregation.RATE, (), ("pod",))
    found = source.lines(question, Interval(end - 28 * DAY, end, HOUR), Limits(lines=4), lambda: False)
    assert len(found.lines) == 5
    assert found.lines[-1].role == "other"
    assert (
        found.lines[-1].summed == 12
    )  # three pods in each of five weeks, and one of the other apps, without those shown


@pytest.mark.prometheus
def test_series_that_were_there_in_between_alone_are_counted(
    source: PrometheusSource, prometheus: RealPrometheus
) -> None:
    end, question = prometheus.world.end, MetricQuestion("http_requests_total", COUNTER, Aggregation.RATE)
    one_week = source.cost(question, Interval(end - 35 * DAY, end, HOUR), Limits())
    assert one_week.series


def test_what_targets_state_of_their_own_names_with_colons_is_no_rule() -> None:
    names = [f"vllm:e2e_seconds{end}" for end in ("_bucket", "_count", "_sum")]
    names += ["vllm:request_success_total", "vllm:waiting", "job:requests:rate5m", "job:errors_total"]
    stated = {"vllm:e2e_seconds": Stated("histogram"), "vllm:request_success_total": Stated("counter")}
    stated |= {"vllm:waiting": Stated("gauge"), "job:errors_total": Stated("unknown")}
    assert {metric.name: metric.type for metric in metrics_of(names, stated)} == {
        "vllm:e2e_seconds": MetricType.HISTOGRAM,
        "vllm:request_success_total": COUNTER,
        "vllm:waiting": GAUGE,
        "job:requests:rate5m": GAUGE,
        "job:errors_total": GAUGE,  # federated, whose types nobody states
    }
    back, name = Lookback(300, 300, 300), "vllm:e2e_seconds"
    asked = MetricQuestion(name, MetricType.HISTOGRAM, Aggregation.RATE)
    assert texts_of(asked, back)["value"] == "sum (rate(vllm:e2e_seconds_count[5m]))"
    recorded = MetricQuestion("job:x_bucket:rate5m", MetricType.HISTOGRAM, Aggregation.RATE)
    assert "rate(" not in texts_of(recorded, back)["value"]


def test_a_server_that_doubts_a_counter_by_its_name_alone_is_not_repeated() -> None:
    doubt = "PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "
    doubts = [doubt + f'"{name}" (1:14)' for name in ("mail_tasks", "mail.tasks", "ünï")]
    notices = [Notice("server_info", {"text": text}) for text in (*doubts, "PromQL info: all is well")]
    assert without_doubts(notices, ["mail_tasks"]) == (notices[3],)
    assert without_doubts(notices, ["other"]) == (notices[0], notices[3]), "names with dots never end so"


@pytest.mark.parametrize("query", [TextSignal(query='sum(rate({"mail.tasks"}[5m]))'), Ratio(total="a", bad="b")])
def test_signals_and_slis_of_counters_with_dots_are_not_doubted_by_their_names(query: Query) -> None:
    class Nobody(Client):
        def __init__(self) -> None:
            """Within one day no server is asked."""

    doubt = 'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "mail.tasks"'
    request = Request("one", query, Interval(0, 3_600, 300))
    told = Answer(request, notices=(Notice("server_info", {"text": doubt}), Notice("server_info", {"text": "other"})))
    (noted,) = Natures(Nobody()).noted([told])
    assert [each.facts["text"] for each in noted.notices] == ["other"]
