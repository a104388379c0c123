"""Storing what somebody typed, in callbacks of widgets: what is refused is said where it was typed, and stays typed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

import streamlit as st

from tomoni.access.pace import TooOftenError
from tomoni.meetings.errors import MeetingError
from tomoni.store.errors import StoreError
from tomoni.ui import notices
from tomoni.words import access, database, meeting_errors
from tomoni.words.text import Text

log = logging.getLogger("tomoni.pages")


def attempt(name: str, work: Callable[[], object]) -> bool:
    """Stores something; what is refused is remembered for `refusal`. Returns whether it was stored."""
    st.session_state.pop(_key(name), None)
    try:
        work()
    except (MeetingError, StoreError, TooOftenError) as error:
        if isinstance(error, StoreError):
            log.error("the database: %s %s", error.code, error.detail)
        st.session_state[_key(name)] = error
        return False
    return True


def attempted(name: str, work: Callable[[], object]) -> None:
    """The same as a callback of a button."""
    attempt(name, work)


def refusal(name: str, text: Text) -> None:
    """Draw why the last attempt was refused; nothing after one that was not."""
    error = st.session_state.get(_key(name))
    if isinstance(error, MeetingError):
        notices.refused(meeting_errors.describe(error, text))
    elif isinstance(error, TooOftenError):
        notices.refused(access.too_often(error, text))
    elif isinstance(error, StoreError):
        notices.refused(database.for_visitors(error.code, error.facts, text))


def forget(name: str) -> None:
    """Forgets what was refused."""
    st.session_state.pop(_key(name), None)


def slug(*parts: object) -> str:
    """A short name for keys of widgets, made of anything."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:12]


def _key(name: str) -> str:
    return f"{name}-refused"
