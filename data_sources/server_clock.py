"""How far this machine's clock and that of a server disagree, by the Date header of the server's answers."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

from data_sources.base import TOLERATED_CLOCK_SECONDS

_LOG = logging.getLogger(__name__)
_HALF_A_SECOND = 0.5  # a Date header is given in whole seconds, cut off


class ServerClock:
    """Compares the clocks with every answer. ``system`` is this machine's clock, not a fixed one for tests
    and demonstrations: those are wrong on purpose."""

    def __init__(self, source_id: str, system: Callable[[], float] = time.time) -> None:
        self._source = source_id
        self._system = system
        self.ahead_seconds: float | None = None

    def note(self, headers: Mapping[str, str]) -> None:
        """Takes the headers of an answer as it arrives. An answer from a cache (it has an Age) has an old
        Date, and is left out, as is a Date that cannot be read."""
        if "Age" in headers:
            return
        try:
            server = parsedate_to_datetime(headers.get("Date", "")).timestamp()
        except (ValueError, TypeError, OverflowError):
            return
        before, self.ahead_seconds = self.ahead_seconds, self._system() - server - _HALF_A_SECOND
        if abs(self.ahead_seconds) > TOLERATED_CLOCK_SECONDS >= abs(before or 0.0):
            phrase = "source %s: the clock of this machine differs by %.0f s from the server's (above 0: it is ahead)"
            _LOG.warning(phrase, self._source, self.ahead_seconds)
