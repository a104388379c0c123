"""What a run of a page sent arrives before a part of that page is drawn anew.

As soon as the thread of a run has ended, Streamlit 1.67 answers the next message of a browser with a new run, and then
drops what it has not yet taken from the thread of the last one. Of a message that asks for a part of the page, such as
the poll of a fragment, that loses the rest of the page: it stays half drawn, and nothing asks for it again. Where many
pages are drawn at the same moment that was up to every other one. So a part waits until all that was drawn before has
been sent; whoever asks for the whole page meanwhile gets the part with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from weakref import WeakKeyDictionary

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession

Ask = Callable[[AppSession, ClientState | None], None]


def deliver_whole_pages() -> None:
    """Let the sessions of this process wait so, from now on. Doing it again changes nothing."""
    if not isinstance(AppSession.request_rerun, _Wait):
        AppSession.request_rerun = _Wait(AppSession.request_rerun)  # type: ignore[assignment, method-assign]


class _Wait:
    """What a session does in place of ``ask``; called on the loop of the server, as everything a browser sends."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._waiting: WeakKeyDictionary[AppSession, list[asyncio.Task[None]]] = WeakKeyDictionary()

    def __get__(self, session: AppSession | None, _owner: type) -> object:
        return self if session is None else lambda state: self(session, state)

    def __call__(self, session: AppSession, state: ClientState | None) -> None:
        """Runs the page, or the part that a message asks for once there is nothing more to send."""
        session.track_settling()
        waiting = self._waiting.setdefault(session, [])
        if state is None or not state.fragment_id:
            for task in waiting:
                task.cancel()
            self._waiting[session] = []
        elif waiting or not session.is_settled:
            copy = ClientState()
            copy.CopyFrom(state)
            before = waiting[-1] if waiting else None
            task = asyncio.get_running_loop().create_task(self._once_sent(session, copy, before))
            waiting.append(task)
            task.add_done_callback(waiting.remove)
            return
        self._ask(session, state)

    async def _once_sent(self, session: AppSession, state: ClientState, before: asyncio.Task[None] | None) -> None:
        if before is not None:  # in the order in which they came: a later message has the newer values
            await asyncio.wait({before})
        await session.wait_until_settled()
        self._ask(session, state)
