"""An application behind the guard, as it is served, without Streamlit: what it is given it answers with 200."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from tomoni.serving.addresses import Addresses
from tomoni.serving.entrance import Doors, Entrance
from tomoni.serving.forwarded import NO_PROXIES, TrustedProxies
from tomoni.serving.guard import Guard, OpenPages, Rules
from tomoni.serving.hosts import Hosts
from tomoni.serving.policy import headers
from tomoni.serving.sign_in import SignIn

Ask = Callable[..., TestClient]
HERE = ("127.0.0.1", 50000)
OPEN = Doors(SignIn("none"))


async def _page(request: Request) -> HTMLResponse:
    asked = request.client.host if request.client else "-"
    return HTMLResponse("<html>the page</html>", headers={"x-asked-by": asked})


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("open")
    await socket.close()


def guarded(
    base: str = "",
    url: str | None = None,
    names: Iterable[str] = (),
    doors: Doors = OPEN,
    proxies: TrustedProxies = NO_PROXIES,
) -> TestClient:
    """A client of two pages, the first one and `/app`, asking by an address of this machine."""
    addresses = Addresses.of(["", "app"], base)
    entrance = Entrance(doors, addresses)
    rules = Rules(addresses, Hosts.of(url, names), headers(("'sha256-abc'",)), entrance, proxies)
    routes = [WebSocketRoute("/_stcore/stream", _socket), Route("/{rest:path}", _page, methods=["GET", "POST"])]
    app = Starlette(routes=routes, middleware=[Middleware(Guard, rules=rules, pages=OpenPages())])
    return TestClient(app, base_url="http://127.0.0.1:8501", client=HERE)


@pytest.fixture
def ask() -> Ask:
    return guarded
