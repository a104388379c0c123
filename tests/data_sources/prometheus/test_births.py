"""The first events of new series count, on a real Prometheus and a real VictoriaMetrics; and nothing counts twice."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from pydantic import HttpUrl

from data_sources.base import Interval, Request
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Ratio
from tests import births_world
from tests.births_world import ABSENCE, FLAP, MINUTES, OUTAGE, App
from tests.data_sources.contract import answers_of, series_of
from tests.prometheus_world import World

pytestmark = pytest.mark.prometheus
STEP = 300
APPS = sorted(births_world.worlds())


@cache
def apps() -> dict[str, App]:
    return births_world.worlds()


@pytest.fixture(params=["prometheus", "victoria"])
def world(request: pytest.FixtureRequest) -> World:
    server = request.getfixturevalue(request.param)
    request.node.url = server.url
    found: World = server.world
    return found


@pytest.fixture
def source(world: World, request: pytest.FixtureRequest) -> Iterator[PrometheusSource]:
    config = PrometheusConfig(kind="prometheus", url=HttpUrl(request.node.url))
    source = PrometheusSource("real", config, clock=lambda: world.end + 600.0)
    yield source
    source.close()


def query(app: str, part: str = "bad") -> Ratio:
    code = {"bad": "5..", "good": "2.."}[part]
    return Ratio.model_validate(
        {"total": f'calls_total{{app="{app}"}}', part: f'calls_total{{app="{app}",code=~"{code}"}}'}
    )


def true(events: births_world.IntArray, step: int = STEP) -> np.ndarray:
    return np.asarray(events.reshape(-1, step // 60).sum(axis=1), dtype=np.float64)


def two_days(world: World, step: int = STEP) -> Interval:
    return Interval(world.end - MINUTES * 60, world.end, step)


def counted(source: PrometheusSource, app: str, interval: Interval) -> tuple[np.ndarray, np.ndarray]:
    columns = series_of(source, query(app), interval).columns
    return columns["total"], columns["total"] - columns["good"]


@pytest.mark.parametrize("app", APPS)
def test_no_bucket_counts_more_than_happened(source, world, app):
    total, bad = counted(source, app, two_days(world))
    slack = 1e-6
    assert (np.nan_to_num(total) <= true(apps()[app].total) + slack).all()
    assert (np.nan_to_num(bad) <= true(apps()[app].bad) + slack).all()


@pytest.mark.parametrize(("app", "errors"), [("routes", 35), ("unnamed", 7), ("restart", 5)])
def test_errors_that_are_the_first_of_their_series_count(source, world, app, errors):
    _, bad = counted(source, app, two_days(world))
    assert apps()[app].bad.sum() == errors
    np.testing.assert_allclose(bad, true(apps()[app].bad), atol=1e-6)


@pytest.mark.parametrize("app", ["routes", "unnamed"])
def test_refreshing_bucket_by_bucket_counts_the_same(source, world, app):
    whole, step = two_days(world), 12 * STEP
    hours = [Interval(start, start + step, STEP) for start in range(whole.start, whole.end, step)]
    answers = answers_of(source, [Request(str(hour.start), query(app), hour) for hour in hours])
    columns = [answer.series.columns for _, answer in sorted(answers.items()) if answer.series]
    bad = np.concatenate([each["total"] - each["good"] for each in columns])
    np.testing.assert_allclose(bad, true(apps()[app].bad), atol=1e-6)


def test_good_events_and_all_of_them_leave_the_first_bad_ones(source, world):
    columns = series_of(source, query("routes", "good"), two_days(world)).columns
    bad = columns["total"] - columns["good"]
    np.testing.assert_allclose(bad, true(apps()["routes"].bad), atol=1e-6)


@pytest.mark.parametrize(
    ("app", "first", "last"),
    [("outage", *OUTAGE), ("absence", *ABSENCE), ("flapping", *FLAP), ("relabeled", 2400, 2405)],
)
def test_what_was_not_scraped_is_in_no_bucket(source, world, app, first, last):
    """The bucket after a gap holds only what was seen in it; all others hold what happened."""
    total, bad = counted(source, app, two_days(world))
    near = np.zeros(len(total), dtype=bool)
    near[(first - 1) // 5 : -(-last // 5) + 1] = True
    np.testing.assert_allclose(total[~near][1:], true(apps()[app].total)[~near][1:], rtol=1e-9)
    np.testing.assert_allclose(bad[~near][1:], true(apps()[app].bad)[~near][1:], atol=1e-6)


@pytest.mark.parametrize("step", [60, 900, 3600])
def test_the_length_of_the_bucket_does_not_matter(source, world, step):
    _, bad = counted(source, "routes", two_days(world, step))
    np.testing.assert_allclose(bad, true(apps()["routes"].bad, step), atol=1e-6)


def test_both_queries_that_are_sent_are_explained(source, world):
    texts = {each.role: each.text for each in source.explain(query("routes"), two_days(world))}
    assert texts.keys() == {"total", "bad", "first_total", "first_bad"}
    assert texts["bad"] == 'sum(increase(calls_total{app="routes",code=~"5.."}[5m]))'
    assert "unless" in texts["first_bad"]
