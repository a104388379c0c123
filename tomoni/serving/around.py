"""Everything around the pages, put together for the application that is served."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from tomoni.access.ended import EndedSessions
from tomoni.api.limits import RateLimit
from tomoni.api.routes import routes as api_routes
from tomoni.serving.addresses import Addresses
from tomoni.serving.at_once import send_at_once
from tomoni.serving.draining import Draining
from tomoni.serving.entrance import Doors, Entrance
from tomoni.serving.first_page import FirstPage, told_what_it_needs, told_where_its_server_is
from tomoni.serving.forwarded import TrustedProxies
from tomoni.serving.guard import Guard, OpenPages, Rules
from tomoni.serving.hosts import Hosts
from tomoni.serving.policy import hashes_of, headers
from tomoni.serving.probes import probes, readers_of
from tomoni.serving.requests import RequestIds
from tomoni.serving.scripts import FromMemory, Shipped
from tomoni.serving.sign_in import sign_in_of
from tomoni.settings import ProcessSettings
from tomoni.store.errors import StoreError
from tomoni.use_cases.product import Tomoni

# Of one address; several people may share one behind a proxy, and each sign-in takes three requests.
_ATTEMPTS_PER_MINUTE, _ATTEMPTS_AT_ONCE = 240, 240

_LOG = logging.getLogger("tomoni.access")
Lifespan = Callable[[object], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def _nothing(_app: object) -> AsyncIterator[None]:
    yield


@dataclass(frozen=True, slots=True)
class Around:
    """What is mounted beside the pages, what stands before them, what Streamlit needs for the sign-in, and what is done
    for as long as it is served."""

    routes: list[BaseRoute]
    middleware: list[Middleware]
    secrets: dict[str, Any] | None
    lifespan: Lifespan


@dataclass(frozen=True, slots=True)
class Served:
    """What is served: the paths of the pages, the path that they are below, the HTML that they begin with, and the
    hashes of the scripts that run within their frames; ``begin`` gives the path at which a sign-in begins, and
    ``hand_over`` lets others take over what only one process does; ``meanwhile`` is done as long as it is served."""

    pages: Iterable[str]
    base: str
    index: Path
    framed_scripts: tuple[str, ...] = ()
    begin: Callable[[], str] | None = None
    hand_over: Callable[[], None] = lambda: None
    meanwhile: Lifespan = _nothing


def around(served: Served, settings: ProcessSettings, tomoni: Callable[[], Tomoni]) -> Around:
    """The routes and the middleware; the product is opened when it is first asked for.

    Raises SignInIncompleteError.
    """
    pages, sign_in = OpenPages(), sign_in_of(settings, time.time)
    addresses = Addresses.of(served.pages, served.base)
    begin = served.begin if sign_in.kind == "oidc" else None
    framed_by = tuple(filter(None, map(str.strip, (settings.framed_by or "").split(","))))
    ended = EndedSessions(lambda: tomoni().meetings.sent, time.monotonic)
    attempts = RateLimit(_ATTEMPTS_PER_MINUTE, _ATTEMPTS_AT_ONCE, time.monotonic)
    doors = Doors(sign_in, settings.open, settings.url, begin, ended, attempts, lambda: _named(tomoni))
    shipped = Shipped(served.index)
    html = told_where_its_server_is(shipped.html())
    htmls = {page: told_what_it_needs(html, shipped.needed(page)) for page in ("", *served.pages)}
    rules = Rules(
        addresses,
        Hosts.of(settings.url, (settings.hosts or "").split(",")),
        headers((*hashes_of(html), *served.framed_scripts), framed_by),
        Entrance(doors, addresses),
        TrustedProxies.of(settings.trusted_proxies),
    )
    draining = Draining(served.hand_over, settings.drain_seconds)
    beside = [*api_routes(tomoni), *probes(tomoni, lambda: pages.count, readers_of(settings), draining)]
    before = [Middleware(RequestIds), Middleware(Guard, rules=rules, pages=pages)]
    first = Middleware(FirstPage, htmls=htmls, addresses=addresses)
    middleware = [*before, first, Middleware(FromMemory, shipped=shipped, addresses=addresses)]
    return Around(beside, middleware, sign_in.secrets, while_served(draining, served.meanwhile))


def _named(tomoni: Callable[[], Tomoni]) -> frozenset[str]:
    """The groups that the rules of access name; none while the product cannot be opened, which no page survives."""
    try:
        return frozenset(group for rule in tomoni().setup.access.rules for group in rule.groups)
    except StoreError as error:
        _LOG.error("which groups count cannot be known at a sign-in: %s", error.code)
        return frozenset()


def while_served(draining: Draining, meanwhile: Lifespan = _nothing) -> Lifespan:
    """What an application does for as long as it is served; it says that it ends before it does."""

    @asynccontextmanager
    async def served(app: object) -> AsyncIterator[None]:
        send_at_once()
        with draining.instead_of_ending():
            async with meanwhile(app):
                yield

    return served
