"""Refreshing every source in a thread of its own, so that one that is slow or silent holds none of the others."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from tomoni import logs
from tomoni.use_cases.background import OnProgress, Progress

log = logging.getLogger("tomoni")
_QUIET_SECONDS = 30.0  # a source that is being fetched from and brings nothing for as long is called silent


@dataclass(frozen=True, slots=True)
class SourceRefresh:
    """How refreshing one source goes; moments in Unix seconds.

    ``began`` is when the running refresh began (None: none runs), ``heard`` when it last brought anything,
    with ``done`` of ``total`` requests; ``completed`` is when the last one ended in which the source
    answered, and ``failing_since`` when the first one began since which it did not.
    """

    began: int | None = None
    heard: int = 0
    done: int = 0
    total: int = 0
    completed: int | None = None
    failing_since: int | None = None

    @property
    def rests(self) -> bool:
        """Whether the source answers and is not being asked."""
        return self.began is None and self.failing_since is None

    def silent_since(self, now: int) -> int | None:
        """Since when the source has not answered; None where it does, or has had little time to."""
        if self.failing_since is not None:
            return self.failing_since
        waiting = self.began is not None and now - self.heard >= _QUIET_SECONDS
        return self.heard if waiting else None


@dataclass(frozen=True, slots=True)
class RefreshCount:
    """The refreshes of a source since the start: how many were answered and how many not, and their time in total."""

    answered: int = 0
    failed: int = 0
    seconds: float = 0.0

    def and_one(self, answered: bool, seconds: float) -> RefreshCount:
        """With one more."""
        return RefreshCount(self.answered + answered, self.failed + (not answered), self.seconds + seconds)


class SourceRefreshes:
    """Refreshes sources side by side, each at most once at a time; safe to use from several threads.

    ``refresh`` fetches what is missing of one source, and returns whether it answered. ``late`` is called
    when one ended for which its round had not waited.
    """

    def __init__(
        self,
        refresh: Callable[[str, OnProgress], bool],
        late: Callable[[], None],
        clock: Callable[[], float],
    ) -> None:
        self._refresh, self._late, self._clock = refresh, late, clock
        self._lock = threading.Lock()  # guards the five values below
        self._states: dict[str, SourceRefresh] = {}
        self._counts: dict[str, RefreshCount] = {}
        self._left_behind: set[str] = set()
        self._last = ""
        self._drawing = 0  # how many that ended late are being shown

    @property
    def states(self) -> Mapping[str, SourceRefresh]:
        """How each source does, by its id."""
        with self._lock:
            return dict(self._states)

    @property
    def counts(self) -> Mapping[str, RefreshCount]:
        """How often each source was refreshed, by its id."""
        with self._lock:
            return dict(self._counts)

    @property
    def is_running(self) -> bool:
        """Whether a source is being asked, or what it brought late is being drawn."""
        return self._drawing > 0 or any(state.began is not None for state in self.states.values())

    @property
    def progress(self) -> Progress | None:
        """The progress of all that run; None while none does."""
        with self._lock:
            running = [state for state in self._states.values() if state.began is not None]
            if not any(state.total for state in running):
                return None
            return Progress(sum(state.done for state in running), sum(state.total for state in running), self._last)

    def run(self, sources: Iterable[str], patience_seconds: float) -> bool:
        """Starts a refresh of each source that is not being refreshed, and waits for them. Returns False when
        none of them was done in time."""
        threads = [thread for source in sources if (thread := self._start(source))]
        deadline = time.monotonic() + patience_seconds
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        with self._lock:
            self._left_behind = {id_ for id_, state in self._states.items() if state.began is not None}
            return not self._left_behind or any(thread.name not in self._left_behind for thread in threads)

    def _start(self, source: str) -> threading.Thread | None:
        now = int(self._clock())
        with self._lock:
            before = self._states.get(source, SourceRefresh())
            if before.began is not None:
                return None
            self._states[source] = replace(before, began=now, heard=now, done=0, total=0)
            self._left_behind.discard(source)
        thread = logs.thread(source, self._run, source, now)
        thread.start()
        return thread

    def _run(self, source: str, began: int) -> None:
        answered, started = False, time.monotonic()
        try:
            answered = self._refresh(source, self._report)
        except Exception:  # a thread has only the log to report to; the pages keep what they show
            log.exception("the refresh of a source ended early")
        finally:
            seconds = time.monotonic() - started
            with self._lock:
                self._counts[source] = self._counts.get(source, RefreshCount()).and_one(answered, seconds)
            log.info(
                "a source was refreshed",
                extra={"source": source, "answered": answered, "seconds": round(seconds, 3)},
            )
            late = self._ended(source, began, answered)
        if late:
            try:
                self._late()
            finally:
                with self._lock:
                    self._drawing -= 1

    def _report(self, done: int, total: int, source: str, _buckets: int) -> None:
        with self._lock:
            before = self._states[source]
            self._states[source] = replace(before, heard=int(self._clock()), done=done, total=total)
            self._last = source

    def _ended(self, source: str, began: int, answered: bool) -> bool:
        """Notes the end; returns whether the round no longer waits for it."""
        now = int(self._clock())
        with self._lock:
            before = self._states[source]
            failing = None if answered else began if before.failing_since is None else before.failing_since
            completed = now if answered else before.completed
            self._states[source] = replace(before, began=None, completed=completed, failing_since=failing)
            late = source in self._left_behind
            self._drawing += late  # it is not over before it is shown
            return late
