"""The addresses of the API, mounted beside the pages; whatever else begins with `/api` is told so as JSON."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from tomoni.access.asking import needs_token
from tomoni.api import actions, events, status
from tomoni.api.access import token_in
from tomoni.api.calendars import Calendar
from tomoni.api.endpoint import Endpoint, Gate, Handler, problem_response
from tomoni.api.limits import RateLimit
from tomoni.api.openapi import document
from tomoni.api.problems import ApiProblem
from tomoni.store.errors import StoreError
from tomoni.use_cases.product import Tomoni
from tomoni.words.text import text_for

PATHS: Mapping[str, Mapping[str, Handler]] = {
    "/api/events": {"GET": events.listed, "POST": events.add},
    "/api/actions": {"GET": actions.listed, "POST": actions.add},
    "/api/actions/{id}": {"POST": actions.change},
    "/api/status": {"GET": status.show},
}
CALENDARS = ("/api/calendar.ics", "/api/calendar/{app}.ics")


def routes(tomoni: Callable[[], Tomoni], clock: Callable[[], float] = time.monotonic) -> list[BaseRoute]:
    """The routes of the API over a product that is opened when it is first asked for; ``clock`` gives the seconds
    of the limits."""
    gate = Gate(tomoni, RateLimit(300, 120, clock), RateLimit(600, 240, clock))
    made: list[BaseRoute] = [Route(path, Endpoint(gate, handlers)) for path, handlers in PATHS.items()]
    made += [Route(path, Calendar(gate)) for path in CALENDARS]
    return [
        *made,
        Route("/api/openapi.json", _Description(tomoni)),
        Route("/api", _nothing),
        Route("/api/{rest:path}", _nothing),
    ]


class _Description:
    """Answers with what there is, where readers sign in only those and who has a token."""

    def __init__(self, tomoni: Callable[[], Tomoni]) -> None:
        self._tomoni = tomoni

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = JSONResponse(document())
        try:
            if needs_token(scope):
                await run_in_threadpool(lambda: token_in(Request(scope), self._tomoni()))
        except (ApiProblem, StoreError) as problem:
            response = problem_response(problem, text_for("en"))
        await response(scope, receive, send)


class _Nothing:
    """Answers every method at an address that is not there."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = Request(scope).headers.get("accept-language", "")
        response = problem_response(ApiProblem(404, "not_found"), text_for("ja" if wanted[:2] == "ja" else "en"))
        await response(scope, receive, send)


_nothing = _Nothing()
