"""What a real VictoriaMetrics counts, against the same five weeks of true counts as a Prometheus."""

from collections.abc import Iterator

import numpy as np
import pytest
from pydantic import HttpUrl

from data_sources.base import Interval, Request
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
