"""How many pages a process draws at the same moment.

They share one interpreter: twenty that are drawn at once, when a review that is followed goes on, take about twice the
CPU of twenty that are drawn one after the other: their threads wait for the interpreter and for Streamlit's locks.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """At most ``at_once`` at a time; whoever waited ``patience`` seconds goes on all the same, so that what takes long
    (a database that does not answer) never holds up the pages of others."""

    def __init__(self, at_once: int, patience: float) -> None:
        self._free = threading.Semaphore(at_once)
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for a turn, and gives it back however the page ends."""
        ours = self._free.acquire(timeout=self._patience)
        try:
            yield
        finally:
            if ours:
                self._free.release()


# Two: while one of them waits for the database, the other computes.
PAGES = Turns(at_once=2, patience=2)
