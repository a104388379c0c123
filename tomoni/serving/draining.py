"""A process that is told to end (SIGTERM): it says so before it stops listening, so that nobody is led there any more.

At once `/readyz` answers 503 and the lease of the collector is given back; after the time that is set the server ends
as ever: it takes no more connections, closes those of open pages, and lets requests that run come to their end.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

log = logging.getLogger("tomoni")


class Draining:
    """Whether this process is about to end. ``hand_over`` lets others take over what only one process does, and
    ``seconds`` is for how long it goes on listening."""

    def __init__(self, hand_over: Callable[[], None], seconds: float) -> None:
        self._hand_over, self._seconds = hand_over, seconds
        self._begun = threading.Event()

    def __call__(self) -> bool:
        """Whether it was told to."""
        return self._begun.is_set()

    def begin(self, end: Callable[[], None]) -> None:
        """Hands over now, and ends when the time is over; told a second time, it ends at once."""
        if self._begun.is_set() or self._seconds <= 0:
            end()
        else:
            timer = threading.Timer(self._seconds, end)
            timer.daemon = True
            timer.start()
        if not self._begun.is_set():
            self._begun.set()
            threading.Thread(target=self._let_go, name="tomoni-draining", daemon=True).start()

    def _let_go(self) -> None:
        try:
            self._hand_over()
        except Exception:  # it runs out by itself
            log.exception("what only one process does could not be handed over")

    @contextmanager
    def instead_of_ending(self) -> Iterator[None]:
        """Takes SIGTERM from the server that runs, for as long as it serves; only the main thread gets signals."""
        ends = signal.getsignal(signal.SIGTERM)
        if threading.current_thread() is not threading.main_thread() or not callable(ends):
            yield
            return

        def told(number: int, frame: FrameType | None) -> None:
            self.begin(lambda: ends(number, frame))

        signal.signal(signal.SIGTERM, told)
        try:
            yield
        finally:
            if signal.getsignal(signal.SIGTERM) is told:
                signal.signal(signal.SIGTERM, ends)
