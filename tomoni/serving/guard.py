"""What stands before every request: by which name it asks, whether anything is there, who asks, and the headers of
the answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tomoni.access.asking import identity_in
from tomoni.access.identity import Identity
from tomoni.serving.addresses import Addresses
from tomoni.serving.entrance import Entrance
from tomoni.serving.files import PLACE, OfferedFiles
from tomoni.serving.forwarded import NO_PROXIES, TrustedProxies
from tomoni.serving.hosts import Hosts
from tomoni.serving.refusals import no_such_address, too_large, unknown_host

_LOOK_SECONDS = 5.0  # how often a connection is asked whether its session was ended
_MOST_BYTES, _UPLOADS = 64 * 1024, "_stcore/upload_file/"
_PROBES = ("healthz", "readyz")  # whoever asks them knows an address, not the name that people use


@dataclass(frozen=True, slots=True)
class Rules:
    """What the guard goes by: the addresses that there are, the names that are answered to, the headers, who comes in,
    and which proxies are believed."""

    addresses: Addresses
    hosts: Hosts
    headers: Mapping[str, str]
    entrance: Entrance
    proxies: TrustedProxies = NO_PROXIES


class OpenPages:
    """How many browsers are connected. Used in one thread, that of the server's loop."""

    def __init__(self) -> None:
        self.count = 0

    async def during(self, connection: Awaitable[None]) -> None:
        """Counts a connection until it ends."""
        self.count += 1
        try:
            await connection
        finally:
            self.count -= 1


class Guard:
    """Lets a request through to ``app``, or answers it."""

    def __init__(self, app: ASGIApp, rules: Rules, pages: OpenPages) -> None:
        self._app, self._rules, self._pages, self._files = app, rules, pages, OfferedFiles()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or opens one websocket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        self._rules.proxies.tell(scope)
        refusal = self._refusal(scope) or await self._rules.entrance.refusal(scope) or self._of_others(scope)
        if scope["type"] == "websocket":
            reader = identity_in(scope)
            noted = self._files.noting(reader, send) if reader is not None else send
            connection = None if refusal else self._app(scope, receive, noted)
            await (self._pages.during(self._within_session(scope, connection, send)) if connection else _close(send))
            return
        await (refusal or self._app)(scope, receive, self._answering(scope, send))

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that is not let through."""
        addresses, headers = self._rules.addresses, Headers(scope=scope)
        host = headers.get("host", "")
        if addresses.within(scope) not in _PROBES and not self._rules.hosts.answers_to(host):
            return unknown_host(host, headers)
        if scope["type"] == "http" and (addresses.is_closed(scope) or not self._page_says(scope, headers)):
            return no_such_address(addresses, headers)
        return too_large(_MOST_BYTES, headers) if _is_too_large(scope, headers, addresses) else None

    def _of_others(self, scope: Scope) -> Response | None:
        """The answer to somebody who asks for a file that was offered to others alone: the same as of one that is not
        there."""
        path, reader = self._rules.addresses.within(scope) or "", identity_in(scope)
        if reader is None or not f"{path}/".startswith(PLACE) or self._files.are_for(reader, path):
            return None
        return no_such_address(self._rules.addresses, Headers(scope=scope))

    def _page_says(self, scope: Scope, headers: Headers) -> bool:
        """Whether something is there, or the page says itself that nothing is: for a browser, and only where its
        own relative addresses work."""
        path = self._rules.addresses.within(scope)
        plain = path is not None and "/" not in path and scope["method"] in ("GET", "HEAD")
        return self._rules.addresses.is_known(scope) or (plain and "text/html" in headers.get("accept", ""))

    async def _within_session(self, scope: Scope, connection: Awaitable[None], send: Send) -> None:
        """A connection, which ends when the session of the reader does, also where another process ended it."""
        identity = identity_in(scope)
        if identity is None:
            await connection
            return
        task = asyncio.ensure_future(connection)
        try:
            while not await self._is_over(identity):
                left = identity.until - time.time()
                done, _ = await asyncio.wait({task}, timeout=min(left, _LOOK_SECONDS))
                if done:
                    task.result()
                    return
            await _close(send)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _is_over(self, identity: Identity) -> bool:
        return time.time() >= identity.until or await run_in_threadpool(self._rules.entrance.has_ended, identity)

    def _answering(self, scope: Scope, send: Send) -> Send:
        """Sends an answer with the headers; with 404 where there is no such page."""
        missing = not self._rules.addresses.is_known(scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                if missing and message["status"] in (200, 304):
                    message["status"] = 404
                self._rules.entrance.back(scope, message)
                headers = MutableHeaders(scope=message)
                for name, value in self._rules.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        return answer


def _is_too_large(scope: Scope, headers: Headers, addresses: Addresses) -> bool:
    """Whether a body is more than pages send; the API and uploads have limits of their own."""
    path = addresses.within(scope) or ""
    if scope["type"] != "http" or path.partition("/")[0] == "api" or path.startswith(_UPLOADS):
        return False
    said = headers.get("content-length", "0")
    return "transfer-encoding" in headers or not said.isdecimal() or int(said) > _MOST_BYTES


async def _close(send: Send) -> None:
    await send({"type": "websocket.close", "code": 1008})
