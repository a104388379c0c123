"""An id for every request: of the one who asks, or a new one. It is in the log of all that happens for it, and in the
answer."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import MutableMapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tomoni import logs

HEADER = "X-Request-Id"
_GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
_LOG = logging.getLogger("tomoni.requests")
_UNTOLD = re.compile(r"/(healthz|readyz|metrics|static/|_stcore/(health|host-config)|favicon)")


class RequestIds:
    """Gives requests and websockets their ids, and logs each with its path, without the query, and its status."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or holds one websocket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        id_ = given if _GIVEN.fullmatch(given) else logs.new_id()
        began, answered = time.monotonic(), {"status": 0}
        with logs.about(request=id_):
            try:
                await self._app(scope, receive, _telling(send, id_, answered))
            finally:
                _tell(scope, answered["status"], time.monotonic() - began)


def _telling(send: Send, id_: str, answered: MutableMapping[str, int]) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered["status"] = message["status"]
            MutableHeaders(scope=message).setdefault(HEADER, id_)
        await send(message)

    return answer


def _tell(scope: Scope, status: int, seconds: float) -> None:
    if _UNTOLD.match(scope["path"]):
        return
    facts = {"method": scope.get("method", "WEBSOCKET"), "path": scope["path"], "seconds": round(seconds, 3)}
    _LOG.info("a request was answered", extra={**facts, "status": status} if status else facts)
