"""Few places from which threads take memory.

Each run of a page is a thread of its own, and the C library of Linux (glibc) gives threads up to eight arenas for each
core. What pages keep for the next reader lies scattered over all of them, so that little can be given back: with as
much in use as before, a server would grow for as long as it draws pages.
"""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
_FEW = 2  # pages are drawn one after the other, by the interpreter's lock
_CHOSEN = ("MALLOC_ARENA_MAX", "GLIBC_TUNABLES")


def keep_few_arenas() -> None:
    """Lets threads that start from now on share a few arenas, unless whoever runs the process has chosen; does nothing
    where the C library is another one."""
    if not any(name in os.environ for name in _CHOSEN):
        with suppress(AttributeError, OSError, TypeError):
            ctypes.CDLL(None).mallopt(_ARENA_MAX, _FEW)
