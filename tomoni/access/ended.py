"""Sessions that were ended before their time: who signed out is out, whoever has a copy of the cookie."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from tomoni.store.errors import StoreError

_LOG = logging.getLogger("tomoni.access")
_FRESH_SECONDS = 5.0  # so long a session may go on elsewhere that another process ended
_MOST = 20_000


class Remembers(Protocol):
    """Remembers keys for all processes."""

    def claim(self, key: str) -> bool:
        """Remembers a key. Raises StoreError."""

    def has(self, key: str) -> bool:
        """Whether a key is remembered. Raises StoreError."""


class EndedSessions:
    """Which sessions are over, by their keys. Safe in several threads and processes; ``clock`` gives seconds.

    While the database does not answer, what this process ended itself is known.
    """

    def __init__(self, store: Callable[[], Remembers], clock: Callable[[], float]) -> None:
        self._store, self._clock, self._lock = store, clock, threading.Lock()
        self._seen: OrderedDict[str, tuple[bool, float]] = OrderedDict()

    def end(self, session: str) -> None:
        """Ends a session."""
        self._keep(session, True)
        try:
            self._store().claim(_key(session))
        except StoreError as error:
            _LOG.error("that a session ended cannot be stored: %s", error.code)

    def has(self, session: str) -> bool:
        """Whether a session was ended; what others ended is known a few seconds later."""
        with self._lock:
            over, asked = self._seen.get(session, (False, float("-inf")))
        if over or self._clock() - asked < _FRESH_SECONDS:
            return over
        try:
            found = self._store().has(_key(session))
        except StoreError:
            return False
        self._keep(session, found)
        return found

    def _keep(self, session: str, over: bool) -> None:
        with self._lock:
            self._seen[session] = (over or self._seen.pop(session, (False, 0.0))[0], self._clock())
            if len(self._seen) > _MOST:
                self._seen.popitem(last=False)


def _key(session: str) -> str:
    return f"session-ended:{session}"
