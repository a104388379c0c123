"""Exploring a real Prometheus: what is found, and the lines of each type of metric against the true counts."""

from collections.abc import Iterator

import numpy as np
import pytest
from pydantic import HttpUrl

from data_sources.base import Interval
from data_sources.errors import QueryRefused
from data_sources.exploring import (
    Aggregation,
    Explores,
    Limits,
    Matcher,
    MetricQuestion,
    MetricType,
    Operator,
    ReadsOneLine,
    WrittenQuestion,
)
from data_sources.prometheus.config import Histogram, PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from tests.prometheus_world import MIDDLE
from tests.real_prometheus import RealPrometheus
from tomoni.exploring.jobs import jobs_of, names_of
from tomoni.exploring.splitting import splitting_of

pytestmark = pytest.mark.prometheus
STEP = 300
REQUESTS, LATENCY = "http_requests_total", "http_request_duration_seconds"


@pytest.fixture
def source(prometheus: RealPrometheus) -> Iterator[PrometheusSource]:
    config = PrometheusConfig(kind="prometheus", url=HttpUrl(prometheus.url))
    source = PrometheusSource("real", config, clock=lambda: prometheus.world.end + 600.0)
    yield source
    source.close()


@pytest.fixture
def hours(prometheus: RealPrometheus) -> Interval:
    return Interval(prometheus.world.end - 24 * 3600, prometheus.world.end - 6 * 3600, STEP)


def never() -> bool:
    return False


def ask(source: PrometheusSource, question: MetricQuestion | WrittenQuestion, interval: Interval, limits: Limits):
    return source.lines(question, interval, limits, never)


def test_metrics_are_found_with_their_types_and_histograms_as_one(source: PrometheusSource) -> None:
    assert isinstance(source, Explores)
    found = {metric.name: metric for part in source.metrics(never) for metric in part}
    assert found[REQUESTS].type is MetricType.COUNTER
    assert found[LATENCY].type is MetricType.HISTOGRAM
    assert found[LATENCY].unit == "seconds"
    assert not {f"{LATENCY}_bucket", f"{LATENCY}_count"} & set(found)


def test_labels_come_with_the_number_of_series(source: PrometheusSource, hours: Interval) -> None:
    checkout = (Matcher("app", Operator.EQUAL, "checkout"),)
    assert source.label_names(REQUESTS, checkout, hours) == ["app", "code", "pod"]
    assert "le" not in source.label_names(LATENCY, (), hours)
    codes = source.label_values(REQUESTS, "code", checkout, hours)
    assert {each.value for each in codes} == {"200", "500"}
    assert all(each.series == 3 for each in codes)


def test_a_counter_becomes_a_rate_and_groups_beyond_the_limit_one_line(
    source: PrometheusSource, prometheus: RealPrometheus, hours: Interval
) -> None:
    question = MetricQuestion(REQUESTS, MetricType.COUNTER, Aggregation.RATE, (), ("app",))
    found = ask(source, question, hours, Limits(lines=2))
    assert [line.labels.get("app") for line in found.lines] == ["gateway", "checkout", None]
    true = prometheus.world.counts(prometheus.world.total["checkout"], hours.start, hours.end, STEP) / STEP
    assert np.nanmedian(np.abs(found.lines[1].values / true - 1)) < 0.02
    assert found.lines[2].role == "other"
    assert found.lines[2].summed == 3
    assert found.unit == "per_second"
    assert "rate(" in found.texts[0].text
    assert "g0.expr=" in found.texts[0].url


def test_groups_by_several_labels_keep_their_own(source: PrometheusSource, hours: Interval) -> None:
    question = MetricQuestion(REQUESTS, MetricType.COUNTER, Aggregation.INCREASE, (), ("app", "code"))
    every = ask(source, question, hours, Limits(lines=50))
    found = ask(source, question, hours, Limits(lines=3))
    assert [line.labels for line in found.lines[:3]] == [line.labels for line in every.lines[:3]]
    others = np.nansum([line.values for line in every.lines[3:]], axis=0)
    assert np.allclose(np.nan_to_num(found.lines[3].values), others, rtol=1e-6)


