"""Cloud Monitoring keeps the contract of sources, asked over gRPC at a stand-in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from data_sources.base import Interval
from data_sources.cloud_monitoring.config import CloudMonitoringConfig, CloudSignal
from data_sources.cloud_monitoring.source import CloudMonitoringSource
from data_sources.queries import Ratio
from tests.data_sources.contract import Case, Harness, NumeratorMayBeAbsent
from tests.google_stand_in.server import StandIn, running
from tests.google_stand_in.world import MetricSpec, World, cumulative, delta, gauge

START, STEP, BUCKETS = 1_790_000_100, 300, 48
INTERVAL = Interval(START, START + STEP * BUCKETS, STEP)
REQUESTS = MetricSpec("lb/requests", "DELTA", "INT64", {"class": "STRING"})
GAPPY = MetricSpec("lb/gappy", "DELTA", "INT64", {"class": "STRING"})
WRITTEN = MetricSpec("app/written", "CUMULATIVE", "DOUBLE", {"ok": "BOOL"})
CPU = MetricSpec("vm/cpu", "GAUGE", "DOUBLE", {"vm": "STRING"})
MINUTES = 5 * BUCKETS


def by_bucket(minutes: np.ndarray) -> np.ndarray:
    return np.asarray(minutes.reshape(BUCKETS, 5).sum(axis=1), dtype=np.float64)


@pytest.fixture(scope="module")
def truth() -> dict[str, np.ndarray]:
    random = np.random.default_rng(4)
    gone = np.where((np.arange(MINUTES) // 5) % 12 < 8, 1, 0)
    quiet = np.where((np.arange(MINUTES) // 5) % 6 < 3, 7, 0)
    return {
        "good": random.integers(20, 90, MINUTES),
        "bad": random.integers(1, 9, MINUTES),
        "gappy": 30 * gone,
        "quiet": quiet,
        "cpu": random.uniform(0.1, 0.9, MINUTES),
    }


@pytest.fixture(scope="module")
def stand_in(truth: dict[str, np.ndarray]) -> Iterator[StandIn]:
    world = World("demo", START + STEP * BUCKETS + 600)
    world.add(delta(REQUESTS, {"class": "2xx"}, truth["good"], START))
    world.add(delta(REQUESTS, {"class": "5xx"}, truth["bad"], START))
    world.add(delta(GAPPY, {"class": "2xx"}, truth["gappy"], START))
    world.add(cumulative(WRITTEN, {"ok": "true"}, truth["quiet"], START, resets=[31, 100]))
    world.add(gauge(CPU, {"vm": "a"}, truth["cpu"], START), gauge(CPU, {"vm": "b"}, truth["cpu"] / 2, START))
    with running(world) as server:
        yield server


class TestCloudMonitoringKeepsTheContract(NumeratorMayBeAbsent):
    @pytest.fixture
    def harness(self, stand_in: StandIn, truth: dict[str, np.ndarray]) -> Iterator[Harness]:
        config = CloudMonitoringConfig(
            kind="cloud_monitoring", project="demo", api_endpoint=stand_in.endpoint, insecure=True
        )
        source = CloudMonitoringSource("google", config, clock=lambda: float(stand_in.world.now))
        good, bad = by_bucket(truth["good"]), by_bucket(truth["bad"])
        gappy = np.where(by_bucket(truth["gappy"]) > 0, by_bucket(truth["gappy"]), np.nan)
        quiet = by_bucket(truth["quiet"])
        written = 'metric.type="app/written"'
        yield Harness(
            source=source,
            interval=INTERVAL,
            steady=Case(
                Ratio(total='metric.type="lb/requests"', bad='metric.type="lb/requests" metric.labels.class="5xx"'),
                good=good,
                total=good + bad,
            ),
            broken=Ratio(total='metric.type="lb/requests" bogus.field="x"', good='metric.type="lb/requests"'),
            gap=Case(
                Ratio(total='metric.type="lb/gappy"', good='metric.type="lb/gappy" metric.labels.class="2xx"'),
                good=gappy,
                total=gappy,
            ),
            quiet=Case(Ratio(total=written, good=f'{written} metric.labels.ok="true"'), good=quiet, total=quiet),
            absent=Case(
                Ratio(total='metric.type="lb/gappy"', good='metric.type="lb/gappy" metric.labels.class="9xx"'),
                good=gappy * 0,
                total=gappy,
            ),
            signal=Case(
                CloudSignal(filter='metric.type="vm/cpu"'),
                value=truth["cpu"].reshape(BUCKETS, 5).mean(axis=1) * 0.75,
            ),
            calls=stand_in.calls,
        )
        source.close()
