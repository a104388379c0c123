"""What is new of a meeting, as a process last heard it: twenty who follow a review ask the store as often as one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from tomoni.meetings.steps import Step
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.pushed import drawn_from
from tomoni.use_cases.product import Tomoni

_FOR_SECONDS = 0.25
_MOST = 256  # meetings that are looked at within such a time, by readers who see different apps


@dataclass(frozen=True, slots=True)
class Heard:
    """Where a meeting is, and the version of what is written of its app."""

    step: Step | None
    version: int


class Memory:
    """What was heard of meetings, for a short time: who acts on it asks the store again. Safe among threads."""

    def __init__(self, clock: Callable[[], float], seconds: float = _FOR_SECONDS) -> None:
        self._clock, self._seconds, self._lock = clock, seconds, threading.Lock()
        self._known: dict[tuple[str, ...], tuple[int, float, Heard]] = {}
        self._asked = 0

    def newest(self, of: tuple[str, ...], ask: Callable[[], Heard]) -> Heard:
        """What ``ask`` returns, or returned a moment ago; whatever it raises is raised, and not remembered."""
        now = self._clock()
        with self._lock:
            known = self._known.get(of)
            if known is not None and 0 <= now - known[1] < self._seconds:
                return known[2]
        return self.anew(of, ask)

    def anew(self, of: tuple[str, ...], ask: Callable[[], Heard]) -> Heard:
        """What ``ask`` returns now, which others hear for a moment."""
        with self._lock:
            self._asked += 1
            now, number = self._clock(), self._asked
        heard = ask()
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.clear()
            known = self._known.get(of)
            if known is None or known[0] < number:  # else somebody who asked later was answered before
                self._known[of] = (number, now, heard)
        return heard


def newest(view: MeetingView) -> Heard:
    """What is new of a meeting for whoever sees the same apps, at most a quarter of a second old."""
    return _memory().newest(_about(view), _asking(view))


def listen(view: MeetingView, step: Step | None) -> None:
    """Draw this fragment anew when there is something newer of the meeting than what it is drawn from."""
    if view.goes_on:
        about, drawn = _about(view), Heard(step, view.version)
        # For all who look it is asked once; what was heard a moment ago would keep those who follow waiting.
        drawn_from(about, drawn, partial(_memory().anew, about, _asking(view)))


def _about(view: MeetingView) -> tuple[str, ...]:
    return view.context.tomoni.seen_as, view.meeting.id, view.app.id


def _asking(view: MeetingView) -> Callable[[], Heard]:
    return partial(_ask, view.context.tomoni, view.meeting.id, view.app.id)


def _ask(tomoni: Tomoni, meeting: str, app: str) -> Heard:
    return Heard(tomoni.meetings.steps.current(meeting), tomoni.meetings.records.version(app))


@st.cache_resource(show_spinner=False)
def _memory() -> Memory:
    return Memory(time.monotonic)
