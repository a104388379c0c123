"""The files that pages offer: given to the readers whose pages offered them, and to no other.

Streamlit gives a file to whoever knows its address, however it came to them, and a file may be of an app that is hidden
from them. So the guard notes which addresses each reader was sent, and answers those alone.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict

from starlette.types import Message, Send

from tomoni.access.identity import Identity

_ADDRESS = re.compile(rb"/media/([0-9A-Za-z]+)")
_MOST = 50_000  # addresses that are remembered; Streamlit forgets a file once no open page offers it
PLACE = "media/"


class OfferedFiles:
    """Who was sent the address of which file. Safe in several threads."""

    def __init__(self, most: int = _MOST) -> None:
        self._most, self._lock = most, threading.Lock()
        self._readers: OrderedDict[str, set[tuple[str, str]]] = OrderedDict()

    def noting(self, reader: Identity, send: Send) -> Send:
        """Sends what a page is sent, and notes the files that it names."""

        async def noted(message: Message) -> None:
            content = message.get("bytes") or b""
            if message["type"] == "websocket.send" and PLACE.encode() in content:
                self._note(reader, {each.decode() for each in _ADDRESS.findall(content)})
            await send(message)

        return noted

    def are_for(self, reader: Identity, path: str) -> bool:
        """Whether a page of a reader offered the file at a path below `PLACE`, such as ``media/0ab1.csv``."""
        name = path.removeprefix(PLACE).partition(".")[0]
        with self._lock:
            return _key(reader) in self._readers.get(name, ())

    def _note(self, reader: Identity, names: set[str]) -> None:
        with self._lock:
            for name in names:
                self._readers.setdefault(name, set()).add(_key(reader))
                self._readers.move_to_end(name)
            while len(self._readers) > self._most:
                self._readers.popitem(last=False)


def _key(reader: Identity) -> tuple[str, str]:
    return reader.issuer, reader.subject
