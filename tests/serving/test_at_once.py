"""What a process answers is sent at once on every connection, however the socket was bound on which it listens."""

from __future__ import annotations

import http.client
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.use_cases.test_background import wait_until
from tomoni.serving.around import while_served
from tomoni.serving.at_once import send_at_once
from tomoni.serving.draining import Draining


def bound(address: str = "127.0.0.1", family: socket.AddressFamily = socket.AF_INET) -> socket.socket:
    """A socket as Streamlit binds it: without naming TCP."""
    found = socket.socket(family)
    found.bind((address, 0))
    found.listen()
    return found


def waits(connection: socket.socket) -> bool:
    """Whether what is written may be held back."""
    return not connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@contextmanager
def served(listening: socket.socket, app: Starlette) -> Iterator[uvicorn.Server]:
    """A server on a socket that is bound already, in a thread of its own."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none"))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(server.run, [listening])
        try:
            wait_until(lambda: server.started)
            yield server
        finally:
            server.should_exit = True
            running.result(30)


def test_connections_to_a_process_that_serves_do_not_wait_for_acknowledgements() -> None:
    async def whole(_request: object) -> PlainTextResponse:
        return PlainTextResponse("whole")

    app = Starlette(routes=[Route("/", whole)], lifespan=while_served(Draining(lambda: None, 0)))
    with bound() as listening, served(listening, app) as server:
        connection = http.client.HTTPConnection("127.0.0.1", listening.getsockname()[1], timeout=30)
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"whole"
        (there,) = server.server_state.connections
        assert not waits(there.transport.get_extra_info("socket"))
        connection.close()


@pytest.mark.parametrize(("address", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
def test_each_connection_is_as_the_socket_that_listens(address: str, family: socket.AddressFamily) -> None:
    try:
        there = bound(address, family)
    except OSError:
        if family == socket.AF_INET:
            raise
        pytest.skip("this machine has no IPv6")
    with there as listening:
        with socket.create_connection(listening.getsockname()[:2]), listening.accept()[0] as before:
            assert waits(before)
        send_at_once()
        with socket.create_connection(listening.getsockname()[:2]), listening.accept()[0] as after:
            assert not waits(after)


def test_other_sockets_are_left_as_they_are_and_no_file_stays_open() -> None:
    with bound() as listening, socket.create_connection(listening.getsockname()) as connected:
        before = set(os.listdir("/dev/fd"))
        send_at_once()
        assert waits(connected)
        assert set(os.listdir("/dev/fd")) == before
