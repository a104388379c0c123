"""Everything around the pages, put together for the application that is served."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from tomoni.api.routes import routes as api_routes
from tomoni.serving.addresses import Addresses
from tomoni.serving.guard import Guard, OpenPages, Rules
from tomoni.serving.hosts import Hosts
from tomoni.serving.policy import hashes_of, headers
from tomoni.serving.probes import probes
from tomoni.settings import ProcessSettings
from tomoni.use_cases.product import Tomoni


@dataclass(frozen=True, slots=True)
class Around:
    """What is mounted beside the pages, and what stands before them."""

    routes: list[BaseRoute]
    middleware: list[Middleware]


@dataclass(frozen=True, slots=True)
class Served:
    """What is served: the paths of the pages, the path that they are below, the HTML that they begin with, and the
    hashes of the scripts that run within their frames."""

    pages: Iterable[str]
    base: str
    index: Path
    framed_scripts: tuple[str, ...] = ()


def around(served: Served, settings: ProcessSettings, tomoni: Callable[[], Tomoni]) -> Around:
    """The routes and the middleware; the product is opened when it is first asked for."""
    pages = OpenPages()
    framed_by = tuple(filter(None, map(str.strip, (settings.framed_by or "").split(","))))
    rules = Rules(
        Addresses.of(served.pages, served.base),
        Hosts.of(settings.url, (settings.hosts or "").split(",")),
        headers((*hashes_of(served.index), *served.framed_scripts), framed_by),
    )
    beside = [*api_routes(tomoni), *probes(tomoni, lambda: pages.count)]
    return Around(beside, [Middleware(Guard, rules=rules, pages=pages)])
