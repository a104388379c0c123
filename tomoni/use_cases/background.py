"""The refresh in the background, and what live pages show between two refreshes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from tomoni.review.model import Overview

log = logging.getLogger("tomoni")
OnProgress = Callable[[int, int, str, int], None]  # answers so far, all requests, source, buckets received


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a refresh: answers so far, all requests, and the source that answered last."""

    done: int
    total: int
    source: str


@dataclass(frozen=True, slots=True)
class Live:
    """What live pages show: the moment of the last refresh (Unix seconds), the ledger's version then,
    and the overview of all apps."""

    as_of: int
    version: int
    overview: Overview


class LiveView:
    """The newest live overview; safe to use from several threads.

    Drawings are numbered in the order in which they begin. One that began earlier never replaces one
    that began later, however long it takes. ``first`` draws what a process begins with, which may be of before.
    """

    def __init__(self, draw: Callable[[], Live], first: Callable[[], Live] | None = None) -> None:
        self._draw, self._begin_with = draw, first or draw
        self._first = threading.Lock()  # held while the first one is drawn, so that it is drawn once
        self._lock = threading.Lock()  # guards the three values below
        self._begun = 0
        self._shown = 0
        self._live: Live | None = None

    def current(self) -> Live:
        """The newest drawing; if there is none, the first one."""
        if (live := self._live) is not None:
            return live
        with self._first:
            return self._live or self._drawn(self._begin_with)

    def redraw(self) -> Live:
        """Draws anew and returns the newest drawing, which may be another thread's."""
        return self._drawn(self._draw)

    def _drawn(self, draw: Callable[[], Live]) -> Live:
        with self._lock:
            self._begun += 1
            number = self._begun
        live = draw()
        with self._lock:
            if self._live is None or number > self._shown:
                self._live, self._shown = live, number
            return self._live


class BackgroundRefresh:
    """Runs a refresh in a thread of its own, one at a time and not more often than every so many seconds."""

    def __init__(self, refresh: Callable[[], None], every_seconds: float, monotonic: Callable[[], float]) -> None:
        self._refresh = refresh
        self._every_seconds = every_seconds
        self._monotonic = monotonic
        self._starting = threading.Lock()  # guards the three values below
        self._running = False
        self._again = False  # whether another one follows at once
        self._next = monotonic()

    @property
    def is_running(self) -> bool:
        """Whether a refresh is running."""
        return self._running

    def start_soon(self) -> None:
        """Starts a refresh now, or as soon as the one that is running has ended."""
        with self._starting:
            self._next, self._again = self._monotonic(), self._running
        self.start_if_due()

    def start_if_due(self) -> None:
        """Starts a refresh, unless one is running or the last one is recent enough."""
        with self._starting:
            if self._running or self._monotonic() < self._next:
                return
            threading.Thread(target=self._run, name="tomoni-refresh", daemon=True).start()
            self._running = True

    def _run(self) -> None:
        """One refresh, and those that are asked for meanwhile; what could not be fetched is in the states of the
        series, not in an exception."""
        again = True
        while again:
            try:
                self._refresh()
            except Exception:  # a thread has only the log to report to; the pages keep what they show
                log.exception("the refresh ended early")
            with self._starting:
                again, self._again = self._again, False
                self._running, self._next = again, self._monotonic() + self._every_seconds
