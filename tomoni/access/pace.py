"""How much one reader may write on pages: a bucket of deeds that fills again steadily, in each process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

_MOST_NAMES = 10_000


class TooOftenError(Exception):
    """Somebody writes more than anybody means to; they may go on after some ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Limit:
    """So many at once, and so many a minute in the long run."""

    burst: int
    per_minute: int


DEEDS = "deeds"
LIMITS: Mapping[str, Limit] = {
    DEEDS: Limit(300, 300),
    "snapshot.kept": Limit(30, 10),
    "question.asked": Limit(30, 30),
}


class Pace:
    """Counts deeds by kind and by who does them. Safe in several threads; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float], limits: Mapping[str, Limit] = LIMITS) -> None:
        self._clock, self._limits, self._lock = clock, limits, Lock()
        self._left: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, what: str, who: str) -> None:
        """Counts a deed of a kind. Raises TooOftenError."""
        kind = what if what in self._limits else DEEDS
        limit, name = self._limits[kind], (kind, who)
        with self._lock:
            now = self._clock()
            left, seen = self._left.pop(name, (float(limit.burst), now))
            left = min(limit.burst, left + max(0.0, now - seen) * limit.per_minute / 60)
            self._left[name] = (max(left - 1, 0.0) if left >= 1 else left, now)
            if len(self._left) > _MOST_NAMES:
                self._left.popitem(last=False)
        if left < 1:
            raise TooOftenError(max(1, -int(-(1 - left) * 60 // limit.per_minute)))
