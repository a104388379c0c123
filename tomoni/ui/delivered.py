"""What a run of a page sent arrives before a part of that page is drawn anew.

As soon as the thread of a run has ended, Streamlit 1.67 answers the next message of a browser with a new run, and then
drops what it has not yet taken from the thread of the last one. Of a message that asks for a part of the page, such as
the poll of a fragment, that loses the rest of the page: it stays half drawn, and nothing asks for it again. Where many
pages are drawn at the same moment that was up to every other one. So parts wait until all that was drawn before has
been sent. Whoever asks for the whole page meanwhile gets them with it, and brings along what was pressed in them: a
browser tells of a press once.

A poll is nobody's choice. Its browser shows what it was told a moment ago, which of a page that goes on can be a step
that was left since, so its values count for nothing; a choice comes with a message of its own. And Streamlit lets the
newest message that waits for a run stand for all of them, so that a poll never waits there with somebody's.

With each message a browser tells which large elements it still holds, and is sent their names in place of them. At the
end of a run it lets go of those that it has not needed for a while: what it told before that is no longer so, and a
name of which it does not hold the element ends its connection for good. So what it tells counts only where it has heard
of the end of the last run for certain.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from weakref import WeakKeyDictionary

from google.protobuf.message import Message
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.app_session import AppSession

Ask = Callable[[AppSession, ClientState | None], None]
_PATIENCE_SECONDS = 5.0  # a run that takes longer is still there, and takes what it is asked for meanwhile
_ON_ITS_WAY_SECONDS = 5.0  # how long the end of a run takes to a browser, and its next message back, at most
_PRESSES = ("trigger_value", "string_trigger_value", "chat_input_value", "json_trigger_value")


def deliver_whole_pages() -> None:
    """Let the sessions of this process wait so, from now on. Doing it again changes nothing."""
    if not isinstance(AppSession.request_rerun, _Wait):
        AppSession.request_rerun = _Wait(AppSession.request_rerun)  # type: ignore[assignment, method-assign]


class _Wait:
    """What a session does in place of ``ask``; called on the loop of the server, as everything a browser sends."""

    def __init__(
        self, ask: Ask, patience: float = _PATIENCE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask, self._patience, self._clock = ask, patience, clock
        self._waiting: WeakKeyDictionary[AppSession, deque[ClientState]] = WeakKeyDictionary()
        self._delivering: WeakKeyDictionary[AppSession, asyncio.Task[None]] = WeakKeyDictionary()
        self._ending: WeakKeyDictionary[AppSession, asyncio.Task[None]] = WeakKeyDictionary()
        self._ended: WeakKeyDictionary[AppSession, float] = WeakKeyDictionary()

    def __get__(self, session: AppSession | None, _owner: type) -> object:
        return self if session is None else lambda state: self(session, state)

    def __call__(self, session: AppSession, state: ClientState | None) -> None:
        """Runs the page, or the part that a message asks for once there is nothing more to send."""
        session.track_settling()
        waiting = self._waiting.setdefault(session, deque())
        if state is not None and state.is_auto_rerun:
            state = _without(state, "widget_states")
        if state is not None and self._may_have_let_go(session):
            state = _without(state, "cached_message_hashes")
        if state is not None and not state.fragment_id:
            state = _with_presses(state, waiting)
            waiting.clear()
        elif state is not None and (waiting or not session.is_settled):
            self._later(session, waiting, state)
            return
        self._run(session, state)

    def _run(self, session: AppSession, state: ClientState | None) -> None:
        self._ask(session, state)
        task = self._ending.get(session)
        if task is None or task.done():
            self._ending[session] = asyncio.get_running_loop().create_task(self._note_end(session))

    async def _note_end(self, session: AppSession) -> None:
        await session.wait_until_settled()
        self._ended[session] = self._clock()

    def _may_have_let_go(self, session: AppSession) -> bool:
        """Whether a browser may hear of the end of a run only after what it tells now."""
        lately = self._clock() - self._ended.get(session, -math.inf) < _ON_ITS_WAY_SECONDS
        return lately or not session.is_settled

    def _later(self, session: AppSession, waiting: deque[ClientState], state: ClientState) -> None:
        """Lets a message wait; a poll of a part that waits already would draw it a second time for nothing."""
        if state.is_auto_rerun and any(each.fragment_id == state.fragment_id for each in waiting):
            return
        waiting.append(_without(state, "cached_message_hashes"))
        task = self._delivering.get(session)
        if task is None or task.done():
            task = asyncio.get_running_loop().create_task(self._deliver(session, waiting))
            self._delivering[session] = task

    async def _deliver(self, session: AppSession, waiting: deque[ClientState]) -> None:
        """Asks for what waits in the order in which it came: a later message has the newer values. While a run does not
        end, polls go on waiting."""
        while waiting:
            with suppress(TimeoutError):
                await asyncio.wait_for(session.wait_until_settled(), self._patience)
            settled = session.is_settled
            place = next((n for n, each in enumerate(waiting) if settled or not each.is_auto_rerun), None)
            if place is not None:
                state = waiting[place]
                del waiting[place]
                self._run(session, state)


def _without(state: ClientState, field: str) -> ClientState:
    """A copy of a message that tells nothing in a field."""
    bare = ClientState()
    bare.CopyFrom(state)
    bare.ClearField(field)  # type: ignore[arg-type]  # its names are literals there
    return bare


def _with_presses(state: ClientState, waiting: Iterable[ClientState]) -> ClientState:
    """A message that also tells what was pressed in parts that wait."""
    pressed = {each.id: each for part in waiting for each in part.widget_states.widgets if _is_press(each)}
    for each in state.widget_states.widgets:
        pressed.pop(each.id, None)
    if not pressed:
        return state
    whole = ClientState()
    whole.CopyFrom(state)
    whole.widget_states.widgets.extend(pressed.values())
    return whole


def _is_press(widget: WidgetState) -> bool:
    """Whether a widget tells of something that happens once."""
    kind = widget.WhichOneof("value")
    value = getattr(widget, kind) if kind in _PRESSES else None
    return bool(value.ListFields()) if isinstance(value, Message) else bool(value)
