"""Servers for the tests of Prometheus: a real one, and one that fails as a test tells it to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from tests.data_sources.fault_server import NOW, FaultServer, fault_server
from tests.real_prometheus import RealPrometheus, running_prometheus
from tests.real_victoria import RealVictoria, running_victoria

Make = Callable[..., PrometheusSource]


@pytest.fixture(scope="session")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPrometheus]:
    """A real Prometheus, started when the first test asks for it."""
    with running_prometheus(tmp_path_factory.mktemp("prometheus")) as server:
        yield server


@pytest.fixture(scope="session")
def victoria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealVictoria]:
    """A real VictoriaMetrics with the same history, started when the first test asks for it."""
    with running_victoria(tmp_path_factory.mktemp("victoria")) as server:
        yield server


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with fault_server() as server:
        yield server


@pytest.fixture
def waits() -> list[float]:
    """How long a source made by `make` waited between two attempts."""
    return []


@contextmanager
def making(server: FaultServer, waits: list[float]) -> Iterator[Make]:
    """Makes sources of a server, with further settings, and closes them; how long they wait between two attempts goes
    into a list, at once."""
    made = []

    def source(**config) -> PrometheusSource:
        settings = PrometheusConfig.model_validate(
            {"kind": "prometheus", "url": server.url, "timeout_seconds": 5} | config
        )
        made.append(PrometheusSource("it", settings, clock=lambda: NOW + 600.0, pause=waits.append))
        return made[-1]

    yield source
    for each in made:
        each.close()


@pytest.fixture
def make(server: FaultServer, waits: list[float]) -> Iterator[Make]:
    """Makes sources of the server, with further settings."""
    with making(server, waits) as source:
        yield source
