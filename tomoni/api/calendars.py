"""The reviews as calendars that other programs subscribe to: anybody who may open the pages may read them, and where
readers sign in, who has a token (a program that shows calendars cannot sign in)."""

from __future__ import annotations

import hashlib
import logging

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tomoni.access.asking import identity_in, needs_token
from tomoni.api.access import token_in
from tomoni.api.endpoint import Gate, problem_response
from tomoni.api.problems import ApiProblem
from tomoni.commands.calendars import calendar_of
from tomoni.languages import LANGUAGES
from tomoni.store.errors import StoreError
from tomoni.use_cases.product import Tomoni
from tomoni.words.text import text_for

_LOG = logging.getLogger(__name__)
_HEADERS = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
_KIND = "text/calendar; charset=utf-8"


class Calendar:
    """An address that answers with the calendar of an app, or of all; ``?lang=`` chooses the language."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        request = Request(scope, receive)
        wanted = request.query_params.get("lang", "")
        language = wanted if wanted in LANGUAGES else ""
        try:
            response = await self._answer(request, language)
        except (ApiProblem, StoreError) as problem:
            response = problem_response(problem, text_for(language or "en"))
        except Exception:  # the outermost boundary, as `endpoint.Endpoint` has it
            _LOG.exception("The API failed to answer %s", request.url.path)
            response = problem_response(ApiProblem(500, "unexpected"), text_for(language or "en"))
        await response(scope, receive, send)

    async def _answer(self, request: Request, language: str) -> Response:
        if request.method not in ("GET", "HEAD"):
            facts = {"method": request.method, "allowed": "GET"}
            raise ApiProblem(405, "method_not_allowed", facts, {"Allow": "GET"})
        self._gate.by_address.take(request.client.host if request.client else "-")
        content = await run_in_threadpool(self._content, request, language)
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {**_HEADERS, "ETag": tag}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=_KIND, headers=headers)

    def _seen(self, request: Request) -> Tomoni:
        """The product as the reader sees it, or the one with a token. Raises ApiProblem: 401 without a token where
        nobody signed in, 403 with one of another app."""
        tomoni = self._gate.tomoni()
        if not needs_token(request.scope):
            return tomoni.seen_by(tomoni.grants_of(identity_in(request.scope)))
        token, app = token_in(request, tomoni), request.path_params.get("app", "")
        if not token.allows(app):
            raise ApiProblem(403, "token_of_another_app", {"app": app})
        return tomoni.seen_by(tomoni.grants_of_token(token.app))

    def _content(self, request: Request, language: str) -> bytes:
        tomoni = self._seen(request)
        named = request.path_params.get("app")
        apps = tomoni.apps(named)
        if named is not None and not apps:
            raise ApiProblem(404, "not_found")
        base = tomoni.settings.url or str(request.base_url)
        return calendar_of(tomoni, apps, language or tomoni.catalog.settings.languages[0], base)
