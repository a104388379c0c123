"""What a real VictoriaMetrics counts, against the same five weeks of true counts as a Prometheus."""

from collections.abc import Iterator

import numpy as np
import pytest
from pydantic import HttpUrl

from data_sources.base import Interval, Request
from data_sources.errors import QueryRefused
from data_sources.exploring import Aggregation, Limits, MetricQuestion, MetricType, WrittenQuestion
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Expression, Ratio
from tests.data_sources.contract import series_of
from tests.prometheus_world import OUTAGE, World
from tests.real_victoria import RealVictoria

pytestmark = pytest.mark.prometheus
STEP = 300


@pytest.fixture
def source(victoria: RealVictoria) -> Iterator[PrometheusSource]:
    config = PrometheusConfig(kind="prometheus", url=HttpUrl(victoria.url))
    source = PrometheusSource("real", config, clock=lambda: victoria.world.end + 600.0)
    yield source
    source.close()


@pytest.fixture
def world(victoria: RealVictoria) -> World:
    return victoria.world


def weeks(world: World) -> Interval:
    return Interval(world.start, world.end, STEP)


def counters(app: str) -> Ratio:
    return Ratio(total=f'http_requests_total{{app="{app}"}}', bad=f'http_requests_total{{app="{app}",code=~"5.."}}')


@pytest.mark.parametrize(("app", "relative"), [("checkout", 2e-4), ("backoffice", 2e-3)])
def test_five_weeks_of_counts_are_the_true_ones(source, world, app, relative):
    columns = series_of(source, counters(app), weeks(world)).columns
    assert columns["total"].sum() == pytest.approx(world.total[app].sum(), rel=relative)
    assert (columns["total"] - columns["good"]).sum() == pytest.approx(world.bad[app].sum(), rel=relative)


def test_an_outage_of_the_scrapes_is_a_gap_and_its_events_are_in_no_bucket(source, world):
    columns = series_of(source, counters("search"), weeks(world)).columns
    unseen = np.zeros(len(weeks(world)), dtype=bool)
    unseen[OUTAGE.start // 5 : OUTAGE.stop // 5] = True
    np.testing.assert_array_equal(np.isnan(columns["total"]), unseen)
    truth = world.counts(world.total["search"], world.start, world.end, STEP)
    np.testing.assert_allclose(columns["total"][~unseen][1:], truth[~unseen][1:], rtol=0.25)
    assert np.nansum(columns["total"]) == pytest.approx(truth[~unseen].sum(), rel=2e-4)


def test_the_queries_that_are_sent_are_explained(source, world):
    before = source.explain(counters("search"), weeks(world))
    assert not any("increase_prometheus" in query.text for query in before)
    series_of(source, counters("search"), weeks(world))
    assert all("increase_prometheus" in query.text for query in source.explain(counters("search"), weeks(world)))


def test_an_expression_that_bridges_outages_is_found(source, world):
    expression = Expression(expr='sum(increase(http_requests_total{app="search"}[$window]))')
    bad = Expression(expr='sum(increase_prometheus(http_requests_total{app="search",code="500"}[$window])) # increase(')
    found = source.check(Request("it", Ratio(total=expression, bad=bad), weeks(world)))
    assert [dict(each.facts) for each in found if each.code == "increase_bridges"] == [{"role": "total"}]


def test_the_server_is_named(source):
    assert source.health().version == "VictoriaMetrics"


def test_it_is_explored_like_a_prometheus(source, world):
    def never() -> bool:
        return False

    hours = Interval(world.end - 24 * 3600, world.end - 6 * 3600, STEP)
    found = {metric.name: metric.type for part in source.metrics(never) for metric in part}
    assert found["http_requests_total"] is MetricType.COUNTER
    assert found["http_request_duration_seconds"] is MetricType.HISTOGRAM
    assert {"app", "code"} <= set(source.label_names("http_requests_total", (), hours))
    assert {each.value for each in source.label_values("http_requests_total", "code", (), hours)} == {"200", "500"}
    by_app = MetricQuestion("http_requests_total", MetricType.COUNTER, Aggregation.RATE, (), ("app",))
    lines = source.lines(by_app, hours, Limits(lines=2), never).lines
    true = world.counts(world.total["checkout"], hours.start, hours.end, STEP) / STEP
    assert np.nanmedian(np.abs(lines[1].values / true - 1)) < 0.02
    assert (lines[2].role, lines[2].summed) == ("other", 3)
    latency = MetricQuestion("http_request_duration_seconds", MetricType.HISTOGRAM, Aggregation.HEAT)
    heat = source.lines(latency, hours, Limits(), never).heat
    assert np.nanmedian(np.abs(heat.counts.sum(axis=0) / true - 1)) < 0.02
    unknown = MetricQuestion("node_load1", MetricType.UNKNOWN, Aggregation.MEAN)
    (load,) = source.lines(unknown, hours, Limits(), never).lines
    assert np.allclose(load.values, world.loads(hours.start, hours.end), atol=0.1)
    with pytest.raises(QueryRefused):
        source.lines(WrittenQuestion("sum(rate(http_requests_total[5m])"), hours, Limits(), never)
