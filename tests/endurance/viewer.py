"""A reader's browser as far as the server can tell: one websocket, the page's address, and what polls on the page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

# The ends of a page that was drawn to its end: not those of a part, nor of a run that only asks for another one.
_WHOLE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_WITH_COMPILE_ERROR)
_PART = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
_SOON = 0.02
_LONGEST = 120.0  # seconds after which a page that is not drawn counts as failed


class NotDrawnError(Exception):
    """A page that came with an error, or not at all."""


@dataclass
class Viewer:
    """One open page. Used in one thread."""

    address: str
    # Is told the page's query each time the page has been drawn, or the part of it that leads to another address.
    drawn: Callable[[str], None] = lambda _query: None
    looks: int = 0  # how often something on the page polled
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        place = f"{self.address.replace('http', 'ws', 1)}/_stcore/stream"
        self._stack = ExitStack()
        self._connection: ClientConnection = self._stack.enter_context(
            connect(
                place,
                origin=Origin(self.address),
                subprotocols=[Subprotocol("streamlit")],
                max_size=None,
                compression=None,
                open_timeout=60,
                ping_interval=None,  # a server that is busy is waited for
            )
        )
        self._page, self._name, self._query = "", "", ""
        self._due: dict[str, tuple[float, float]] = {}  # of each fragment that polls: when next, and how often
        self._finished, self._moved = 0, False

    def visit(self, page: str, query: str) -> float:
        """Opens a page by its address, as a new tab does; the seconds until it was drawn. Raises NotDrawnError."""
        self._page, self._name, self._query = "", page, query
        self._due.clear()
        began, before, known = time.monotonic(), self._finished, len(self.errors)
        self._ask()
        while self._finished == before:
            if time.monotonic() - began > _LONGEST:
                raise NotDrawnError(f"/{page} was not drawn within {_LONGEST:.0f} s")
            self._hear()
        if len(self.errors) > known:
            raise NotDrawnError(self.errors[-1])
        return time.monotonic() - began

    def stay(self, seconds: float, ended: threading.Event | None = None) -> None:
        """Leaves the page open, and lets it poll. Ends early when it is told to."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not (ended and ended.is_set()):
            self._hear()
            now = time.monotonic()
            for fragment, (due, every) in list(self._due.items()):
                if due <= now:
                    self._due[fragment] = (now + every, every)
                    self.looks += 1
                    self._ask(fragment)

    def close(self) -> None:
        """Closes the tab."""
        self._stack.close()

    def _ask(self, fragment: str = "") -> None:
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string, state.fragment_id, state.is_auto_rerun = self._query, fragment, bool(fragment)
        state.context_info.timezone, state.context_info.locale = "Asia/Tokyo", "en-GB"
        state.context_info.url = f"{self.address}/{self._name}?{self._query}"
        if self._page:
            state.page_script_hash = self._page
        else:
            state.page_name = self._name
        self._connection.send(asked.SerializeToString())

    def _hear(self) -> None:
        """Takes one message, if one comes soon."""
        try:
            self._take(ForwardMsg.FromString(self._bytes(self._connection.recv(timeout=_SOON))))
        except TimeoutError:
            return
        except ConnectionClosed:
            raise NotDrawnError("the server closed the connection") from None

    @staticmethod
    def _bytes(message: str | bytes) -> bytes:
        return message if isinstance(message, bytes) else message.encode()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "navigation":  # only a run of the whole page tells it
            self._due.clear()
            self._page = message.navigation.page_script_hash
        elif kind == "new_session":
            self._moved = False
        elif kind == "auto_rerun":
            every = message.auto_rerun.interval
            self._due[message.auto_rerun.fragment_id] = (time.monotonic() + every, every)
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self._due.pop(fragment, None)
        elif kind == "page_info_changed":
            self._query, self._moved = message.page_info_changed.query_string, True
        elif kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
            self.errors.append(message.delta.new_element.exception.message)
        elif kind == "script_finished" and message.script_finished in _WHOLE:
            self._finished += 1
            self.drawn(self._query)
        elif kind == "script_finished" and message.script_finished == _PART and self._moved:
            self.drawn(self._query)
