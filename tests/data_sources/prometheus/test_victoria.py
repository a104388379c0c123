"""What a real VictoriaMetrics counts, against the same five weeks of true counts as a Prometheus."""

from collections.abc import Iterator

import pytest
from pydantic import HttpUrl

from data_sources.base import Interval
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Ratio
from tests.data_sources.contract import series_of
from tests.prometheus_world import World
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
