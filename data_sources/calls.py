"""Counts the calls to a source; and how a source waits between retries."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Pauses:
    """How a source waits between retries: what sleeps, and what draws a random number from 0 to 1."""

    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class CallCount:
    """The calls of one method since the source was opened.

    ``seconds`` is the time that they took in total; ``last_at`` is when the last one ended (Unix
    seconds); ``last_minute`` is how many ended within the last minute.
    """

    count: int
    failed: int
    seconds: float
    last_at: float
    last_minute: int


@runtime_checkable
class CountsCalls(Protocol):
    """A source that counts its calls: each may cost money or quota, and the server's time."""

    @property
    def calls(self) -> Mapping[str, CallCount]:
        """The calls made so far by method."""
        ...


@dataclass(slots=True)
class _Tally:
    count: int = 0
    failed: int = 0
    seconds: float = 0.0
    moments: deque[float] = field(default_factory=lambda: deque(maxlen=10_000))


class CallLog:
    """Counts calls by method; safe to use from several threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tallies: dict[str, _Tally] = {}

    def add(self, method: str, seconds: float, failed: bool) -> None:
        """Counts one call that has ended."""
        with self._lock:
            tally = self._tallies.setdefault(method, _Tally())
            tally.count += 1
            tally.failed += failed
            tally.seconds += seconds
            tally.moments.append(self._clock())

    def counts(self) -> dict[str, CallCount]:
        """The counts so far, by method."""
        now = self._clock()
        with self._lock:
            return {method: _count(tally, now) for method, tally in self._tallies.items()}


def _count(tally: _Tally, now: float) -> CallCount:
    recent = sum(moment > now - 60 for moment in tally.moments)
    return CallCount(tally.count, tally.failed, tally.seconds, tally.moments[-1], recent)
