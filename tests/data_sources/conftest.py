"""A real Prometheus for all tests of sources, started when the first of them asks for it."""

from collections.abc import Iterator

import pytest

from tests.real_prometheus import RealPrometheus, running_prometheus


@pytest.fixture(scope="session")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPrometheus]:
    with running_prometheus(tmp_path_factory.mktemp("prometheus")) as server:
        yield server
