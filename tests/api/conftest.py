"""The API over the demo's configuration, on both kinds of database, with clocks that tests set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.store.databases import database_url
from tests.store.postgres import postgres_server
from tomoni.api.routes import routes
from tomoni.settings import ProcessSettings
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni

__all__ = ["database_url", "postgres_server"]
ROOT = Path(__file__).parents[2]
NOW = "2026-11-24T10:00:00Z"
Client = Callable[..., TestClient]


class Seconds:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def opened(url: str) -> Tomoni:
    settings = ProcessSettings.model_validate({"config": ROOT / "config", "database_url": url, "now": NOW})
    return open_tomoni(settings, {})


@pytest.fixture
def tomoni(tmp_path: Path) -> Iterator[Tomoni]:
    product = opened(f"sqlite:///{tmp_path / 'tomoni.db'}")
    yield product
    product.close()


@pytest.fixture
def tomoni_on_both(database_url: str) -> Iterator[Tomoni]:
    """The same on SQLite and on PostgreSQL."""
    product = opened(database_url)
    yield product
    product.close()


def client_of(tomoni: Tomoni, seconds: Seconds) -> Client:
    """Makes clients with a token of an app (None: of all), or with none."""
    app = Starlette(routes=routes(lambda: tomoni, seconds))

    def made(app_id: str | None = None, token: bool = True, name: str = "test") -> TestClient:
        secret = tomoni.meetings.tokens.create(name, app_id)[0] if token else ""
        headers = {"Authorization": f"Bearer {secret}"} if token else {}
        return TestClient(app, headers=headers, raise_server_exceptions=False)

    return made


@pytest.fixture
def client(tomoni: Tomoni, seconds: Seconds) -> Client:
    return client_of(tomoni, seconds)


@pytest.fixture
def client_on_both(tomoni_on_both: Tomoni, seconds: Seconds) -> Client:
    return client_of(tomoni_on_both, seconds)
