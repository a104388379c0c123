"""One world that both sources tell of: a real Prometheus, and a stand-in for Cloud Monitoring with the same hours."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from data_sources.calls import Pauses
from data_sources.cloud_monitoring import source as cloud_monitoring
from tests.google_stand_in.server import StandIn, running
from tests.google_stand_in.world import MetricSpec, Stream, World, delta, gauge
from tests.real_prometheus import RealPrometheus, running_prometheus
from tomoni.settings import ProcessSettings
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni

EXAMPLE = Path(__file__).parents[2] / "examples" / "gcp-and-prometheus"
DAYS, DAY = 35, 86_400
LAG_SECONDS = 240  # what Cloud Monitoring is trusted after, the slower of both
REQUESTS = MetricSpec(
    "loadbalancing.googleapis.com/https/request_count",
    "DELTA",
    "INT64",
    {"response_code_class": "INT64"},
    ("https_lb_rule",),
)
CPU = MetricSpec("compute.googleapis.com/instance/cpu/utilization", "GAUGE", "DOUBLE", {}, ("gce_instance",))


@dataclass(frozen=True)
class Cloud:
    """The stand-in with what is true: the load balancer's counts and the machines' CPU, by the minute."""

    stand_in: StandIn
    good: np.ndarray
    bad: np.ndarray
    cpu: np.ndarray


@dataclass(frozen=True)
class Both:
    """Both sources, and a configuration folder of the example that reads them."""

    prometheus: RealPrometheus
    cloud: Cloud
    folder: Path
    seconds: int = 0

    @property
    def now(self) -> int:
        return self.prometheus.world.end + LAG_SECONDS + self.seconds

    def later(self, seconds: int) -> Both:
        """The same some time later; the stand-in's own time has to follow."""
        return replace(self, seconds=self.seconds + seconds)

    @property
    def environ(self) -> dict[str, str]:
        return {
            "TOMONI_CONFIG": str(self.folder / "config"),
            "TOMONI_DATABASE_URL": f"sqlite:///{self.folder / 'tomoni.db'}",
            "TOMONI_NOW": datetime.fromtimestamp(self.now, UTC).isoformat(),
            "TOMONI_PROMETHEUS_URL": self.prometheus.url,
            "TOMONI_GCP_PROJECT": "demo",
        }

    def opened(self) -> Tomoni:
        """The product on this folder."""
        settings = ProcessSettings.model_validate(
            {
                "config": self.folder / "config",
                "database_url": self.environ["TOMONI_DATABASE_URL"],
                "now": datetime.fromtimestamp(self.now, UTC),
            }
        )
        return open_tomoni(settings, self.environ)


def labelled(stream: Stream, **labels: str) -> Stream:
    return replace(stream, resource_labels=labels)


@pytest.fixture(scope="session")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPrometheus]:
    with running_prometheus(tmp_path_factory.mktemp("prometheus")) as server:
        yield server


@pytest.fixture(scope="session")
def cloud(prometheus: RealPrometheus) -> Iterator[Cloud]:
    """35 days up to the moment at which Prometheus' own history ends, a point a minute."""
    end, random = prometheus.world.end, np.random.default_rng(20261124)
    start, minutes = end - DAYS * DAY, DAYS * 1440
    good, bad = random.poisson(600, minutes), random.binomial(1, 0.2, minutes)
    cpu = random.uniform(0.2, 0.6, minutes)
    world = World("demo", end + LAG_SECONDS)
    here = {"url_map_name": "checkout"}
    world.add(
        labelled(delta(REQUESTS, {"response_code_class": "200"}, good, start), **here),
        labelled(delta(REQUESTS, {"response_code_class": "500"}, bad, start), **here),
        labelled(delta(REQUESTS, {"response_code_class": "500"}, good, start), url_map_name="another"),
        gauge(CPU, {}, cpu, start),
    )
    with running(world) as stand_in:
        yield Cloud(stand_in, good, bad, cpu)


@pytest.fixture(scope="session")
def fetched(prometheus: RealPrometheus, cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with the stand-in's address, and a ledger that holds all that the pages show."""
    folder = tmp_path_factory.mktemp("both")
    shutil.copytree(EXAMPLE, folder / "config")
    sources = folder / "config" / "sources.yaml"
    emulator = f"    api_endpoint: {cloud.stand_in.endpoint}\n    insecure: true\n"
    sources.write_text(sources.read_text() + emulator)
    tomoni = Both(prometheus, cloud, folder).opened()
    tomoni.sync()
    tomoni.close()
    return folder


@pytest.fixture
def both(
    prometheus: RealPrometheus, cloud: Cloud, fetched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Both]:
    """A copy of all that; nobody sleeps between retries."""
    monkeypatch.setattr(cloud_monitoring, "Pauses", lambda: Pauses(lambda _seconds: None))
    for name in [name for name in os.environ if name.startswith("TOMONI_")]:
        monkeypatch.delenv(name)
    shutil.copytree(fetched, tmp_path / "copy")
    yield Both(prometheus, cloud, tmp_path / "copy")
    cloud.stand_in.troubles.clear()
    cloud.stand_in.world.now = prometheus.world.end + LAG_SECONDS
