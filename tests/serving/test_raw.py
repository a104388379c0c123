"""Bytes as somebody sends them who wants to come around the sign-in: to the app itself and through the balancer.

Nothing here is written by a client that would put it right: paths that lead elsewhere, versions and methods of other
times, two of what there may be one of, requests within requests, and websockets that nobody's page opened.
"""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from tests.cli.world import NOW, build
from tests.endurance.balancer import Behind

pytestmark = pytest.mark.slow
KEY = ECKey.generate_key("P-256", parameters={"kid": "k"})
ISSUER, AUDIENCE = "https://issuer.example", "tomoni"
HOST = b"Host: 127.0.0.1\r\n"
INSIDE = re.compile(rb"noscript|allowedOrigins|root:x:|101 Switching|shop")  # what only those who signed in are sent
HEALTHY = b'{"status":"alive"}'
PATHS = [
    "/",
    "//",
    "///app",
    "/app",
    "/app/",
    "/./app",
    "/x/../app",
    "/%61pp",
    "/app%2f",
    "/%2fapp",
    "/..;/app",
    "/app;x=1",
    "/app%00",
    "/healthz/../app",
    "/healthz/..%2fapp",
    "/healthz%2f..%2fapp",
    "/healthz/../media/x",
    "/readyz/../_stcore/stream",
    "/_stcore/health/../host-config",
    "/_stcore/health%2f..%2fhost-config",
    "/_stcore//host-config",
    "/_stcore/host-config/",
    "/_STCORE/host-config",
    "/static/../index.html",
    "/static/%2e%2e/index.html",
    "/static/..%5c..%5cetc%5cpasswd",
    "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd",
    "/static//etc/passwd",
    "/app/static/../../etc/passwd",
    "/component/../../../../etc/passwd",
    "/media/",
    "/media/..%2f..%2fconfig",
    "/api/../app",
    "/api/..%2fapp",
    "/api/%2e%2e/app",
    "/api/status/../../app",
    "/api/calendar.ics",
    "/api/calendar.ics?token=",
    "/api/calendar/..%2f..%2fapp",
    "/metrics",
    "/metrics/",
    "/%6detrics",
    "/_stcore/metrics",
    "/_stcore/stream",
    "/_stcore/script-health-check",
    "/_stcore/upload_file/x/y",
    "/index.html",
    "/favicon.png",
    "/manifest.json",
    "/sign-in/../app",
    "/auth/login",
    "/oauth2callback?code=x&state=y",
    "/auth/logout",
    "*",
    "http://127.0.0.1/app",
    "http://evil.example/app",
    "/app?x=/healthz",
    "/app#/healthz",
    "/app\\healthz",
    "/healthz\\..\\app",
    "/app%20",
    "/%E3%80%82%E3%80%82/app",
    "/healthz;/../app",
    "/_stcore/health;/../host-config",
    "/mcp",
    "/api/mcp",
]
METHODS = ("HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "PATCH", "CONNECT", "get", "PROPFIND")
UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: streamlit\r\n"
)
OURS = b"Origin: http://127.0.0.1\r\n"
SOCKETS = ("/_stcore/stream", "//_stcore/stream", "/_stcore/./stream", "/healthz", "/_stcore/health", "/api/status",
           "/app/_stcore/stream", "/_stcore%2fstream", "/healthz/../_stcore/stream")  # fmt: skip
WITHIN = b"GET /_stcore/host-config HTTP/1.1\r\n" + HOST + b"\r\n"
ALIVE = b"POST /healthz HTTP/1.1\r\n" + HOST


def requested(path: str, more: bytes = b"", method: str = "GET", version: str = "1.1", host: bytes = HOST) -> bytes:
    start = f"{method} {path} HTTP/{version}\r\n".encode("latin1")
    return start + host + more + b"Connection: close\r\n\r\n"


def proved(group: str) -> bytes:
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": group, "groups": [group], "exp": int(time.time()) + 600}
    return jwt.encode({"alg": "ES256", "kid": "k"}, claims, KEY).encode()


def headers() -> Mapping[str, bytes]:
    """Headers that say who asks, or who asked, without proving it."""
    good = proved("admin")
    return {
        "nothing in it": b"x-assertion: \r\n",
        "no algorithm": b"x-assertion: eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.\r\n",
        "cut short": b"x-assertion: " + good[:-4] + b"\r\n",
        "small letters": b"x-assertion: " + good.lower() + b"\r\n",
        "two, the second true": b"x-assertion: bad\r\nx-assertion: " + good + b"\r\n",
        "two, the first true": b"x-assertion: " + good + b"\r\nx-assertion: bad\r\n",
        "an underscore": b"x_assertion: " + good + b"\r\n",
        "a blank before the colon": b"x-assertion : " + good + b"\r\n",
        "in a cookie": b"Cookie: x-assertion=" + good + b"; _streamlit_user=x; tomoni_whole=1\r\n",
        "as a token of the API": b"Authorization: Bearer " + good + b"\r\n",
        "from this machine": b"X-Forwarded-For: 127.0.0.1\r\nForwarded: for=127.0.0.1;host=127.0.0.1\r\n",
        "another address": b"X-Original-URL: /healthz\r\nX-Rewrite-URL: /healthz\r\nX-Forwarded-Prefix: /healthz\r\n",
        "the guard's own": b"x-tomoni-person: admin\r\nx-tomoni-identity: admin\r\n",
        "another protocol": b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n",
        "a part": b"Range: bytes=0-10\r\n",
    }


