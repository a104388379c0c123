"""Parts of pages that are drawn anew when something has changed, without asking for it all the time.

Twenty pages that each ask every second whether a review went on cost a third of a core while nothing happens. So a part
says what it was drawn from, and the process looks for all of them: once for all who look at the same thing. Those for
whom it has changed are taken along one after the other, for their pages share one interpreter: twenty that are drawn
at once wait for each other more than they draw.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

from streamlit import runtime
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from tomoni.store.errors import StoreError

_EVERY_SECONDS = 0.25
_PATIENCE_SECONDS = 2.0  # what takes longer holds up the pages of others no more
log = logging.getLogger("tomoni.pages")


@dataclass(frozen=True, slots=True)
class Looking:
    """A part of somebody's page: what it looks at, what it was drawn from, how to ask for that, and the message that
    draws it anew. ``about`` names what is asked for completely, with whatever it is that the reader may see."""

    session: str
    about: Hashable
    drawn_from: object
    ask: Callable[[], object]
    message: ClientState


class Watch:
    """The parts that are looked after. `look` may be called in any thread, `once` on the loop of the server alone."""

    def __init__(self, session_of: Callable[[str], AppSession | None], patience: float = _PATIENCE_SECONDS) -> None:
        self._session_of, self._patience, self._lock = session_of, patience, threading.Lock()
        self._looking: dict[tuple[str, str], Looking] = {}

    def look(self, part: Looking) -> None:
        """Looks after a part of a page from now on, in place of what was said of it before."""
        with self._lock:
            self._looking[part.session, part.message.fragment_id] = part

    @property
    def parts(self) -> list[Looking]:
        """What is looked after."""
        with self._lock:
            return list(self._looking.values())

    async def once(self) -> None:
        """Asks for everything once, and draws anew what has changed. Forgets the parts that are not there any more:
        those of pages that come back say so themselves."""
        newest: dict[Hashable, object] = {}
        for part in self.parts:
            session = self._session_of(part.session)
            if session is None or not session.has_fragment(part.message.fragment_id):
                self._forget(part)
                continue
            if part.about not in newest:
                newest[part.about] = await self._asked(part)
            if newest[part.about] not in (None, part.drawn_from):
                await self._draw_anew(session, part, newest[part.about])

    async def _draw_anew(self, session: AppSession, part: Looking, newest: object) -> None:
        with self._lock:
            if self._looking.get((part.session, part.message.fragment_id)) is not part:
                return  # it was drawn meanwhile
            self._looking[part.session, part.message.fragment_id] = replace(part, drawn_from=newest)
        session.track_settling()
        session.request_rerun(part.message)
        with suppress(TimeoutError):
            await asyncio.wait_for(session.wait_until_settled(), self._patience)

    async def _asked(self, part: Looking) -> object:
        """What there is now; None while that is not known: of a database that does not answer the page tells itself,
        and whatever happens to one question, the others are asked."""
        try:
            return await asyncio.wait_for(asyncio.to_thread(part.ask), self._patience)
        except (StoreError, TimeoutError):
            return None
        except Exception:  # the outermost handler of a question
            log.exception("what a page is drawn from could not be asked for")
            return None

    def _forget(self, part: Looking) -> None:
        with self._lock:
            if self._looking.get((part.session, part.message.fragment_id)) is part:
                del self._looking[part.session, part.message.fragment_id]


class Bell:
    """Rung in any thread; waited for on the loop of the server. A ring that nobody waits for yet is not lost."""

    def __init__(self) -> None:
        self._waited: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    def ring(self) -> None:
        """Ends the waiting; does nothing while nobody ever waited, or once the loop has ended."""
        if self._waited is not None:
            loop, rung = self._waited
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(rung.set)

    async def wait(self, seconds: float) -> None:
        """Until it is rung, at most some seconds."""
        loop = asyncio.get_running_loop()
        if self._waited is None or self._waited[0] is not loop:
            self._waited = (loop, asyncio.Event())
        rung = self._waited[1]
        with suppress(TimeoutError):
            await asyncio.wait_for(rung.wait(), seconds)
        rung.clear()


_BELL = Bell()
_WATCH = Watch(lambda session: runtime.get_instance().get_app_session(session))


def drawn_from(about: Hashable, state: object, ask: Callable[[], object]) -> None:
    """Says within a fragment what it is drawn from, so that it is drawn anew once ``ask`` returns something else.

    ``ask`` is called in another thread, and may raise StoreError.
    """
    run, fragment = get_script_run_ctx(suppress_warning=True), ThreadState.get().fragment_id
    if run is None or fragment is None or not runtime.exists():
        return
    message = ClientState(
        query_string=run.query_string,
        page_script_hash=run.page_script_hash,
        fragment_id=fragment,
        is_auto_rerun=True,
        context_info=run.context_info,
    )
    _WATCH.look(Looking(run.session_id, about, state, ask, message))


def look_now() -> None:
    """Says that something was written that others look at, so that the next look need not be waited for."""
    _BELL.ring()


@asynccontextmanager
async def watching(_app: object) -> AsyncIterator[None]:
    """What the application does for as long as it is served."""
    task = asyncio.create_task(_watch())
    yield
    task.cancel()


async def _watch() -> None:
    while True:
        await _BELL.wait(_EVERY_SECONDS)
        try:
            if runtime.exists():
                await _WATCH.once()
        except Exception:  # whatever one page does, the others are looked after
            log.exception("pages that follow something could not be drawn anew")
