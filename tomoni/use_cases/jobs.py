"""Work that takes longer than a page may wait: in threads, a few at a time, with progress, shared by all who ask."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar, cast

from data_sources.errors import SourceError

log = logging.getLogger("tomoni")
R = TypeVar("R")

AT_ONCE = 2  # jobs that run side by side
KEPT = 24  # jobs that have ended and can still be looked at
WAITING = 24  # jobs that wait for their turn
UNWATCHED_SECONDS = 60.0  # so long a job goes on that nobody looks at
LEFT_BEHIND = 6  # cancelled jobs whose work has not noticed yet; those above keep their place


class JobState(StrEnum):
    """How a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"  # nobody looked at it any more


_ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.ABANDONED})


@dataclass(frozen=True, slots=True)
class JobProgress(Generic[R]):
    """How far a job is: ``done`` of ``of`` parts (0 of 0: not known yet), and what it ``found`` so far."""

    done: int = 0
    of: int = 0
    found: R | None = None


class JobCancelled(Exception):
    """Raised by `Report.check` in the thread of a job that is to end."""


class Job(Generic[R]):
    """One piece of work; safe to read from several threads. Reading ``progress`` counts as looking at it."""

    def __init__(
        self,
        key: str,
        work: Callable[[Report[R]], R],
        monotonic: Callable[[], float],
        left: Callable[[Job[R]], None] = lambda _: None,
    ) -> None:
        self.key, self._left = key, left
        self._work, self._monotonic = work, monotonic
        self._lock = threading.Lock()  # guards all below
        self._state = JobState.WAITING
        self._progress: JobProgress[R] = JobProgress()
        self._result: R | None = None
        self._error: Exception | None = None
        self._stopping: JobState | None = None
        self._looked = monotonic()
        self._over = threading.Event()

    @property
    def progress(self) -> JobProgress[R]:
        """How far it is."""
        self.look()
        with self._lock:
            return self._progress

    @property
    def state(self) -> JobState:
        """How it stands."""
        with self._lock:
            return self._state

    @property
    def ended(self) -> bool:
        """Whether nothing of it will change any more."""
        return self.state in _ENDED

    @property
    def result(self) -> R | None:
        """What it came to; None as long as it has not, and where it failed or was cancelled."""
        with self._lock:
            return self._result

    @property
    def error(self) -> Exception | None:
        """What it failed with."""
        with self._lock:
            return self._error

    def cancel(self) -> None:
        """Ends it for everybody who looks at it. Its work ends where it next asks; a source may hold it until then."""
        self._stop(JobState.CANCELLED)
        self._left(self)

    def look(self) -> None:
        """Says that somebody still wants it."""
        with self._lock:
            self._looked = self._monotonic()

    def wait(self, seconds: float) -> bool:
        """Waits until it has ended, at most so long; returns whether it has. For a first answer without a flicker."""
        return self._over.wait(seconds)

    def cancelled(self) -> bool:
        """Whether its work is to end: somebody cancelled it, or nobody has looked at it for a minute."""
        with self._lock:
            if self._stopping is None and self._monotonic() - self._looked > UNWATCHED_SECONDS:
                self._stopping = JobState.ABANDONED
            return self._stopping is not None

    @property
    def abandoned(self) -> bool:
        """Whether it ended, or is about to, because nobody looked at it any more."""
        if not self.ended:
            self.cancelled()
        with self._lock:
            return JobState.ABANDONED in (self._stopping if self._state not in _ENDED else None, self._state)

    def tell(self, progress: JobProgress[R]) -> None:
        """Notes how far it is."""
        with self._lock:
            self._progress = progress

    def run(self) -> None:
        """Does the work, in the thread that calls."""
        if self.cancelled():
            return self._end(self._stopping or JobState.CANCELLED)
        with self._lock:
            if self._state in _ENDED:
                return None
            self._state = JobState.RUNNING
        try:
            result = self._work(Report(self))
        except JobCancelled:
            self._end(self._stopping or JobState.CANCELLED)
        except Exception as error:  # a thread has nobody to raise to; whoever looks at the job is told
            if not isinstance(error, SourceError):
                log.exception("work in the background failed")
            self._end(JobState.FAILED, error=error)
        else:
            self._end(JobState.DONE, result)

    def _stop(self, state: JobState) -> None:
        with self._lock:
            self._stopping = self._stopping or state
            if self._state not in _ENDED:
                self._state = self._stopping
        self._over.set()

    def _end(self, state: JobState, result: R | None = None, error: Exception | None = None) -> None:
        """Notes how it ended; what comes after it was cancelled is not wanted any more."""
        with self._lock:
            if self._state not in _ENDED:
                self._state, self._result, self._error = state, result, error
        self._over.set()


