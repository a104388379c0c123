"""A connection that is watched while somebody waits: between two pages it ends, where it is to or takes too long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from data_sources.errors import TimedOut
from data_sources.exploring import Cancelled

if TYPE_CHECKING:
    from data_sources.cloud_monitoring.client import Connection
    from data_sources.cloud_monitoring.parse import Call


class Stopped(Exception):
    """Nobody waits for the answer any more."""


class Watched:
    """The pages of a connection, for as long as they are waited for."""

    def __init__(self, source: str, connect: Callable[[], Connection], seconds: float, cancelled: Cancelled) -> None:
        self._source, self._connect, self._cancelled = source, connect, cancelled
        self._seconds, self._until = seconds, time.monotonic() + seconds

    def pages(self, call: Call) -> Iterator[Any]:
        """The pages of a call. Raises Stopped, TimedOut and what the connection raises."""
        self._check()
        for page in self._connect().pages(call):
            yield page
            self._check()

    def _check(self) -> None:
        if self._cancelled():
            raise Stopped
        if time.monotonic() > self._until:
            raise TimedOut(self._source, "", {"reason": "deadline", "timeout_seconds": self._seconds})
