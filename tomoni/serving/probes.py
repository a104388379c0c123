"""Whether Tomoni is alive and ready, for whoever starts, stops and watches it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tomoni.serving.metrics import CONTENT_TYPE, Figures
from tomoni.store.errors import StoreError
from tomoni.use_cases.product import Tomoni

_NO_STORE = {"Cache-Control": "no-store"}


def probes(tomoni: Callable[[], Tomoni], open_pages: Callable[[], int]) -> list[BaseRoute]:
    """The routes `/healthz`, `/readyz` and `/metrics`. ``open_pages`` counts the connected browsers."""
    figures = Figures(tomoni, open_pages)

    async def ready(_request: Request) -> Response:
        return await run_in_threadpool(_readiness, tomoni)

    async def metrics(_request: Request) -> Response:
        return Response(await run_in_threadpool(figures.text), media_type=CONTENT_TYPE, headers=_NO_STORE)

    return [Route("/healthz", _alive), Route("/readyz", ready), Route("/metrics", metrics)]


async def _alive(_request: Request) -> Response:
    return JSONResponse({"status": "alive"}, headers=_NO_STORE)


def _readiness(tomoni: Callable[[], Tomoni]) -> Response:
    """Whether the database can be read, its tables are this version's, and a configuration is in force.

    What is wrong in the configuration does not end readiness: pages tell it, and the rest is shown.
    """
    try:
        product = tomoni()
        product.ledger.version()
    except StoreError as error:
        body = {"status": "not_ready", "database": error.code}
        return JSONResponse(body, 503, headers=_NO_STORE)
    problems = product.catalog.problems
    errors = sum(1 for problem in problems if problem.severity == "error")
    ready = {"status": "ready", "database": "ok", "apps": len(product.catalog.apps), "configuration_errors": errors}
    return JSONResponse(ready, headers=_NO_STORE)