def test_a_gauge_has_a_band_and_a_histogram_percentiles_and_a_heat_map(
    source: PrometheusSource, prometheus: RealPrometheus, hours: Interval
) -> None:
    (load,) = ask(source, MetricQuestion("node_load1", MetricType.GAUGE, Aggregation.MEAN), hours, Limits()).lines
    assert np.allclose(load.values, prometheus.world.loads(hours.start, hours.end), atol=0.1)
    assert load.low is not None
    assert load.high is not None
    assert np.all(load.low <= load.high)
    percentiles = MetricQuestion(LATENCY, MetricType.HISTOGRAM, Aggregation.PERCENTILES)
    assert {line.role for line in ask(source, percentiles, hours, Limits()).lines} == {"p50", "p90", "p99"}
    heat = ask(source, MetricQuestion(LATENCY, MetricType.HISTOGRAM, Aggregation.HEAT), hours, Limits()).heat
    assert heat is not None
    assert heat.edges == (0.1, 0.3, 1.0, np.inf)
    true = prometheus.world.counts(prometheus.world.total["checkout"], hours.start, hours.end, STEP) / STEP
    assert np.nanmedian(np.abs(heat.counts.sum(axis=0) / true - 1)) < 0.02


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("sum(rate(http_requests_total[5m])", 33),
        ("up +* 2", 4),
        ("up\n  + sum(up))", 15),
        ('"é" + up)', 9),
        ("nosuch(up)", 0),
    ],
)
def test_a_fault_in_a_query_is_told_at_its_place(
    source: PrometheusSource, hours: Interval, text: str, place: int
) -> None:
    with pytest.raises(QueryRefused) as refused:
        ask(source, WrittenQuestion(text), hours, Limits())
    assert refused.value.facts["position"] == place


def test_too_many_series_are_refused_before_they_are_sent(source: PrometheusSource, hours: Interval) -> None:
    few = Limits(series=4)
    assert source.cost(WrittenQuestion(REQUESTS), hours, few).refused == "series"
    with pytest.raises(QueryRefused) as refused:
        ask(source, WrittenQuestion(REQUESTS), hours, few)
    assert refused.value.facts["reason"] == "too_many_series"
    assert not source.cost(WrittenQuestion("sum(http_requests_total)"), hours, few).refused


def test_buckets_that_have_not_ended_are_not_observed(source: PrometheusSource, prometheus: RealPrometheus) -> None:
    end = prometheus.world.end
    later = Interval(end - 3600, end + 3600, STEP)
    (line,) = ask(source, WrittenQuestion("max(node_load1)"), later, Limits()).lines
    assert len(line.values) == len(later)
    assert np.isnan(line.values[-10:]).all()


def test_a_metric_is_read_as_one_line_by_one_query_and_those_with_labels_are_named(
    source: PrometheusSource, hours: Interval
) -> None:
    assert isinstance(source, ReadsOneLine)
    ask = MetricQuestion("http_requests_total", MetricType.COUNTER, Aggregation.RATE)
    found = source.one_line(ask, hours, Limits())
    assert found is not None
    whole = source.lines(ask, hours, Limits(), never).lines[0].values
    np.testing.assert_allclose(found, whole, rtol=0.05)
    assert source.one_line(MetricQuestion("none", MetricType.GAUGE, Aggregation.MEAN), hours, Limits()) is None
    where = [Matcher("app", Operator.EQUAL, "checkout")]
    named = {each.value for each in source.label_values("", "__name__", where, hours)}
    assert {"http_requests_total", "http_request_duration_seconds_count"} <= named
    assert "node_load1" not in named
    assert set(names_of(source, "web", hours)) == {"calls_total", "probe_success"}
    assert not jobs_of(source, hours), "nothing was scraped by the server itself then"


def test_a_histogram_is_split_though_its_threshold_is_spelt_in_two_ways(
    source: PrometheusSource, prometheus: RealPrometheus
) -> None:
    world = prometheus.world
    middle = world.start + MIDDLE * 60
    days = Interval(middle // STEP * STEP - 86_400, middle // STEP * STEP + 86_400, STEP)
    splitting = splitting_of(Histogram(histogram=f'{LATENCY}{{app="checkout"}}', under=0.3))
    assert splitting is not None
    for role, events in (("total", world.total["checkout"]), ("good", world.fast)):
        (term,) = splitting.by("pod")[role]
        lines = ask(source, term.question, days, Limits()).lines
        assert {line.labels["pod"] for line in lines} == {"old", "new"}
        true = world.counts(events, days.start, days.end, STEP).sum()
        assert sum(np.nansum(line.values) for line in lines) == pytest.approx(true, rel=5e-3)
