"""What was read of an app's records, for as long as nothing was written of it: many readers look at the same at once.

Only what is drawn is read so, within `remembering`: whoever writes reads what is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_MOST = 64  # texts have revisions of their own, of which an app that stays as it is sees any number


class Memory:
    """What was read of an app at one version of it, by readers who see the same. Safe among threads: of two that read
    the same at the same moment either value counts. Of too much everything is forgotten."""

    def __init__(self, app: str) -> None:
        self.app = app
        self._known: dict[Hashable, Any] = {}

    def value(self, of: Hashable, ask: Callable[[], T]) -> T:
        """What ``ask`` returns, or returned before; what it raises is not remembered."""
        known = self._known
        if of not in known:
            found = ask()
            if len(known) >= _MOST:
                self._known = {of: found}
            else:
                known[of] = found
            return found
        remembered: T = known[of]
        return remembered


_MEMORY: ContextVar[Memory | None] = ContextVar("what was read of an app", default=None)


@contextmanager
def remembering(memory: Memory) -> Iterator[None]:
    """Within it, what was read of the app is read from the memory."""
    before = _MEMORY.set(memory)
    try:
        yield
    finally:
        _MEMORY.reset(before)


def remembered(app: str | None, of: Hashable, ask: Callable[[], T]) -> T:
    """What ``ask`` reads of an app, from memory where there is one of it."""
    memory = _MEMORY.get()
    return memory.value(of, ask) if memory is not None and memory.app == app else ask()
