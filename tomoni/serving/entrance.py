"""Who comes in: every request and every websocket proves who asks, or is led to the sign-in and back."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Message, Scope

from tomoni.access.asking import mark_closed, mark_identity
from tomoni.access.ended import EndedSessions
from tomoni.access.identity import Identity
from tomoni.access.seal import HEADER, sealed
from tomoni.api.limits import RateLimit
from tomoni.api.problems import ApiProblem
from tomoni.serving.addresses import Addresses
from tomoni.serving.origin import from_here, is_own
from tomoni.serving.refusals import not_open, not_signed_in, sign_in_first, too_often
from tomoni.serving.session_cookies import keep_small
from tomoni.serving.sign_in import CALLBACK, SignIn

SIGN_IN, SIGN_OUT = "sign-in", "sign-out"
_ALIVE = ("healthz", "readyz", "_stcore/health")
_PROVIDER = ("auth/login", "auth/logout", CALLBACK)
_LEAVING = (SIGN_OUT, "auth/logout")
_BY_TOKEN = ("api", "metrics")  # they ask for a token themselves
_WANTED = "tomoni_wanted"
_CODE = re.compile(r"[a-z_]{1,40}")
_LOG = logging.getLogger("tomoni.access")
_WANTED_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Doors:
    """How the entrance is: the sign-in, whether all may come in without one, the address that people open, and where
    the provider's page begins (a fresh path each time); which sessions were ended, how often an address may try to
    sign in, and which groups the rules name."""

    sign_in: SignIn
    is_open: bool = False
    url: str | None = None
    begin: Callable[[], str] | None = None
    ended: EndedSessions | None = None
    attempts: RateLimit | None = None
    groups: Callable[[], Collection[str]] = frozenset


class Entrance:
    """Lets requests in, or answers them."""

    def __init__(self, doors: Doors, addresses: Addresses) -> None:
        self._doors, self._addresses = doors, addresses
        self._base = f"/{addresses.base}" if addresses.base else ""

    async def refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that does not come in; None lets it, with who asks in its scope and headers."""
        scope["headers"] = [each for each in scope["headers"] if each[0].lower() != HEADER.encode()]
        path = self._addresses.within(scope) or ""
        if str(scope["path"]).removeprefix(str(scope.get("root_path", ""))) != f"{self._base}/{path}":
            path = ""  # what is free is so as it is written, and not with slashes around it
        if path in _ALIVE and scope["type"] == "http":
            return None
        if scope["type"] == "websocket" and not self._is_own(scope):
            return PlainTextResponse("", 403)
        if not self._doors.sign_in.is_needed:
            return None if self._doors.is_open or from_here(scope) else not_open(Headers(scope=scope))
        mark_closed(scope)
        if scope["type"] == "websocket":
            return await self._socket(scope)
        return await self._request(scope, path)

    async def _socket(self, scope: Scope) -> Response | None:
        return None if await self._let_in(scope) else PlainTextResponse("", 403)

    def _is_own(self, scope: Scope) -> bool:
        """Whether a page of ours opens a connection. Streamlit then is told the name that people open: it would refuse
        a page by that where a proxy asks by another one."""
        headers = MutableHeaders(scope=scope)
        if not is_own(headers, self._doors.url):
            return False
        if "origin" in headers:
            headers["host"] = urlsplit(headers["origin"]).netloc
        return True

    async def _request(self, scope: Scope, path: str) -> Response | None:
        if path in (SIGN_IN, *_PROVIDER) and (refused := self._too_often(scope)):
            return refused
        if path == CALLBACK and (refused := self._refused_there(scope)):
            return refused
        if path == SIGN_IN:
            return self._begin(Request(scope))
        if path in _LEAVING:
            await run_in_threadpool(self._end, Headers(scope=scope))
        if path == SIGN_OUT:
            return RedirectResponse(self._leaving(), 303)
        at_provider = path in _PROVIDER and self._doors.begin is not None
        if at_provider or await self._let_in(scope) or path.partition("/")[0] in _BY_TOKEN:
            return None
        way = None if self._doors.begin is None else f"{self._base}/{SIGN_IN}?next={quote(_asked(scope), safe='')}"
        return sign_in_first(way, Request(scope))

    async def _let_in(self, scope: Scope) -> bool:
        """Whether somebody proves who they are; then pages and the API know it."""
        found = await run_in_threadpool(self._identity, Headers(scope=scope))
        if found is None:
            return False
        mark_identity(scope, found)
        scope["headers"] = [*scope["headers"], (HEADER.encode(), sealed(found).encode())]
        return True

    def _identity(self, headers: Headers) -> Identity | None:
        prove = self._doors.sign_in.prove
        found = prove(headers) if prove else None
        return None if found is None or self.has_ended(found) else found

    def has_ended(self, identity: Identity) -> bool:
        """Whether the session of somebody was ended before its time."""
        ended = self._doors.ended
        return bool(identity.session) and ended is not None and ended.has(identity.session)

    def _end(self, headers: Headers) -> None:
        """Ends the session of who signs out, here and for all processes."""
        found = self._identity(headers)
        if found is not None and found.session and self._doors.ended is not None:
            self._doors.ended.end(found.session)

    def _refused_there(self, scope: Scope) -> Response | None:
        """The answer to a reader whom the provider sends back without having signed them in."""
        request = Request(scope)
        if self._doors.begin is None or "error" not in request.query_params:
            return None
        said = request.query_params["error"]
        code = said if _CODE.fullmatch(said) else "error"  # anybody can make this address
        _LOG.warning("the provider did not sign a reader in: %s", code)
        wanted = parse_qs(f"x={request.cookies.get(_WANTED, '')}").get("x", [""])[0]
        kept = f"?next={quote(wanted, safe='')}" if self.is_page(wanted) else ""
        return not_signed_in(code, f"{self._base}/{SIGN_IN}{kept}", request.headers)

    def _too_often(self, scope: Scope) -> Response | None:
        """The answer to an address that tries to sign in too often."""
        client, attempts = scope.get("client"), self._doors.attempts
        try:
            if attempts is not None:
                attempts.take(str(client[0]) if client else "-")
        except ApiProblem as problem:
            return too_often(problem.headers, Headers(scope=scope))
        return None

    def _begin(self, request: Request) -> Response:
        """Leads to the provider, and keeps where to come back to."""
        if self._doors.begin is None:
            return RedirectResponse(f"{self._base}/", 303)
        answer = RedirectResponse(f"{self._base}{self._doors.begin()}", 303, {"Cache-Control": "no-store"})
        wanted = parse_qs(request.url.query).get("next", [""])[0]
        if self.is_page(wanted):
            kept = quote(wanted, safe="")
            answer.set_cookie(_WANTED, kept, _WANTED_SECONDS, path=f"{self._base}/", httponly=True, samesite="lax")
        return answer

    def _leaving(self) -> str:
        sign_in = self._doors.sign_in
        return f"{self._base}{sign_in.leave}" if sign_in.kind == "oidc" else sign_in.leave or f"{self._base}/"

    def is_page(self, address: str) -> bool:
        """Whether an address is one of our pages, and nothing else: no other host, no scheme, no script."""
        if not address.startswith("/") or any(sign in address for sign in "\\\r\n\t") or len(address) > 4000:
            return False
        parts = urlsplit(address)
        path = parts.path
        if parts.scheme or parts.netloc or path.startswith("//") or not (path + "/").startswith(f"{self._base}/"):
            return False
        return path[len(self._base) :].strip("/") in self._addresses.pages

    def back(self, scope: Scope, message: Message) -> None:
        """Leads a reader who comes from the provider to the page that they wanted, and keeps cookies to TLS."""
        headers = MutableHeaders(scope=message)
        if self._addresses.within(scope) == CALLBACK and "location" in headers:
            wanted = parse_qs(f"x={Request(scope).cookies.get(_WANTED, '')}").get("x", [""])[0]
            if self.is_page(wanted):
                headers["location"] = wanted
            headers.append("set-cookie", f"{_WANTED}=; Path={self._base}/; Max-Age=0; HttpOnly; SameSite=lax")
            there = Request(scope).cookies
            keep_small(message, there, lambda given: self._doors.sign_in.keep(given, self._doors.groups))
        if (self._doors.url or "").startswith("https:"):
            message["headers"] = [_kept_to_tls(*each) for each in message["headers"]]


def _kept_to_tls(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    is_cookie = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return name, value + b"; Secure" if is_cookie else value


def _asked(scope: Scope) -> str:
    """The address that was asked for, as it was written."""
    query = scope.get("query_string", b"").decode("latin-1")
    path = quote(str(scope.get("path", "/")))
    return f"{path}?{query}" if query else path
