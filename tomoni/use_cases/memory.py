"""What nobody needs any more goes back to the system, once in a round of asking the sources.

Pages leave both out (`.streamlit/config.toml`): a reader would wait for it.
"""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress


def give_back() -> None:
    """Collects what refers to itself alone, and lets the C library (glibc) return pages that are free in the middle of
    what it holds: it would keep them for whoever asks next, and the process would stay as large as it ever was."""
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def keep_for_good() -> None:
    """Leaves what is there now out of all collections to come: what a process consists of is most of its objects, and
    looking through them held up every page for a tenth of a second and more."""
    gc.collect()
    gc.freeze()
