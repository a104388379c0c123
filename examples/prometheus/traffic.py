"""A little traffic on Prometheus's HTTP API, so that its own numbers have something to tell."""

from __future__ import annotations

import http.client
import itertools
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

PAUSE_SECONDS = 0.2
# Of 1000 requests, most are quick, some look at an hour, and one is allowed no time to be answered.
QUICK = ("up", "rate(prometheus_http_requests_total[1m])", "process_resident_memory_bytes")
HOUR = "max_over_time(prometheus_http_requests_total[1h])"
EVERY_RANGE, EVERY_HOUR, EVERY_TIMEOUT = 5, 40, 1000


def ask(url: str, path: str, **parameters: str) -> int:
    """The status of one request; 0 when there was no answer."""
    query = urllib.parse.urlencode(parameters)
    try:
        with urllib.request.urlopen(f"{url}{path}?{query}", timeout=10) as answer:  # noqa: S310 - http, made here
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except (OSError, http.client.HTTPException):
        return 0


def ready(url: str) -> bool:
    """Whether the server answers queries."""
    return ask(url, "/-/ready") == 200


def one(url: str, number: int) -> int:
    """The status of the request of a number."""
    if number % EVERY_TIMEOUT == EVERY_TIMEOUT - 1:
        return ask(url, "/api/v1/query", query=f"sum({HOUR})", timeout="0.0000001")
    if number % EVERY_HOUR == 0:
        return ask(url, "/api/v1/query", query=f"sum(max_over_time({HOUR}[30m:10s]))")
    if number % EVERY_RANGE == 0:
        end = time.time()
        return ask(url, "/api/v1/query_range", query=QUICK[1], start=f"{end - 3600}", end=f"{end}", step="15")
    return ask(url, "/api/v1/query", query=QUICK[number % len(QUICK)])


@contextmanager
def keep_busy(url: str) -> Iterator[None]:
    """Asks a few times a second, in a thread that ends with the block."""
    ended = threading.Event()

    def work() -> None:
        for number in itertools.count():
            if ended.wait(PAUSE_SECONDS):
                return
            one(url, number)

    thread = threading.Thread(target=work, name="traffic", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(15)
