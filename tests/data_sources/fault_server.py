"""A small HTTP server on loopback that answers as a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, repeat
from typing import Any
from urllib.parse import parse_qs, urlsplit

NOW = 1_800_000_000


@dataclass(frozen=True)
class Call:
    """One request as it arrived; ``form`` holds its parameters, from the address or the body."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    form: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """What to answer. ``length`` overrides the announced length; ``slowly`` sends a byte every so many seconds.

    ``wire`` is sent in place of the status line and the headers; ``endlessly`` is sent again and again after
    all the rest, as slowly, as long as the client listens.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    slowly: float = 0.0
    wire: bytes | None = None
    endlessly: bytes = b""


def json_reply(value: Any, status: int = 200, **headers: str) -> Reply:
    return Reply(json.dumps(value).encode(), status, {"Content-Type": "application/json", **headers})


def success(result: Any, kind: str = "matrix", **more: Any) -> Reply:
    return json_reply({"status": "success", "data": {"resultType": kind, "result": result}, **more})


def failure(status: int, error_type: str, error: str, **headers: str) -> Reply:
    return json_reply({"status": "error", "errorType": error_type, "error": error}, status, **headers)


def matrix(call: Call, value: Callable[[float], str | None] = lambda _: "1", **labels: str) -> dict[str, Any]:
    """One series on the grid that was asked for."""
    start, end, step = (float(call.form[name]) for name in ("start", "end", "step"))
    times = [start + i * step for i in range(int((end - start) // step) + 1)]
    return {"metric": labels, "values": [[t, found] for t in times if (found := value(t)) is not None]}


def healthy(call: Call) -> Reply:
    """A server on which everything is 1."""
    if call.path.endswith("/query_range"):
        return success([matrix(call)])
    return success([{"metric": {}, "value": [0, "1"]}], "vector")


Answering = Callable[[Call], Reply]


def about_the_server(call: Call) -> bool:
    """Whether a request is for the server's dialect, native histograms or series that began, not for counts."""
    if call.path.endswith("/label/__name__/values"):
        return True
    text = call.form.get("query", "")
    return "label_set(" in text or (" unless (" in text and ("increase(" not in text or "last_over_time(" in text))


class FaultServer:
    """A running server: ``answer`` may be replaced at any time, ``calls`` holds all requests.

    It is a Prometheus without native histograms on which no series begins: requests about that are
    neither passed on nor remembered, unless ``passes_all`` is set.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.answer: Answering = healthy
        self.calls: list[Call] = []
        self.passes_all = False
        self.ended = threading.Event()

    @property
    def ranges(self) -> list[Call]:
        """The range queries that were asked for."""
        return [call for call in self.calls if call.path.endswith("/query_range")]


@contextmanager
def fault_server(tls: ssl.SSLContext | None = None) -> Iterator[FaultServer]:
    """A server on a free port of loopback, behind TLS where a context is given."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are sent apart: it would hold back the body

        def do_GET(self) -> None:
            self._serve(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

        def _serve(self, form: str) -> None:
            parts = urlsplit(self.path)
            fields = {name: values[0] for name, values in parse_qs(form).items()}
            headers = {name.title(): value for name, value in self.headers.items()}
            call = Call(self.command, parts.path, parts.query, headers, fields)
            if about_the_server(call) and not server.passes_all:
                names = call.path.endswith("/values")
                reply = json_reply({"status": "success", "data": []}) if names else success([])
            else:
                server.calls.append(call)
                reply = server.answer(call)
            if reply.wire is None:
                self._send_head(reply)
            self._send(reply)
            if reply.length is not None or reply.wire is not None:
                self.close_connection = True

        def _send_head(self, reply: Reply) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def _send(self, reply: Reply) -> None:
            first = [(reply.wire or b"") + reply.body]
            parts = first if not reply.slowly else (bytes([byte]) for byte in first[0])
            for part in chain(parts, repeat(reply.endlessly) if reply.endlessly else ()):
                if server.ended.wait(reply.slowly):
                    return
                try:
                    self.wfile.write(part)
                except OSError:  # nobody waits for it any more
                    return

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128  # a test may ask many things at once

        def handle_error(self, *_: object) -> None:
            """A client that went away is what some tests are about."""

    listening = Quiet(("127.0.0.1", 0), Handler)
    if tls:
        listening.socket = tls.wrap_socket(listening.socket, server_side=True)
    server = FaultServer(f"{'https' if tls else 'http'}://127.0.0.1:{listening.server_port}")
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        listening.shutdown()
        listening.server_close()
        thread.join()
