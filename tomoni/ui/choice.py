"""Choices whose widgets say what the address or the store says, and what counts as making one.

With every message the browser sends the values of all widgets that it shows; Streamlit calls one changed that differs
from what the server has. Three of them are none, or would be lost:

- Where the server has moved or taken away a widget meanwhile, the value is an old one. Messages of fragments bring such
  values; their polls bring none any more (`delivered.py`).
- The message of a fragment may bring a new value a moment before that of the choice itself does.
- Changes at the same moment go out as one message, and if one of them is of a fragment, as that fragment's: then
  nothing outside of it would be drawn.

So a choice counts if it differs from what was drawn last and is not what the browser still shows of before, and
draws the page anew whatever message brought it. What a fragment alone shows needs less: there the page is drawn anew
only where the message of another fragment brought the choice (`on_choice_here`, `on_press_here`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from tomoni.ui.written_address import fragments_drawn, is_of_fragment

_DRAWN = "drawn-choices"
# How long messages of fragments may bring a value after the server has drawn another one: on a busy machine what was
# drawn takes its time to arrive. A choice that is made meanwhile comes with a message of its own.
_SECONDS_ON_THE_WAY = 10.0


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What was drawn last, what the browser shows, and what it showed before the server moved it, and when."""

    value: object
    shown: object
    before: object = None
    moved_at: float = float("-inf")


# The fragment that is drawn and shows all that its widgets change; None outside of such a one.
_ALL_SHOWN: ContextVar[str | None] = ContextVar("the fragment that shows all that is chosen in it", default=None)


@contextmanager
def all_shown_here() -> Iterator[None]:
    """Within it, the fragment that is drawn shows all that is chosen in it, as a page does outside of fragments."""
    before = _ALL_SHOWN.set(ThreadState.get().fragment_id)
    try:
        yield
    finally:
        _ALL_SHOWN.reset(before)


def on_choice(key: str, then: Callable[..., None], *args: object) -> dict[str, Any]:
    """What a widget outside of fragments takes so that ``then(*args)`` is called once something else is chosen.
    ``key`` is the widget's key, whose value in the session is what will be drawn."""
    return _choice(key, _ALL_SHOWN.get(), then, args)


def on_choice_here(key: str, then: Callable[..., None], *args: object) -> dict[str, Any]:
    """The same for a widget in a fragment that is all that shows what is chosen: the rest of the page is left as it
    is. What ``then`` needs of the address it reads there, for the rest of the page may know an older one."""
    return _choice(key, ThreadState.get().fragment_id, then, args)


def on_press_here(then: Callable[..., None], *args: object) -> dict[str, Any]:
    """What a button in such a fragment takes."""
    return {"on_click": _pressed, "args": (ThreadState.get().fragment_id, then, args)}


def _choice(key: str, alone: str | None, then: Callable[..., None], args: tuple[object, ...]) -> dict[str, Any]:
    known: dict[str, _Drawn] = st.session_state.setdefault(_DRAWN, {})
    value, last = st.session_state.get(key), known.get(key)
    if last is None:
        known[key] = _Drawn(value, value)
    elif last.shown != value:
        known[key] = _Drawn(value, value, last.shown, time.monotonic())
    else:
        known[key] = replace(last, value=value)
    return {"on_change": _chosen, "args": (key, alone, then, args)}


def _chosen(key: str, alone: str | None, then: Callable[..., None], args: tuple[object, ...]) -> None:
    drawn: _Drawn = st.session_state[_DRAWN][key]
    told, of_fragment = st.session_state.get(key), is_of_fragment() and alone not in fragments_drawn()
    late = told == drawn.before and time.monotonic() - drawn.moved_at < _SECONDS_ON_THE_WAY
    if told == drawn.value or (late and of_fragment):
        st.session_state[key] = drawn.value
        return
    st.session_state[_DRAWN][key] = replace(drawn, shown=told)
    then(*args)
    if of_fragment:
        st.rerun()


def _pressed(alone: str | None, then: Callable[..., None], args: tuple[object, ...]) -> None:
    then(*args)
    if is_of_fragment() and alone not in fragments_drawn():
        st.rerun()
