"""One deadline on the wall clock over a whole exchange: connecting, the request, every attempt, the answer.

The time-outs of sockets bound only the time between two bytes. A server that sends a byte now and then,
wherever (TLS, status line, headers, ``100 Continue``, a chunk's extension, compressed data), would hold
its caller for good. Here the connection is cut when the time is over, whatever is being read from it.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
import traceback
import weakref
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Self

from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError


class Line:
    """A second handle on the socket of a connection. It stays valid when TLS wraps the socket, and when the
    connection hands it over to a response; it is closed when nothing refers to it any more."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected.dup()
        weakref.finalize(self, self._socket.close)

    def cut(self) -> None:
        """Ends the connection: whoever reads from it or writes to it gets an error at once."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:  # the server was faster
            return


class Exchange:
    """One request and its answer in at most ``seconds``; pauses between two attempts do not count.

    A context: within it, the connections that this thread uses belong to the exchange.
    """

    def __init__(self, seconds: float) -> None:
        self._left, self._since = seconds, time.monotonic()
        self._timer: threading.Timer | None = None  # runs while time counts
        self._lines: list[Line] = []
        self._cutting = threading.Lock()  # guards `_timer` and `_lines`

    def __enter__(self) -> Self:
        """Starts the time."""
        self._token = _current.set(self)
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stops the time, and releases the connections."""
        self._stop()
        with self._cutting:
            self._lines.clear()
        _current.reset(self._token)

    @property
    def seconds_left(self) -> float:
        """The time that is left."""
        return self._left - (time.monotonic() - self._since if self._timer else 0.0)

    @property
    def over(self) -> bool:
        """Whether no time is left."""
        return self.seconds_left <= 0

    def add(self, line: Line) -> None:
        """Adds a connection that is used from now on."""
        with self._cutting:
            if line not in self._lines:
                self._lines.append(line)
            if self.over:
                line.cut()

    def pause(self, sleep: Callable[[float], None], seconds: float) -> None:
        """Sleeps; the time stands still."""
        self._stop()
        try:
            sleep(seconds)
        finally:
            self._start()

    def _start(self) -> None:
        self._since = time.monotonic()
        self._timer = threading.Timer(max(0.0, self._left), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _stop(self) -> None:
        with self._cutting:
            if self._timer:
                self._timer.cancel()
                self._left -= time.monotonic() - self._since
            self._timer = None

    def _cut(self) -> None:
        with self._cutting:
            if self._timer is None:  # stopped in the same moment
                return
            for line in self._lines:
                line.cut()


_current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


def current_exchange() -> Exchange | None:
    """The exchange of this thread."""
    return _current.get()


def bounded_pools(manager: Any) -> None:  # noqa: ANN401
    """Makes the connections of a urllib3 pool manager obey the deadline of their exchange."""
    manager.pool_classes_by_scheme = {scheme: _bounded(pool) for scheme, pool in manager.pool_classes_by_scheme.items()}


def _bounded(pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    connection = type(f"Bounded{pool.ConnectionCls.__name__}", (_Bounded, pool.ConnectionCls), {})
    return type(f"Bounded{pool.__name__}", (pool,), {"ConnectionCls": connection})


class _Bounded(HTTPConnection):
    """What is put before a connection class of urllib3."""

    _line: Line | None = None

    def _new_conn(self) -> socket.socket:
        """A new connection; looking up a name and trying its addresses may take long, and cannot be cut."""
        exchange = current_exchange()
        if exchange is None:
            return self._connected()
        found = _within(exchange.seconds_left, self._connected)
        if found is None:
            raise ConnectTimeoutError(self, "no connection in time")
        self._line = Line(found)
        exchange.add(self._line)
        return found

    def _connected(self) -> socket.socket:
        return super()._new_conn()

    def connect(self) -> None:
        """Connects. `ssl` forgets a socket whose connection was cut just before its handshake: it is closed here."""
        try:
            super().connect()
        except BaseException as error:
            for frame, _ in traceback.walk_tb(error.__traceback__):
                for each in list(frame.f_locals.values()):
                    if isinstance(each, ssl.SSLSocket):
                        each.close()
            raise

    def request(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Sends a request, over a connection that may have been used before."""
        exchange = current_exchange()
        if exchange and self._line:
            exchange.add(self._line)
        super().request(*args, **kwargs)

    def close(self) -> None:
        """Closes the connection."""
        self._line = None
        super().close()


def _within(seconds: float, connect: Callable[[], socket.socket]) -> socket.socket | None:
    """What ``connect`` returns or raises; None when it takes longer. A connection that comes later is closed."""
    outcome: list[socket.socket | Exception] = []
    given_up = threading.Lock()  # held by whoever is first: the waiting thread as it gives up, or the outcome

    def attempt() -> None:
        try:
            found: socket.socket | Exception = connect()
        except Exception as error:
            found = error
        if given_up.acquire(blocking=False):
            outcome.append(found)
        elif isinstance(found, socket.socket):
            found.close()

    thread = threading.Thread(target=attempt, name="tomoni-connect", daemon=True)
    thread.start()
    thread.join(max(0.0, seconds))
    if given_up.acquire(blocking=False):
        return None
    thread.join()
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]
