"""Whether Tomoni is alive and ready, for whoever starts, stops and watches it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tomoni.api.access import token_in
from tomoni.api.endpoint import problem_response
from tomoni.api.problems import ApiProblem
from tomoni.languages import SOURCE_LANGUAGE
from tomoni.serving.metrics import CONTENT_TYPE, Figures
from tomoni.serving.origin import from_here
from tomoni.settings import ProcessSettings
from tomoni.store.errors import StoreError
from tomoni.use_cases.product import Tomoni
from tomoni.words.text import text_for

_NO_STORE = {"Cache-Control": "no-store"}


def probes(
    tomoni: Callable[[], Tomoni],
    open_pages: Callable[[], int],
    readers: str = "open",
    draining: Callable[[], bool] = lambda: False,
) -> list[BaseRoute]:
    """The routes `/healthz`, `/readyz` and `/metrics`. ``open_pages`` counts the connected browsers; ``readers`` is who
    may read the figures: `open`, `token` or `local`; ``draining`` is whether the process was told to end."""
    figures = Figures(tomoni, open_pages)

    async def ready(_request: Request) -> Response:
        if draining():
            return JSONResponse({"status": "draining"}, 503, headers=_NO_STORE)
        return await run_in_threadpool(_readiness, tomoni)

    async def metrics(request: Request) -> Response:
        if readers == "local" and not from_here(request.scope):
            return problem_response(ApiProblem(403, "only_from_here"), text_for(SOURCE_LANGUAGE))
        if readers == "token":
            try:
                await run_in_threadpool(_check_token, tomoni, request)
            except (ApiProblem, StoreError) as problem:
                return problem_response(problem, text_for(SOURCE_LANGUAGE))
        return Response(await run_in_threadpool(figures.text), media_type=CONTENT_TYPE, headers=_NO_STORE)

    return [Route("/healthz", _alive), Route("/readyz", ready), Route("/metrics", metrics)]


def readers_of(settings: ProcessSettings) -> str:
    """Who may read the figures: as it is set, else whoever reaches them where nobody signs in, else who has a token."""
    return settings.metrics or ("open" if settings.sign_in == "none" else "token")


def _check_token(tomoni: Callable[[], Tomoni], request: Request) -> None:
    """Whether a request has a token of all apps, as the figures are of all. Raises ApiProblem: 401, 403; StoreError."""
    token = token_in(request, tomoni())
    if token.app is not None:
        raise ApiProblem(403, "token_of_one_app")


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
