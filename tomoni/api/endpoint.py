"""One address of the API: who may ask, how often and what for; every answer is JSON."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tomoni.access.audit import Actor
from tomoni.access.policy import NotAllowedError
from tomoni.api.access import secret_of, token_of
from tomoni.api.body import read_json
from tomoni.api.call import Call
from tomoni.api.limits import RateLimit
from tomoni.api.problems import ApiProblem
from tomoni.languages import SOURCE_LANGUAGE
from tomoni.meetings.errors import MeetingError
from tomoni.store.errors import StoreError
from tomoni.use_cases.product import Tomoni
from tomoni.words import api as words
from tomoni.words import database, meeting_errors
from tomoni.words.text import Text, text_for

_LOG = logging.getLogger(__name__)
_WRONG_TOKEN_COSTS = 20
_NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_STATUS = {"record_unknown": 404, "record_removed": 404, "record_changed": 409}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler answers: JSON data and the status."""

    body: Any
    status: int = 200


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Gate:
    """What all addresses share: the product, opened when it is first asked for, and how often may be asked."""

    tomoni: Callable[[], Tomoni]
    by_token: RateLimit
    by_address: RateLimit


class Endpoint:
    """An address as an ASGI application, with a handler for each method."""

    def __init__(self, gate: Gate, handlers: Mapping[str, Handler]) -> None:
        self._gate, self._handlers = gate, dict(handlers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        request = Request(scope, receive)
        text = text_for(_language(request))
        try:
            answer = await self._answer(request, text)
            response: Response = JSONResponse(answer.body, answer.status, headers=_NO_STORE)
        except NotAllowedError:
            response = problem_response(ApiProblem(403, "token_may_not"), text)
        except (ApiProblem, MeetingError, StoreError) as problem:
            response = problem_response(problem, text)
        except Exception:  # the outermost boundary: a sender never sees a traceback or a page
            _LOG.exception("The API failed to answer %s %s", request.method, request.url.path)
            response = problem_response(ApiProblem(500, "unexpected"), text)
        await response(scope, receive, send)

    async def _answer(self, request: Request, text: Text) -> Answer:
        handler = self._handlers.get("GET" if request.method == "HEAD" else request.method)
        if handler is None:
            known = ", ".join(sorted(self._handlers))
            facts = {"method": request.method, "allowed": known}
            raise ApiProblem(405, "method_not_allowed", facts, {"Allow": known})
        address = request.client.host if request.client else "-"
        self._gate.by_address.take(address)
        secret = secret_of(request)
        tomoni = await run_in_threadpool(self._gate.tomoni)
        try:
            token = await run_in_threadpool(token_of, tomoni.meetings.tokens, secret)
        except ApiProblem:
            self._gate.by_address.take(address, _WRONG_TOKEN_COSTS)
            raise
        self._gate.by_token.take(token.id)
        _refuse_doubled(request)
        body = await read_json(request) if request.method == "POST" else None
        acting = tomoni.seen_by(tomoni.grants_of_token(token.app), Actor("api", token.name, address))
        call = Call(acting, token, text, dict(request.query_params), request.headers, request.path_params, body)
        return await run_in_threadpool(handler, call)


def _refuse_doubled(request: Request) -> None:
    """Refuses a parameter that is given more than once: all of its values but one would count for nothing."""
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if names.count(name) > 1:
            raise ApiProblem(422, "parameter_twice", {"field": name[:80]})


def problem_response(problem: ApiProblem | MeetingError | StoreError, text: Text) -> JSONResponse:
    """A problem as JSON: its code, a sentence, and what to do."""
    status, headers = 422, {}
    if isinstance(problem, ApiProblem):
        status, headers = problem.status, problem.headers
        message, action = words.describe(problem.code, problem.facts, text)
    elif isinstance(problem, MeetingError):
        status = _STATUS.get(problem.code, 422)
        message, action = meeting_errors.describe(problem, text)
    else:
        status = 503
        message, action = database.for_visitors(problem.code, problem.facts, text)
    error = {"code": problem.code, "message": message, "action": action}
    if isinstance(problem, (ApiProblem, MeetingError)) and "field" in problem.facts:
        error["field"] = str(problem.facts["field"])
    return JSONResponse({"error": error}, status, headers={**_NO_STORE, **headers})


def _language(request: Request) -> str:
    """Japanese for those who ask for it."""
    wanted = request.headers.get("accept-language", "")[:2].lower()
    return "ja" if wanted == "ja" else SOURCE_LANGUAGE
