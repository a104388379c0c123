"""Fetching from several sources side by side, each isolated from the others."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Generator, Mapping, Sequence
from queue import Empty, Full, Queue

from data_sources.base import Answer, Request, Source
from data_sources.errors import SourceError

_LOG = logging.getLogger(__name__)
_WAITING_ANSWERS = 64  # more wait inside their source, so that memory stays small
_POLL_SECONDS = 0.1


class Fetching:
    """Fetches from several sources at once, a thread for each, and hands their answers to one reader."""

    def __init__(self, sources: Mapping[str, Source], requests: Mapping[str, Sequence[Request]]) -> None:
        self._answers: Queue[tuple[str, Answer | None]] = Queue(_WAITING_ANSWERS)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._fetch, args=(id_, sources[id_], wanted), name=f"fetch {id_}", daemon=True)
            for id_, wanted in requests.items()
        ]

    def answers(self, should_stop: Callable[[], bool]) -> Generator[tuple[str, Answer] | None]:
        """Yields each answer with its source's id as it comes, and None now and then while none comes.

        Every request is answered: by an error where the source raised or kept silent. Ends early
        when ``should_stop`` returns True; a source that is waiting for its server then ends by itself
        with its next answer.
        """
        for thread in self._threads:
            thread.start()
        running = len(self._threads)
        try:
            while running and not should_stop():
                try:
                    source_id, answer = self._answers.get(timeout=_POLL_SECONDS)
                except Empty:
                    yield None
                    continue
                if answer is None:
                    running -= 1
                else:
                    yield source_id, answer
        finally:
            self._stop.set()

    def _fetch(self, source_id: str, source: Source, requests: Sequence[Request]) -> None:
        waiting = {(request.key, request.interval): request for request in requests}
        facts: dict[str, str | int | float] = {}
        try:
            for answer in source.fetch(requests):
                if waiting.pop((answer.request.key, answer.request.interval), None) is not None:
                    self._hand_over(source_id, _checked(source_id, answer))
                if self._stop.is_set():
                    return
        except Exception as error:
            facts["exception"] = type(error).__name__
            _log_failure(source_id, error)
        facts["unanswered"] = len(waiting)
        for request in waiting.values():
            self._hand_over(source_id, Answer(request, error=SourceError(source_id, facts=facts)))
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


def _log_failure(source_id: str, error: Exception) -> None:
    """Logs where it happened. Not the message: an unexpected one may hold a URL with a password."""
    place = "".join(traceback.format_tb(error.__traceback__))
    _LOG.error("source %s raised %s\n%s", source_id, type(error).__name__, place)
