"""How each source is: asked in the background, so that no page waits for one that does not answer."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from data_sources.base import Health, Source

_FRESH_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What a source answered, and when it was asked (Unix seconds)."""

    health: Health
    at: int


class HealthBoard:
    """The last answer of each source. Safe to use from several threads."""

    def __init__(self) -> None:
        self._answers: dict[str, Asked] = {}
        self._asking: set[str] = set()
        self._lock = threading.Lock()

    def ask(self, sources: Mapping[str, Source], now: int) -> None:
        """Asks every source in a thread of its own, unless its last answer is fresh or still to come."""
        for name, source in sources.items():
            with self._lock:
                last = self._answers.get(name)
                if name in self._asking or (last is not None and now - last.at < _FRESH_SECONDS):
                    continue
                self._asking.add(name)
            threading.Thread(target=self._ask, args=(name, source, now), name=f"health-{name}", daemon=True).start()

    def answer(self, name: str) -> Asked | None:
        """The last answer of a source, None while there is none."""
        return self._answers.get(name)

    def waiting(self) -> bool:
        """Whether any answer is still to come."""
        return bool(self._asking)

    def _ask(self, name: str, source: Source, now: int) -> None:
        try:
            asked = Asked(source.health(), now)
            with self._lock:
                self._answers[name] = asked
        finally:
            with self._lock:
                self._asking.discard(name)


@st.cache_resource(show_spinner=False)
def board() -> HealthBoard:
    """The board of this process."""
    return HealthBoard()
