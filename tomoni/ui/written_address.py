"""The address of a page between a change of it and the browser's taking note.

With every message the browser tells the address that it shows. One that it sent before a change reached it still
tells the old address: the poll of a fragment that is under way, or the second of two presses, or a press whose new
value a poll brought a moment before. The page would be led back to where it was. So what was written counts until
the browser tells it itself, goes elsewhere, or has had time enough. A poll is never a step of anybody, so that it has
all the time it takes.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

_WRITTEN = "written-address"
# How long a message may be on its way; later the old address is a place that somebody goes back to.
_SECONDS_ON_THE_WAY = 3.0


_Address = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Written:
    """A change of the address of a page: what it replaced, what it is now, when it was made, and the very text that
    Streamlit keeps of it, which no message of a browser is."""

    page: str
    before: tuple[_Address, ...]
    now: _Address
    at: float
    text: str


def address() -> dict[str, str]:
    """The parameters of the page's address; of a repeated one the last value."""
    return {name: values[-1] for name, values in full_address().items()}


def full_address() -> dict[str, list[str]]:
    """The parameters with all their values: those that the browser tells, or those that were written since."""
    written = _pending()
    if written is not None and _told() in written.before:
        # Once more: what a run sent that a newer one has replaced never arrives. Told twice it is still one step.
        _send(written.now, written.before)
    return _told()


def write_address(params: Mapping[str, str]) -> None:
    """Change the parameters of the address, as one step that the back button can undo."""
    _write({name: [value] for name, value in params.items()})


def write_parameter(name: str, value: str) -> None:
    """Change one parameter of the address; the others stay as they are."""
    _write({**full_address(), name: [value]})


def _write(params: _Address) -> None:
    left, written = full_address(), _pending()
    _send(params, (*written.before, written.now) if written is not None else (left,))


def _send(params: _Address, before: tuple[_Address, ...]) -> None:
    st.query_params.from_dict(params)
    now, run = _told(), _run()
    if run is not None:
        past = tuple(each for each in before if each != now)
        st.session_state[_WRITTEN] = _Written(run.page_script_hash, past, now, time.monotonic(), run.query_string)


def _told() -> _Address:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _pending() -> _Written | None:
    """The last change while the browser may not know of it."""
    written: _Written | None = st.session_state.get(_WRITTEN)
    run = _run()
    if written is None or run is None or run.query_string is written.text:
        return written
    elsewhere = run.page_script_hash != written.page or _told() not in written.before
    # A poll is nobody's step, however late it is: where many follow, a message can be on its way for long.
    late = time.monotonic() - written.at > _SECONDS_ON_THE_WAY and not is_of_fragment()
    # Back and forward lead to an address that was left, too.
    if elsewhere or run.is_history_navigation or late:
        del st.session_state[_WRITTEN]
        return None
    return written


def is_of_fragment() -> bool:
    """Whether the message that this run answers was a fragment's: its poll, or a widget in it."""
    return bool(fragments_drawn())


def fragments_drawn() -> tuple[str, ...]:
    """The fragments that this run draws alone; none where it draws the whole page."""
    run = _run()
    return tuple(run.fragment_ids_this_run or ()) if run else ()


def _run() -> ScriptRunContext | None:
    return get_script_run_ctx(suppress_warning=True)
