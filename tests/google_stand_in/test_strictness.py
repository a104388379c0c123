"""The stand-in is as strict as Google's documentation: what it takes, a careless client would be refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import numpy as np
import pytest
from google.api_core import exceptions
from google.cloud import monitoring_v3
from google.cloud.monitoring_v3.services.metric_service.transports import MetricServiceGrpcTransport

from tests.google_stand_in.server import Fault, StandIn, Trouble, running
from tests.google_stand_in.world import Bounds, MetricSpec, World, cumulative, delta, gauge, histogram

START = 1_790_000_100
COUNTER = MetricSpec("a/cumulative", "CUMULATIVE", "INT64", {"code": "STRING"}, delay_seconds=120)
EVENTS = MetricSpec("a/delta", "DELTA", "INT64", {"code": "STRING"})
GAUGE = MetricSpec("a/gauge", "GAUGE", "DOUBLE")
UP = MetricSpec("a/up", "GAUGE", "BOOL")
LATENCY = MetricSpec("a/latency", "DELTA", "DISTRIBUTION", unit="ms")


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    world = World("demo", START + 7200)
    world.add(cumulative(COUNTER, {"code": "a"}, np.arange(1, 61), START, resets=[20]))
    world.add(delta(EVENTS, {"code": "a"}, np.arange(60), START), delta(EVENTS, {"code": "b"}, np.ones(60), START))
    world.add(gauge(GAUGE, {}, np.arange(60), START), gauge(UP, {}, np.ones(60), START))
    world.add(histogram(LATENCY, {}, np.ones((60, 3)), START, Bounds("linear", (1, 10, 5))))
    with running(world, page_points=25) as server:
        yield server


@pytest.fixture
def client(stand_in: StandIn) -> Iterator[Any]:
    with grpc.insecure_channel(stand_in.endpoint) as channel:
        yield monitoring_v3.MetricServiceClient(transport=MetricServiceGrpcTransport(channel=channel))


def listed(client: Any, text: str, aligner: str = "ALIGN_DELTA", **more: Any) -> list[Any]:
    request: dict[str, Any] = {
        "name": "projects/demo",
        "filter": text,
        "view": "FULL",
        "interval": {
            "start_time": {"seconds": more.pop("start", START)},
            "end_time": {"seconds": more.pop("end", START + 3600)},
        },
        "aggregation": {"alignment_period": {"seconds": more.pop("period", 300)}, "per_series_aligner": aligner},
    }
    request["aggregation"].update(more.pop("aggregation", {}))
    pages = client.list_time_series(request={**request, **more}, retry=None, timeout=60).pages
    return [series for page in pages for series in monitoring_v3.ListTimeSeriesResponse.pb(page).time_series]


@pytest.mark.parametrize(
    ("metric", "aligner", "kind", "value_type"),
    [
        ("a/cumulative", "ALIGN_SUM", "CUMULATIVE", "INT64"),
        ("a/cumulative", "ALIGN_MEAN", "CUMULATIVE", "INT64"),
        ("a/gauge", "ALIGN_DELTA", "GAUGE", "DOUBLE"),
        ("a/gauge", "ALIGN_COUNT_TRUE", "GAUGE", "DOUBLE"),
        ("a/up", "ALIGN_MEAN", "GAUGE", "BOOL"),
        ("a/latency", "ALIGN_RATE", "DELTA", "DISTRIBUTION"),
        ("a/delta", "ALIGN_PERCENTILE_99", "DELTA", "INT64"),
    ],
)
def test_aligners_are_refused_by_kind_and_type(
    client: Any, metric: str, aligner: str, kind: str, value_type: str
) -> None:
    with pytest.raises(exceptions.InvalidArgument) as refused:
        listed(client, f'metric.type="{metric}"', aligner)
    assert refused.value.message == (
        f'Field aggregation.perSeriesAligner had an invalid value of "{aligner}": The aligner cannot be applied to '
        f"metrics with kind {kind} and value type {value_type}."
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        'resource.type="global"',
        'metric.type="a/delta" metric.type="a/gauge"',
        'metric.type="a/delta" OR metric.type="a/gauge"',
        'metric.type=starts_with("a/")',
        'NOT metric.type="a/delta"',
        'metric.type="a/delta" metric.labels.colour="red"',
        'metric.type="a/delta" resource.labels.zone="a"',
        'metric.type="a/delta" bogus="x"',
        'metric.type="a/delta" metric.labels.code=nearly("x")',
        'metric.type="a/delta" (metric.labels.code="a"',
        'metric.type="a/delta',
    ],
)
def test_filters_that_google_refuses_are_refused(client: Any, text: str) -> None:
    with pytest.raises(exceptions.InvalidArgument):
        listed(client, text)


@pytest.mark.parametrize(
    "more",
    [
        {"order_by": "time"},
        {"period": 30},
        {"start": START + 3600, "end": START},
        {"start": START - 90 * 86_400},
        {"aggregation": {"cross_series_reducer": "REDUCE_SUM", "group_by_fields": ["metric.labels.colour"]}},
        {"aggregation": {"cross_series_reducer": "REDUCE_COUNT_TRUE"}},
        {"aligner": "ALIGN_NONE", "aggregation": {"cross_series_reducer": "REDUCE_SUM"}},
    ],
)
def test_requests_that_google_refuses_are_refused(client: Any, more: dict[str, Any]) -> None:
    with pytest.raises(exceptions.InvalidArgument):
        listed(client, 'metric.type="a/delta"', **more)


def test_other_projects_and_unknown_metrics_are_refused(client: Any) -> None:
    with pytest.raises(exceptions.NotFound, match="Cannot find metric"):
        listed(client, 'metric.type="a/none"')
    with pytest.raises(exceptions.PermissionDenied):
        listed(client, 'metric.type="a/delta"', name="projects/other")


def test_buckets_end_at_the_end_and_come_newest_first(client: Any) -> None:
    (series,) = listed(client, 'metric.type="a/gauge"', "ALIGN_MAX", start=START + 300, end=START + 1201)
    ends = [point.interval.end_time.seconds for point in series.points]
    assert ends == [START + 1201, START + 901, START + 601, START + 301]


def test_the_start_is_left_out_and_the_end_is_taken_in(client: Any) -> None:
    (series,) = listed(client, 'metric.type="a/gauge"', "ALIGN_NONE", start=START + 60, end=START + 180, period=60)
    assert [point.value.double_value for point in series.points] == [2.0, 1.0]


def test_pages_cut_series_and_put_together_they_are_whole(client: Any) -> None:
    pieces = listed(client, 'metric.type="a/delta"', period=60)
    assert [len(piece.points) for piece in pieces] == [25, 25, 9, 16, 25, 19]
    assert sum(point.value.int64_value for piece in pieces for point in piece.points) == sum(range(60)) + 60


def test_zero_points_are_left_out(client: Any) -> None:
    pieces = listed(client, 'metric.type="a/delta" metric.labels.code="a"', period=60)
    assert sum(len(piece.points) for piece in pieces) == 59


def test_a_counter_is_counted_over_its_reset_until_it_is_ingested(client: Any, stand_in: StandIn) -> None:
    pieces = listed(client, 'metric.type="a/cumulative"')
    assert sum(point.value.int64_value for piece in pieces for point in piece.points) == sum(range(1, 61))
    stand_in.world.now = START + 3600
    late = listed(client, 'metric.type="a/cumulative"', period=60, start=START + 3300)
    stand_in.world.now = START + 7200
    assert late[0].points[0].interval.end_time.seconds == START + 3480


def test_old_points_are_kept_at_ten_minutes(stand_in: StandIn) -> None:
    spec = MetricSpec("a/long", "DELTA", "INT64", retention_seconds=400 * 86_400)
    old = START - 50 * 86_400
    stand_in.world.add(delta(spec, {}, np.tile([0, 20], 30), old))
    with grpc.insecure_channel(stand_in.endpoint) as channel:
        client = monitoring_v3.MetricServiceClient(transport=MetricServiceGrpcTransport(channel=channel))
        pieces = listed(client, 'metric.type="a/long"', period=60, start=old, end=old + 3600)
    counts = [point.value.int64_value for piece in pieces for point in piece.points]
    assert sum(counts) == pytest.approx(600, abs=30)
    assert max(counts) < 20


def test_errors_and_partial_answers_come_when_they_are_wanted(client: Any, stand_in: StandIn) -> None:
    stand_in.fail(Fault("RESOURCE_EXHAUSTED", "quota", "RATE_LIMIT_EXCEEDED", quota_limit="PerMinute"))
    with pytest.raises(exceptions.ResourceExhausted) as refused:
        listed(client, 'metric.type="a/gauge"', "ALIGN_MEAN")
    assert (refused.value.reason, refused.value.metadata) == ("RATE_LIMIT_EXCEEDED", {"quota_limit": "PerMinute"})
    stand_in.troubles.append(Trouble("ListTimeSeries", partial="half of it"))
    request = {
        "name": "projects/demo",
        "filter": 'metric.type="a/gauge"',
        "interval": {"start_time": {"seconds": START}, "end_time": {"seconds": START + 600}},
    }
    page = next(iter(client.list_time_series(request=request, retry=None, timeout=60).pages))
    assert page.execution_errors[0].message == "half of it"


def test_nothing_can_be_created(stand_in: StandIn) -> None:
    with grpc.insecure_channel(stand_in.endpoint) as channel:
        client = monitoring_v3.MetricServiceClient(transport=MetricServiceGrpcTransport(channel=channel))
        with pytest.raises(exceptions.MethodNotImplemented):
            client.delete_metric_descriptor(name="projects/demo/metricDescriptors/a", retry=None, timeout=60)