def smuggled() -> Mapping[str, bytes]:
    """Requests whose end two servers may see at different places, with another one behind it."""
    within = WITHIN
    chunk = b"%x\r\n" % len(within) + within + b"\r\n0\r\n\r\n"
    upgrade = b"GET /_stcore/health HTTP/1.1\r\n" + HOST + UPGRADE + OURS + b"\r\n"
    return {
        "length and chunks": ALIVE + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + within,
        "chunks and length": ALIVE + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + chunk,
        "chunks by a tab": ALIVE + b"Transfer-Encoding:\tchunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" + within,
        "unknown coding": ALIVE + b"Transfer-Encoding: xchunked\r\nContent-Length: 9\r\n\r\n" + within,
        "two lengths": ALIVE + b"Content-Length: 0\r\nContent-Length: 9\r\n\r\n" + within,
        "a signed length": ALIVE + b"Content-Length: +0\r\n\r\n" + within,
        "one after the other": b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n" + within,
        "a body of a GET": b"GET /healthz HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\n" + within,
        "old with chunks": ALIVE.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + within,
        "behind a websocket": upgrade + within,
        "behind a wrong websocket": upgrade.replace(b"Version: 13", b"Version: 777") + within,
        "lines without CR": WITHIN.replace(b"\r\n", b"\n"),
        "after one who signed in": b"GET /healthz HTTP/1.1\r\n" + HOST + b"x-assertion: " + proved("admin")
        + b"\r\n\r\n" + within,
    }  # fmt: skip


def ways() -> Iterator[tuple[str, bytes]]:
    for path in PATHS:
        yield path, requested(path)
    for path in ("/app", "/_stcore/host-config", "/media/x"):
        yield f"old: {path}", requested(path, version="1.0")
        yield f"old, without a name: {path}", requested(path, version="1.0", host=b"")
        yield f"oldest: {path}", f"GET {path}\r\n\r\n".encode()
        yield from ((f"{method} {path}", requested(path, method=method)) for method in METHODS)
    yield from ((f"header: {name}", requested("/app", more)) for name, more in headers().items())
    for path in SOCKETS:
        for name, origin in {"ours": OURS, "none": b"", "null": b"Origin: null\r\n", "two": OURS + OURS}.items():
            yield (
                f"websocket {path}, origin {name}",
                requested(path, UPGRADE + origin).replace(b"Connection: close", b"X: y"),
            )
    yield from ((f"smuggled: {name}", raw) for name, raw in smuggled().items())


@dataclass(frozen=True)
class Served:
    """The app, and the balancer before it, by their ports."""

    app: int
    balancer: int


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("raw")
    (folder / "keys.json").write_text(json.dumps(KeySet([KEY]).as_dict(private=False)))
    settings = {
        "TOMONI_CONFIG": str(build(folder)),
        "TOMONI_DATABASE_URL": f"sqlite:///{folder / 'tomoni.db'}",
        "TOMONI_NOW": NOW.isoformat(),
        "TOMONI_SIGN_IN": "proxy",
        "TOMONI_PROXY_HEADER": "x-assertion",
        "TOMONI_PROXY_KEYS": str(folder / "keys.json"),
        "TOMONI_PROXY_ISSUER": ISSUER,
        "TOMONI_PROXY_AUDIENCE": AUDIENCE,
    }
    replicas = Behind(folder, settings)
    try:
        replicas.start("a")
        replicas.wait_for("a")
        replicas.balance()
        yield Served(replicas.ports["a"], int(replicas.address.rpartition(":")[2]))
    finally:
        replicas.end()


def answered(port: int, raw: bytes, seconds: float = 1.0) -> bytes:
    """All that comes back until nothing more does."""
    found = b""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.settimeout(seconds)
        try:
            connection.sendall(raw)
            while part := connection.recv(65_536):
                found += part
        except OSError:  # it was closed, or nothing more comes
            pass
    return found


@pytest.mark.parametrize("through", ["app", "balancer"])
def test_no_bytes_come_around_the_sign_in(served: Served, through: str):
    port = getattr(served, through)
    let_in, tried = {}, dict(ways())
    for name, raw in tried.items():
        answer = answered(port, raw)
        statuses = re.findall(rb"HTTP/1\.[01] (\d{3})", answer)
        healthy = statuses.count(b"200") == answer.count(HEALTHY)
        if INSIDE.search(answer) or not healthy:
            let_in[name] = answer[:300]
    assert let_in == {}
    assert len(tried) > 150


@pytest.mark.parametrize("through", ["app", "balancer"])
def test_who_proves_who_they_are_comes_in_the_same_ways(served: Served, through: str):
    proof = b"x-assertion: " + proved("admin") + b"\r\n"
    port = getattr(served, through)
    for raw in (requested("/app", proof), requested("/app", proof, version="1.0"), requested("/%61pp", proof)):
        assert INSIDE.search(answered(port, raw)), raw
    opened = requested("/_stcore/stream", UPGRADE + OURS + proof).replace(b"Connection: close", b"X: y")
    assert b"101 Switching" in answered(port, opened)
    foreign = opened.replace(OURS, b"Origin: https://evil.example\r\n")
    assert b"101 Switching" not in answered(port, foreign)
