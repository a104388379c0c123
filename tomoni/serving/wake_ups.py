"""One wake-up of the event loop for all that threads hand to it before it has awoken.

Each message of a page is handed from the thread of its run to the loop, which asyncio wakes each time by writing a
byte to a socket. That lets go of the interpreter a hundred times within a run, and where many pages are drawn at once
their threads wait for each other more than they draw. A byte that has not been read wakes the loop just as well for
whatever is handed over meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def few_wake_ups(_app: object) -> AsyncIterator[None]:
    """What an application does for as long as it is served: its loop is woken once, not for each message."""
    wake_once(asyncio.get_running_loop())
    yield


def wake_once(loop: asyncio.AbstractEventLoop) -> None:
    """Let a loop be woken only where nothing has woken it already. A loop that wakes in ways of its own stays as it is,
    such as uvloop, which does the same."""
    names = ("_write_to_self", "_read_from_self", "_add_reader", "_ssock")
    if all(hasattr(loop, name) for name in names):
        _Awake(loop)


class _Awake:
    """Whether a byte that wakes the loop is on its way."""

    def __init__(self, loop: Any) -> None:  # noqa: ANN401 - what is private of asyncio's loop has no types
        self._write, self._read, self._pending = loop._write_to_self, loop._read_from_self, False
        loop._write_to_self = self._wake
        loop._add_reader(loop._ssock.fileno(), self._awoken)

    def _wake(self) -> None:
        if not self._pending:
            self._pending = True
            self._write()

    def _awoken(self) -> None:
        """Only after the bytes were read is another one needed: one that is written before would be read with them.
        What was handed over before is in the loop's queue, which is looked at again before the loop sleeps."""
        self._read()
        self._pending = False