@dataclass(frozen=True, slots=True)
class Report(Generic[R]):
    """What work is given to say how far it is, and to ask whether it is to end."""

    job: Job[R]

    def cancelled(self) -> bool:
        """Whether the work is to end."""
        return self.job.cancelled()

    def check(self) -> None:
        """Raises `JobCancelled` where the work is to end."""
        if self.job.cancelled():
            raise JobCancelled

    def progress(self, done: int, of: int, found: R | None = None) -> None:
        """Says how far the work is, and shows what it found so far. Raises `JobCancelled` like `check`."""
        self.job.tell(JobProgress(done, of, found))
        self.check()


class Jobs:
    """The jobs of a process by their keys: two at a time, the others wait; who asks for one that is there shares it.

    The oldest of those that ended are forgotten. ``monotonic`` counts seconds.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.RLock()  # guards the values below
        self._jobs: dict[str, Job[object]] = {}
        self._waiting: deque[Job[object]] = deque()
        self._running = 0
        self._at_work: set[Job[object]] = set()
        self._behind: set[Job[object]] = set()  # cancelled, and their work hangs on a source

    def start(self, key: str, work: Callable[[Report[R]], R]) -> Job[R]:
        """The job of a key, started now where there is none (or one that nobody looked at any more).

        The key names everything that the answer depends on. One that failed or was cancelled stays so until
        it is forgotten (`forget`), or a page that is drawn again would begin it again.
        """
        with self._lock:
            known = self._jobs.get(key)
            if known is not None and not known.abandoned:
                known.look()
                return cast("Job[R]", known)
            job = Job(key, work, self._monotonic, self._leave)
            self._add(cast("Job[object]", job))
            return job

    def find(self, key: str) -> Job[object] | None:
        """The job of a key, if it is known; asking counts as looking at it."""
        with self._lock:
            job = self._jobs.get(key)
        if job is not None:
            job.look()
        return job

    def forget(self, key: str) -> None:
        """Cancels the job of a key and forgets it, so that the next `start` begins anew."""
        with self._lock:
            job = self._jobs.pop(key, None)
        if job is not None:
            job.cancel()

    @property
    def waiting(self) -> int:
        """How many jobs wait for their turn."""
        return len(self._waiting)

    @property
    def running(self) -> int:
        """How many jobs run."""
        return self._running

    def close(self) -> None:
        """Asks all jobs to end."""
        with self._lock:
            jobs = tuple(self._jobs.values())
        for job in jobs:
            job.cancel()

    def _add(self, job: Job[object]) -> None:
        self._jobs.pop(job.key, None)
        self._jobs[job.key] = job
        ended = [each for each in self._jobs.values() if each.ended]
        for old in ended[: max(0, len(ended) - KEPT)]:
            del self._jobs[old.key]
        if self._running < AT_ONCE:
            self._begin(job)
            return
        self._waiting.append(job)
        while len(self._waiting) > WAITING:
            self._waiting.popleft().cancel()

    def _begin(self, job: Job[object]) -> None:
        self._running += 1
        threading.Thread(target=self._work, args=(job,), name="tomoni-job", daemon=True).start()

    def _leave(self, job: Job[R]) -> None:
        """Lets the next job begin where one that was cancelled still hangs on a source that does not answer."""
        left = cast("Job[object]", job)
        with self._lock:
            if left not in self._at_work or left in self._behind or len(self._behind) >= LEFT_BEHIND:
                return
            self._behind.add(left)
            self._running -= 1
            if self._waiting:
                self._begin(self._waiting.popleft())

    def _work(self, job: Job[object] | None) -> None:
        """Does a job, then those that wait, until none is left."""
        while job is not None:
            with self._lock:
                self._at_work.add(job)
            if not job.ended:
                job.run()
            with self._lock:
                self._at_work.discard(job)
                if job in self._behind:
                    self._behind.discard(job)
                    return
                job = self._waiting.popleft() if self._waiting else None
                if job is None:
                    self._running -= 1
