"""Fetching from several sources side by side, each isolated from the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from queue import Empty, Full, Queue
from typing import ClassVar

from data_sources.base import Answer, Interval, Request, Source
from data_sources.errors import SourceError, TimedOut, log_unexpected
from tomoni import logs

_WAITING_ANSWERS = 64  # more wait inside their source, so that memory stays small
_POLL_SECONDS = 0.1
# Sources bound their own calls, and a request may take many of them. This is for one that does not.
PATIENCE_SECONDS = 600.0

_Key = tuple[str, Interval]


class Fetching:
    """Fetches from several sources at once, a thread for each, and hands their answers to one reader.

    A source that brings nothing for ``patience_seconds`` is given up: what it did not answer is answered by
    an error, and it is not called again before its thread has ended.
    """

    _held: ClassVar[dict[int, threading.Thread]] = {}  # the threads of sources that were given up, by their identity

    def __init__(
        self,
        sources: Mapping[str, Source],
        requests: Mapping[str, Sequence[Request]],
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._sources, self._patience = sources, patience_seconds
        self._answers: Queue[tuple[str, Answer | None]] = Queue(_WAITING_ANSWERS)
        self._stop = threading.Event()
        self._waiting: dict[str, dict[_Key, Request]] = {
            id_: {(request.key, request.interval): request for request in wanted} for id_, wanted in requests.items()
        }
        self._threads = {
            id_: logs.thread(f"fetch {id_}", self._fetch, id_, sources[id_], wanted) for id_, wanted in requests.items()
        }
        self._facts: dict[str, dict[str, str | int | float]] = {}

    def answers(self, should_stop: Callable[[], bool]) -> Generator[tuple[str, Answer] | None]:
        """Yields each answer with its source's id as it comes, and None now and then while none comes.

        Every request is answered: by an error where the source raised, kept silent or was given up. Ends early
        when ``should_stop`` returns True; a source that is waiting for its server then ends by itself
        with its next answer.
        """
        heard = {id_: time.monotonic() for id_ in self._waiting}
        for id_ in self._waiting:
            self._start(id_)
        try:
            while self._waiting and not should_stop():
                try:
                    source_id, answer = self._answers.get(timeout=_POLL_SECONDS)
                except Empty:
                    yield from self._given_up(heard)
                    yield None
                    continue
                heard[source_id] = time.monotonic()
                if source_id in self._waiting:
                    yield from self._taken(source_id, answer)
        finally:
            self._stop.set()

    def _start(self, source_id: str) -> None:
        held = self._held.get(id(self._sources[source_id]))
        if held is not None and held.is_alive():
            del self._threads[source_id]  # given up at once
        else:
            self._threads[source_id].start()

    def _taken(self, source_id: str, answer: Answer | None) -> Iterator[tuple[str, Answer]]:
        """One answer of a source if it was requested; at its end, errors in place of those that are missing."""
        waiting = self._waiting[source_id]
        if answer is None:
            yield from self._unanswered(source_id, SourceError(source_id, facts=self._facts.get(source_id)))
        elif waiting.pop((answer.request.key, answer.request.interval), None) is not None:
            yield source_id, _checked(source_id, answer)

    def _given_up(self, heard: Mapping[str, float]) -> Iterator[tuple[str, Answer]]:
        """Errors in place of the answers of each source that has been silent for too long."""
        for source_id in list(self._waiting):
            thread = self._threads.get(source_id)
            if thread is None or time.monotonic() - heard[source_id] >= self._patience:
                if thread is not None:
                    self._held[id(self._sources[source_id])] = thread
                error = TimedOut(source_id, facts={"reason": "given_up", "seconds": round(self._patience)})
                yield from self._unanswered(source_id, error)

    def _unanswered(self, source_id: str, error: SourceError) -> Iterator[tuple[str, Answer]]:
        waiting = self._waiting.pop(source_id)
        error.facts["unanswered"] = len(waiting)
        for request in waiting.values():
            yield source_id, Answer(request, error=error)

    def _fetch(self, source_id: str, source: Source, requests: Sequence[Request]) -> None:
        try:
            for answer in source.fetch(requests):
                self._hand_over(source_id, answer)
                if self._stop.is_set():
                    return
        except Exception as error:
            self._facts[source_id] = {"exception": type(error).__name__}
            log_unexpected(source_id, error)
        self._hand_over(source_id, None)

    def _hand_over(self, source_id: str, answer: Answer | None) -> None:
        while not self._stop.is_set():
            try:
                return self._answers.put((source_id, answer), timeout=_POLL_SECONDS)
            except Full:
                continue
        return None


def _checked(source_id: str, answer: Answer) -> Answer:
    """The answer, or an error in its place where the source broke its promise."""
    if answer.error is not None:
        return answer
    series, wanted = answer.series, answer.request.interval
    if series is None or series.interval.step_seconds != wanted.step_seconds:
        return Answer(answer.request, error=SourceError(source_id, facts={"broken": "interval"}))
    if any(column.shape != (len(series.interval),) for column in series.columns.values()):
        return Answer(answer.request, error=SourceError(source_id, facts={"broken": "shape"}))
    return answer
