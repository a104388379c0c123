"""A file that a page offers is its reader's: whoever else signed in finds nothing at its address."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from tests.serving.conftest import HERE
from tomoni.access.identity import Identity
from tomoni.serving.addresses import Addresses
from tomoni.serving.entrance import Doors, Entrance
from tomoni.serving.files import OfferedFiles
from tomoni.serving.guard import Guard, OpenPages, Rules
from tomoni.serving.hosts import Hosts
from tomoni.serving.policy import headers
from tomoni.serving.sign_in import SignIn

OFFER = b"\x0a\x10...\x12\x1d/media/0a1b2c3d4e5f.csvJ\x02 /media/ffff0000.htmlJ"
PATHS = ("/media/0a1b2c3d4e5f.csv", "/media/0a1b2c3d4e5f", "/media/ffff0000.html",
         "/%6dedia/ffff0000.html")  # fmt: skip


def prove(found: Headers) -> Identity | None:
    return Identity(found.get("x-issuer", "i"), found["x-proof"], until=2**40) if "x-proof" in found else None


async def _file(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("the file")


async def _page(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_bytes(OFFER)
    await socket.close()


def served(doors: Doors, base: str = "") -> TestClient:
    addresses = Addresses.of(["", "app"], base)
    rules = Rules(addresses, Hosts.of(None, ()), headers(()), Entrance(doors, addresses))
    routes = [WebSocketRoute("/{rest:path}", _page), Route("/{rest:path}", _file)]
    app = Starlette(routes=routes, middleware=[Middleware(Guard, rules=rules, pages=OpenPages())])
    return TestClient(app, base_url="http://127.0.0.1:8501", client=HERE)


def opens_a_page(client: TestClient, reader: str, base: str = "") -> None:
    told = {"x-proof": reader, "origin": "http://127.0.0.1:8501", "host": "127.0.0.1:8501"}
    with client.websocket_connect(f"{base}/_stcore/stream", headers=told) as socket:
        assert socket.receive_bytes() == OFFER


@pytest.mark.parametrize("base", ["", "/slo"])
@pytest.mark.parametrize("path", PATHS)
def test_a_file_is_given_to_whom_it_was_offered_and_to_nobody_else(path: str, base: str) -> None:
    client = served(Doors(SignIn("proxy", prove)), base.strip("/"))
    address = base + path
    assert client.get(address, headers={"x-proof": "aya"}).status_code == 404  # not yet
    opens_a_page(client, "aya", base)
    assert client.get(address, headers={"x-proof": "aya"}).text == "the file"
    for other in ({"x-proof": "ben"}, {"x-proof": "aya", "x-issuer": "elsewhere"}):
        for method in ("GET", "HEAD", "OPTIONS"):
            assert client.request(method, address, headers=other).status_code == 404
    assert client.get(address).status_code == 401
    opens_a_page(client, "ben", base)  # a page of theirs offers the same
    assert client.get(address, headers={"x-proof": "ben"}).text == "the file"


@pytest.mark.parametrize(
    "path", ["/media/", "/media/0a1b2c3d4e5", "/media/x/0a1b2c3d4e5f.csv", "/media/..%2f0a1b2c3d4e5f"]
)
def test_what_was_offered_to_nobody_is_not_there(path: str) -> None:
    client = served(Doors(SignIn("proxy", prove)))
    opens_a_page(client, "aya")
    assert client.get(path, headers={"x-proof": "aya"}).status_code == 404


def test_without_a_sign_in_all_readers_are_one() -> None:
    assert served(Doors(SignIn("none"))).get("/media/0a1b2c3d4e5f.csv").text == "the file"


def test_the_oldest_are_forgotten_first() -> None:
    files, reader = OfferedFiles(most=2), Identity("i", "1")
    for name in ("aa", "bb", "aa", "cc"):
        files._note(reader, {name})
    assert [files.are_for(reader, f"media/{name}.csv") for name in ("aa", "bb", "cc")] == [True, False, True]
