"""Places to run commands in, and the servers that they ask."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.acceptance.command import Ended, Place, PlaceWithin, rfc3339
from tests.acceptance.shop import OFFICE, SHOP, SMALL, sources
from tests.data_sources.fault_server import NOW, FaultServer, fault_server
from tests.real_prometheus import RealPrometheus, running_prometheus


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty place."""
    return PlaceWithin(tmp_path)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """A server that answers as a test tells it to."""
    with fault_server() as server:
        yield server


@pytest.fixture
def small(place: Place, server: FaultServer) -> Place:
    """One app with one SLO, which asks the server that a test controls."""
    at_noon = replace(place, environ={"TOMONI_NOW": rfc3339(NOW)})
    return at_noon.write(sources=sources(server.url), app_shop=SMALL)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Ended]:
    """A place like `small` whose server answered, and its status then."""
    with fault_server() as server:
        place = PlaceWithin(tmp_path_factory.mktemp("filled"), {"TOMONI_NOW": rfc3339(NOW)})
        ended = place.write(sources=sources(server.url), app_shop=SMALL).status()
    assert (ended.code, ended.err, ended.body["problems"]) == (0, "", [])
    return place, ended


@pytest.fixture
def remembering(small: Place, filled: tuple[Place, Ended]) -> Place:
    """`small` with a ledger that remembers what was answered until now."""
    shutil.copy(filled[0].database, small.database)
    return small


@pytest.fixture(scope="session")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPrometheus]:
    """A real Prometheus, started when the first test asks for it."""
    with running_prometheus(tmp_path_factory.mktemp("prometheus")) as server:
        yield server


@pytest.fixture(scope="session")
def shop(prometheus: RealPrometheus, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Two apps whose metrics a real Prometheus has, at the moment where its world ends."""
    place = PlaceWithin(tmp_path_factory.mktemp("shop"), {"TOMONI_NOW": rfc3339(prometheus.world.end)})
    return place.write(sources=sources(prometheus.url), app_shop=SHOP, app_office=OFFICE)
