"""Ports that commands listen on: what is taken, or an address of another machine, is told before anything starts."""

from __future__ import annotations

import os
import socket

from tomoni.commands.failures import Refusal
from tomoni.words.said_by_others import reason_of
from tomoni.words.text import Text


def listening(address: str, port: int, text: Text) -> socket.socket:
    """A socket that listens there. Raises Refusal."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family)
    except OSError as error:
        plain = OSError(error.errno, os.strerror(error.errno or 0))  # Python adds the address, which is told already
        phrase = text._("Cannot listen on %(address)s, port %(port)s: %(reason)s.")
        raise Refusal([phrase % {"address": address, "port": port, "reason": reason_of(plain, text)}]) from None


def refuse_taken(address: str, port: int, text: Text) -> None:
    """That somebody could listen there now. Raises Refusal."""
    listening(address, port, text).close()
