"""Runs the calls of one fetch: bounded parallelism, results as they come, an end when the source is down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from data_sources.errors import SourceError, TimedOut

Item = TypeVar("Item")
T = TypeVar("T")
# Work that is submitted ahead, per worker: enough to keep all busy while an answer is being consumed.
_SUBMITTED_PER_WORKER = 2

StopRule = Callable[[SourceError, int], bool]


class Pool:
    """The worker threads of one fetch.

    After an error for which ``stop_rule`` returns true, the source is not called any more: every further
    call raises that error, so that a dead source costs one time-out and not hundreds. The rule is
    given the error and the number of time-outs since the last success. It may itself ask the source:
    it runs in one thread at a time.

    Leaving the pool cancels what has not started and does not wait for calls that are still open.
    """

    def __init__(self, source_id: str, max_parallel: int, stop_rule: StopRule) -> None:
        self._executor = ThreadPoolExecutor(max_parallel, thread_name_prefix=f"tomoni-{source_id}")
        self._most_submitted = _SUBMITTED_PER_WORKER * max_parallel
        self._stop_rule = stop_rule
        self._stopping = threading.Lock()  # held while the rule runs; `_stopped` is set once, by its holder
        self._stopped: SourceError | None = None
        self._counting = threading.Lock()  # guards `_timeouts`
        self._timeouts = 0

    @property
    def stopped(self) -> SourceError | None:
        """The error after which the source is not called any more."""
        return self._stopped

    def __enter__(self) -> Pool:
        """The pool itself; threads start with the first work."""
        return self

    def __exit__(self, *_: object) -> None:
        """Cancels what has not started."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def results(self, work: Callable[[Item], T], items: Iterable[Item]) -> Iterator[T]:
        """What ``work`` returns for each item, as it comes; raises what ``work`` raises.

        Items are drawn a few ahead of what has been consumed.
        """
        running: set[Future[T]] = set()
        for item in items:
            running.add(self._executor.submit(work, item))
            if len(running) >= self._most_submitted:
                yield from _finished(running)
        while running:
            yield from _finished(running)

    def call(self, function: Callable[..., T], *args: object) -> T:
        """Calls the source within this fetch. Raises `SourceError`: the function's own, or the one that
        ended the fetch."""
        if self._stopped is not None:
            raise self._stopped.detached()
        try:
            result = function(*args)
        except SourceError as error:
            self._failed(error)
            raise
        self._count(None)
        return result

    def _failed(self, error: SourceError) -> None:
        timeouts = self._count(error)
        with self._stopping:
            if self._stopped is None and self._stop_rule(error, timeouts):
                self._stopped = error

    def _count(self, error: SourceError | None) -> int:
        """Counts a call; returns the number of time-outs since the last success."""
        with self._counting:
            self._timeouts = 0 if error is None else self._timeouts + isinstance(error, TimedOut)
            return self._timeouts


def _finished(running: set[Future[T]]) -> Iterator[T]:
    """Waits for the next results and takes them out, so that what was consumed can be freed."""
    done, _ = wait(running, return_when=FIRST_COMPLETED)
    running -= done
    while done:
        yield done.pop().result()
