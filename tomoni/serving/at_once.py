"""Answers that are sent at once, and not held back until what was sent before has been acknowledged.

Streamlit binds the socket that it listens on by itself, in a way by which asyncio does not know it for one of TCP, and
so leaves Nagle's algorithm on: of an answer whose head and body are written one after the other, and of the messages
of a page, the second part waited until the browser had acknowledged the first, which takes it 40 ms where it has
nothing to say. A page that a browser opens for the first time is some 80 answers.
"""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import suppress

_OPEN_FILES = "/dev/fd"  # of this process, where the system has it


def send_at_once() -> None:
    """Switches the waiting off for all connections that are made from now on to where this process listens."""
    for listening in _listening():
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each connection is as its listener


def _listening() -> Iterator[socket.socket]:
    """The sockets of TCP on which this process listens; each is good until the next one is asked for."""
    with suppress(OSError):
        for number in map(int, os.listdir(_OPEN_FILES)):
            with suppress(OSError):  # closed meanwhile
                if stat.S_ISSOCK(os.stat(number).st_mode):
                    with socket.socket(fileno=os.dup(number)) as found:
                        if _listens(found):
                            yield found


def _listens(found: socket.socket) -> bool:
    over_tcp = found.family in (socket.AF_INET, socket.AF_INET6) and found.type == socket.SOCK_STREAM
    return over_tcp and bool(found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
