"""How often a token or an address may ask: a bucket of requests that fills again steadily."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from tomoni.api.problems import ApiProblem

MOST_NAMES = 10_000


class RateLimit:
    """At most ``burst`` requests at once and ``per_minute`` in the long run, for each name. Safe in several threads.

    ``clock`` gives seconds that never go back. Names that were not seen for the longest time are forgotten.
    """

    def __init__(self, per_minute: int, burst: int, clock: Callable[[], float]) -> None:
        self._per_second, self._burst, self._clock = per_minute / 60, burst, clock
        self._lock = Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, cost: int = 1) -> None:
        """Counts a request. Raises ApiProblem: 429 with the seconds after which to ask again."""
        with self._lock:
            now = self._clock()
            left, seen = self._left.pop(name, (float(self._burst), now))
            left = min(self._burst, left + max(0.0, now - seen) * self._per_second)
            allowed = left >= cost
            self._left[name] = (left - cost if allowed else left, now)
            if len(self._left) > MOST_NAMES:
                self._left.popitem(last=False)
        if not allowed:
            wait = max(1, -int(-(cost - left) // self._per_second))
            raise ApiProblem(429, "too_many_requests", {"seconds": wait}, {"Retry-After": str(wait)})
