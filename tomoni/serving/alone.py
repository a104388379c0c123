"""Probes and figures of a process that has no pages."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from tomoni.serving.probes import probes, readers_of
from tomoni.use_cases.product import Tomoni

_END_SECONDS = 5.0


@contextmanager
def probes_alone(tomoni: Tomoni, listening: socket.socket) -> Iterator[None]:
    """Answers `/healthz`, `/readyz` and `/metrics` on a socket, in a thread."""
    routes = probes(lambda: tomoni, lambda: 0, readers_of(tomoni.settings))
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listening],), name="tomoni-probes", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(_END_SECONDS)
