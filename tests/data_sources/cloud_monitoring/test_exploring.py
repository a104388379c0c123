"""Exploring a project of Cloud Monitoring: what its metrics are, their labels, their lines, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from data_sources.base import Interval
from data_sources.cloud_monitoring.config import CloudMonitoringConfig, Distribution
from data_sources.cloud_monitoring.exploring import answers as reading
from data_sources.cloud_monitoring.source import CloudMonitoringSource
from data_sources.errors import NotFound, QueryRefused, SourceError
from data_sources.exploring import (
    Aggregation,
    Explores,
    Limits,
    Line,
    Matcher,
    MetricQuestion,
    MetricType,
    Operator,
    ReadsOneLine,
    WrittenQuestion,
)
from tests.google_stand_in.asking import source_at
from tests.google_stand_in.server import StandIn, Trouble, running
from tests.google_stand_in.world import Bounds, MetricSpec, World, cumulative, delta, gauge, histogram
from tomoni.exploring.splitting import splitting_of

START, STEP, BUCKETS = 1_790_000_100, 300, 24
INTERVAL = Interval(START, START + STEP * BUCKETS, STEP)
MINUTES = 5 * BUCKETS
REQUESTS = MetricSpec(
    "run.googleapis.com/request_count",
    "DELTA",
    "INT64",
    {"code": "STRING", "route": "STRING"},
    ("cloud_run_revision",),
    title="Request count",
    description="Number of requests reaching the revision.",
)
SERVED = MetricSpec("app/served", "CUMULATIVE", "DOUBLE", {"ok": "BOOL"}, unit="By")
CPU = MetricSpec("vm/cpu", "GAUGE", "DOUBLE", {"vm": "STRING"}, unit="10^2.%")
UP = MetricSpec("check/passed", "GAUGE", "BOOL", {"place": "STRING"})
SECONDS = MetricSpec("run/latencies", "DELTA", "DISTRIBUTION", {"code": "STRING"}, unit="ms")
OLD = MetricSpec("app/version", "GAUGE", "STRING")
EDGES = Bounds("explicit", (100.0, 200.0, 400.0))
ROUTES = [f"/r{number:02}" for number in range(30)]


def never() -> bool:
    return False


def asked(metric: MetricSpec, how: Aggregation, *matchers: Matcher, by: tuple[str, ...] = ()) -> MetricQuestion:
    return MetricQuestion(metric.type, MetricType.UNKNOWN, how, matchers, by)


@pytest.fixture(scope="module")
def counts() -> np.ndarray:
    return np.random.default_rng(7).integers(1, 40, (len(ROUTES), MINUTES)) * (1 + np.arange(len(ROUTES))[:, None])


@pytest.fixture(scope="module")
def stand_in(counts: np.ndarray) -> Iterator[StandIn]:
    world = World("demo", START + STEP * BUCKETS)
    for route, row in zip(ROUTES, counts, strict=True):
        world.add(delta(REQUESTS, {"code": "500" if route == "/r29" else "200", "route": route}, row, START))
    world.add(cumulative(SERVED, {"ok": "true"}, np.full(MINUTES, 3.0), START))
    world.add(*(gauge(CPU, {"vm": vm}, np.full(MINUTES, level), START) for vm, level in (("a", 0.2), ("b", 0.6))))
    world.add(gauge(UP, {"place": "eu"}, np.tile([1, 1, 1, 1, 0], BUCKETS), START))
    world.add(histogram(SECONDS, {"code": "200"}, np.tile([5, 4, 1, 0], (MINUTES, 1)), START, EDGES))
    world.add(histogram(SECONDS, {"code": "500"}, np.tile([0, 0, 0, 2], (MINUTES, 1)), START, EDGES))
    world.define(OLD)
    with running(world) as server:
        yield server


@pytest.fixture
def source(stand_in: StandIn) -> Iterator[CloudMonitoringSource]:
    stand_in.troubles.clear()
    source = source_at(stand_in)
    yield source
    source.close()


def lines_of(source: CloudMonitoringSource, ask: MetricQuestion | WrittenQuestion, most: int = 20) -> tuple[Line, ...]:
    return source.lines(ask, INTERVAL, Limits(lines=most), never).lines


def test_a_metric_is_what_its_descriptor_says(source: CloudMonitoringSource) -> None:
    assert isinstance(source, Explores)
    found = [metric for part in source.metrics(never) for metric in part]
    named = {metric.name: metric for metric in found}
    assert len(named) == len(found)
    assert found[-1].name == OLD.type, "what has no points of the last day comes last"
    assert {name: metric.type for name, metric in named.items()} == {
        REQUESTS.type: MetricType.COUNTER,
        SERVED.type: MetricType.COUNTER,
        CPU.type: MetricType.GAUGE,
        UP.type: MetricType.GAUGE,
        SECONDS.type: MetricType.HISTOGRAM,
        OLD.type: MetricType.UNKNOWN,
    }
    assert named[REQUESTS.type].help == "Request count. Number of requests reaching the revision."
    units = [named[spec.type].unit for spec in (REQUESTS, SERVED, CPU, SECONDS)]
    assert units == ["", "bytes", "ratio", "milliseconds"]


def test_labels_come_with_the_number_of_their_series_from_headers_alone(
    source: CloudMonitoringSource, stand_in: StandIn
) -> None:
    before = stand_in.calls("ListTimeSeries")
    assert source.label_names(REQUESTS.type, (), INTERVAL) == ["code", "route"]
    values = source.label_values(REQUESTS.type, "code", (), INTERVAL)
    assert [(each.value, each.series) for each in values] == [("200", 29), ("500", 1)]
    assert stand_in.calls("ListTimeSeries") == before + 1, "what was read a moment ago is not read again"
    failing = (Matcher("code", Operator.MATCHES, "5.."),)
    assert [each.value for each in source.label_values(REQUESTS.type, "route", failing, INTERVAL)] == ["/r29"]


def test_counters_are_rates_and_all_routes_add_up(source: CloudMonitoringSource, counts: np.ndarray) -> None:
    by_bucket = counts.reshape(len(ROUTES), BUCKETS, 5).sum(axis=2)
    (line,) = lines_of(source, asked(REQUESTS, Aggregation.RATE))
    assert np.allclose(line.values, by_bucket.sum(axis=0) / STEP)
    grouped = lines_of(source, asked(REQUESTS, Aggregation.INCREASE, by=("route",)), 5)
    assert [each.summed for each in grouped] == [0, 0, 0, 0, 0, 25]
    assert grouped[0].labels["route"] in ROUTES[-3:]
    assert np.allclose(np.sum([each.values for each in grouped], axis=0), by_bucket.sum(axis=0))


@pytest.mark.parametrize("by", [("route",), ("code", "route")])
@pytest.mark.parametrize("how", [Aggregation.RATE, Aggregation.MAX])
def test_of_too_many_groups_the_largest_are_read_and_the_others_as_one(
    source: CloudMonitoringSource, monkeypatch: pytest.MonkeyPatch, by: tuple[str, ...], how: Aggregation
) -> None:
    metric = REQUESTS if how is Aggregation.RATE else CPU
    by = by if how is Aggregation.RATE else ("vm",)
    whole = lines_of(source, asked(metric, how, by=by), 1)
    monkeypatch.setattr(reading, "MOST_READ", 10)
    few = lines_of(source, asked(metric, how, by=by), 1)
    assert [(each.labels, each.role, each.summed) for each in few] == [
        (each.labels, each.role, each.summed) for each in whole
    ]
    for ours, theirs in zip(few, whole, strict=True):
        assert np.allclose(ours.values, theirs.values)


def test_gauges_have_a_mean_between_the_lowest_and_the_highest(source: CloudMonitoringSource) -> None:
    (line,) = lines_of(source, asked(CPU, Aggregation.MEAN))
    assert line.low is not None
    assert line.high is not None
    assert [float(each[3]) for each in (line.low, line.values, line.high)] == pytest.approx([0.2, 0.4, 0.6])
    (number,) = lines_of(source, asked(CPU, Aggregation.COUNT))
    assert set(number.values) == {2.0}
    (passed,) = lines_of(source, asked(UP, Aggregation.MEAN))
    assert set(passed.values) == {0.8}


def test_distributions_are_percentiles_and_a_heat_map(source: CloudMonitoringSource) -> None:
    fast = Matcher("code", Operator.EQUAL, "200")
    found = {line.role: line.values[0] for line in lines_of(source, asked(SECONDS, Aggregation.PERCENTILES, fast))}
    assert found == pytest.approx({"p50": 100.0, "p90": 200.0, "p99": 380.0})
    heat = source.lines(asked(SECONDS, Aggregation.HEAT), INTERVAL, Limits(), never).heat
    assert heat is not None
    assert heat.edges == (100.0, 200.0, 400.0, np.inf)
    assert list(heat.counts[:, 0]) == pytest.approx([5 / 60, 4 / 60, 1 / 60, 2 / 60])
    grouped = lines_of(source, asked(SECONDS, Aggregation.RATE, by=("code",)))
    assert [(each.labels["code"], each.values[0]) for each in grouped] == [("200", 10 / 60), ("500", 2 / 60)]


def test_a_filter_is_answered_by_series_or_as_is_written_below_it(source: CloudMonitoringSource) -> None:
    text = f'metric.type="{REQUESTS.type}" metric.labels.route=starts_with("/r2")'
    shown = lines_of(source, WrittenQuestion(text), 2)
    assert [each.summed for each in shown] == [0, 0, 8]
    assert shown[0].labels["route"] in ROUTES[-3:]
    (first, *_) = lines_of(source, WrittenQuestion(f"{text}\nALIGN_RATE 5m REDUCE_SUM BY metric.labels.code"), 1)
    assert first.labels == {"code": "200"}
    (percentile,) = lines_of(source, WrittenQuestion(f'metric.type="{SECONDS.type}"\nALIGN_DELTA REDUCE_PERCENTILE_99'))
    assert percentile.values[0] == pytest.approx(400.0)
    roles = [each.role for each in lines_of(source, WrittenQuestion(f'metric.type="{SECONDS.type}"'))]
    assert sorted(roles) == ["p50", "p90", "p99"]


@pytest.mark.parametrize("how", [Aggregation.RATE, Aggregation.PERCENTILES, Aggregation.HEAT, Aggregation.MEAN])
def test_what_a_question_becomes_can_be_asked_as_it_is_written(source: CloudMonitoringSource, how: Aggregation) -> None:
    spec = {Aggregation.RATE: REQUESTS, Aggregation.MEAN: CPU}.get(how, SECONDS)
    ask = asked(spec, how, Matcher("code" if spec is not CPU else "vm", Operator.NOT_EQUAL, "b"))
    first = source.lines(ask, INTERVAL, Limits(), never)
    again = lines_of(source, WrittenQuestion(first.texts[0].text))
    if how is not Aggregation.HEAT:
        assert np.allclose(again[0].values, first.lines[0].values)


@pytest.mark.parametrize(
    ("text", "error", "reason", "at"),
    [
        ('metric.type="vm/cpu" bogus.field="x"', QueryRefused, "filter", "bogus.field"),
        ('metric.type="vm/cpu" metric.labels.color="red"', QueryRefused, "filter", "metric.labels.color"),
        ('metric.type="vm/gone"', NotFound, "metric", "vm/gone"),
        ('metric.type="vm/cpu"\nALIGN_RATE', QueryRefused, "aligner", "ALIGN_RATE"),
        ('metric.type="vm/cpu"\nALIGN_WRONGLY', QueryRefused, "unknown_aligner", ""),
        ('metric.labels.vm="a"', QueryRefused, "no_metric", ""),
        ('metric.type="vm/cpu" (', QueryRefused, "filter_unreadable", ""),
    ],
)
def test_a_fault_is_said_in_the_servers_words_at_its_place(
    source: CloudMonitoringSource, text: str, error: type[SourceError], reason: str, at: str
) -> None:
    with pytest.raises(error) as caught:
        source.lines(WrittenQuestion(text), INTERVAL, Limits(), never)
    assert caught.value.facts["reason"] == reason
    if at:
        assert caught.value.facts["position"] == text.index(at)
        assert caught.value.detail


def test_what_is_too_much_is_refused_before_points_are_read(source: CloudMonitoringSource, stand_in: StandIn) -> None:
    before = stand_in.calls("ListTimeSeries")
    with pytest.raises(QueryRefused) as caught:
        source.lines(WrittenQuestion(f'metric.type="{REQUESTS.type}"'), INTERVAL, Limits(series=10), never)
    assert (caught.value.facts["reason"], caught.value.facts["series"]) == ("too_many_series", 30)
    with pytest.raises(QueryRefused) as caught:
        source.lines(asked(CPU, Aggregation.MEAN), INTERVAL, Limits(points=10), never)
    assert caught.value.facts["reason"] == "too_many_points"
    assert stand_in.calls("ListTimeSeries") == before + 2


def test_it_ends_when_it_is_to_end_and_when_it_takes_too_long(source: CloudMonitoringSource, stand_in: StandIn) -> None:
    ask = asked(CPU, Aggregation.MEAN)
    assert source.lines(ask, INTERVAL, Limits(), lambda: True).lines == ()
    stand_in.troubles.append(Trouble("ListTimeSeries", delay_seconds=0.2))
    with pytest.raises(SourceError) as caught:
        source.lines(ask, INTERVAL, Limits(seconds=0.1), never)
    assert caught.value.code == "timed_out"


def test_what_has_not_ended_was_not_observed(source: CloudMonitoringSource) -> None:
    later = Interval(INTERVAL.start, INTERVAL.end + 2 * STEP, STEP)
    (line,) = source.lines(asked(CPU, Aggregation.MAX), later, Limits(), never).lines
    assert np.isnan(line.values[-2:]).all()
    assert np.isfinite(line.values[:-2]).all()


def test_text_is_no_number(source: CloudMonitoringSource) -> None:
    with pytest.raises(QueryRefused) as caught:
        source.lines(asked(OLD, Aggregation.MEAN), INTERVAL, Limits(), never)
    assert caught.value.facts["reason"] == "not_a_gauge"


def test_a_distribution_is_split_by_how_much_of_it_was_within_a_threshold(source: CloudMonitoringSource) -> None:
    sli = Distribution.model_validate({"distribution": f'metric.type = "{SECONDS.type}"', "under": "200ms"})
    splitting = splitting_of(sli)
    assert splitting is not None
    assert source.label_names(splitting.first.metric, (), INTERVAL) == ["code"]
    found = {
        role: {line.labels["code"]: line.values for line in lines_of(source, terms[0].question)}
        for role, terms in splitting.by("code").items()
    }
    for code, total, good in (("200", 10, 9), ("500", 2, 0)):  # a minute
        assert np.allclose(found["total"][code], 5 * total)
        assert np.allclose(found["good"][code], 5 * good)


@pytest.mark.parametrize(
    ("metric", "how", "mean"),
    [(CPU, Aggregation.MEAN, 0.4), (SERVED, Aggregation.RATE, 3 / 60), (SECONDS, Aggregation.RATE, 12 / 60)],
)
def test_a_metric_is_read_as_one_line_by_one_call(
    source: CloudMonitoringSource, stand_in: StandIn, metric: MetricSpec, how: Aggregation, mean: float
) -> None:
    assert isinstance(source, ReadsOneLine)
    list(source.metrics(never))  # which tells what each is
    before = stand_in.calls("ListTimeSeries"), stand_in.calls("GetMetricDescriptor")
    found = source.one_line(asked(metric, how), INTERVAL, Limits())
    assert found is not None
    assert np.allclose(found, mean)
    assert (stand_in.calls("ListTimeSeries"), stand_in.calls("GetMetricDescriptor")) == (before[0] + 1, before[1])
    none = Matcher("code", Operator.EQUAL, "no such")
    assert source.one_line(asked(REQUESTS, Aggregation.RATE, none), INTERVAL, Limits()) is None


MATCHED = (Matcher("code", Operator.EQUAL, "500"),)
DRAWN = {
    Aggregation.RATE: [("ALIGN_RATE", "REDUCE_SUM")],
    Aggregation.INCREASE: [("ALIGN_DELTA", "REDUCE_SUM")],
    Aggregation.MEAN: [("ALIGN_MEAN", "REDUCE_MEAN"), ("ALIGN_MIN", "REDUCE_MIN"), ("ALIGN_MAX", "REDUCE_MAX")],
    Aggregation.SUM: [("ALIGN_MEAN", "REDUCE_SUM")],
    Aggregation.COUNT: [("ALIGN_MEAN", "REDUCE_COUNT")],
    Aggregation.PERCENTILES: [("ALIGN_DELTA", "REDUCE_SUM")],
    Aggregation.HEAT: [("ALIGN_DELTA", "REDUCE_SUM")],
}


def explorer_of(url: str) -> dict[str, Any]:
    """What the Metrics Explorer draws at an address, with its interval and project."""
    parts = urlsplit(url)
    path, *times = parts.path.split(";")
    assert f"{parts.scheme}://{parts.netloc}{path}" == "https://console.cloud.google.com/monitoring/metrics-explorer"
    query = parse_qs(parts.query)
    (drawn,) = json.loads(query["pageState"][0])["xyChart"]["dataSets"]
    return {**dict(each.split("=") for each in times), "project": query["project"][0], **drawn["timeSeriesFilter"]}


@pytest.mark.parametrize("how", DRAWN)
def test_every_question_leads_into_the_metrics_explorer_with_its_query_and_interval(how: Aggregation) -> None:
    source = CloudMonitoringSource("gcp", CloudMonitoringConfig(kind="cloud_monitoring", project="p-1"))
    kind = MetricType.HISTOGRAM if how in (Aggregation.PERCENTILES, Aggregation.HEAT) else MetricType.COUNTER
    texts = source.texts(MetricQuestion("a.b/c", kind, how, MATCHED, ("route",)), INTERVAL)
    shown = [explorer_of(each.url) for each in texts]
    assert [
        (each["aggregations"][0]["perSeriesAligner"], each["aggregations"][0]["crossSeriesReducer"]) for each in shown
    ] == DRAWN[how]
    for each in shown:
        assert each["filter"] == 'metric.type = "a.b/c" AND metric.labels.code = "500"'
        assert each["project"] == "p-1"
        assert (each["startTime"], each["endTime"]) == ("2026-09-21T14:15:00Z", "2026-09-21T16:15:00Z")
        fields = [] if how is Aggregation.HEAT else ['metric.label."route"']
        assert each["aggregations"][0]["groupByFields"] == fields
        assert each["minAlignmentPeriod"] == "300s"


def test_a_written_filter_leads_there_too_and_an_emulator_has_no_console() -> None:
    source = CloudMonitoringSource("gcp", CloudMonitoringConfig(kind="cloud_monitoring", project="p-1"))
    written = 'metric.type = "a.b/c"\nALIGN_MAX 300s REDUCE_MAX BY resource.labels.zone'
    (text,) = source.texts(WrittenQuestion(written), INTERVAL)
    shown = explorer_of(text.url)
    assert shown["filter"] == 'metric.type = "a.b/c"'
    assert shown["aggregations"][0]["perSeriesAligner"] == "ALIGN_MAX"
    assert shown["aggregations"][0]["groupByFields"] == ['resource.label."zone"']
    (unread,) = source.texts(WrittenQuestion("metric.type ="), INTERVAL)
    assert unread.url == ""
    emulated = CloudMonitoringConfig(kind="cloud_monitoring", project="p-1", api_endpoint="127.0.0.1:1", insecure=True)
    (text,) = CloudMonitoringSource("gcp", emulated).texts(WrittenQuestion(written), INTERVAL)
    assert text.url == ""
