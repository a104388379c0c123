"""How many followers of reviews a process takes along at the same moment.

Their pages share one interpreter: the threads of twenty that are drawn at once, when a review goes on, wait for it and
for Streamlit's locks more than they draw. Whoever
pressed something, such as who leads the review, never waits for those who are taken along.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import streamlit as st

_TAKEN_ALONG = "taken-along"


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


# One: two of them would fight for the interpreter with each other and with whoever leads.
_FOLLOWERS = Turns(at_once=1, patience=2)


def take_along() -> None:
    """Lets the next run of the page wait for its turn: nobody pressed anything that it would answer."""
    st.session_state[_TAKEN_ALONG] = True


def turn() -> AbstractContextManager[None]:
    """The turn of this run of the page, at once for whoever is not taken along."""
    return _FOLLOWERS.turn() if st.session_state.pop(_TAKEN_ALONG, False) else nullcontext()
