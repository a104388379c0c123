"""The first page of a process comes before its first refresh, which would take the reader's time where SLOs are many.

Until a page has come to its end, nothing that it draws lets the sources be asked; its end does.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tomoni.use_cases.product import Tomoni

_ONE_HAS_ENDED = threading.Event()


@contextmanager
def page_first(tomoni: Tomoni) -> Iterator[None]:
    """Around what draws a page: has the sources asked when it is due, after the first page of the process."""
    keep_fresh(tomoni)
    try:
        yield
    finally:
        if not _ONE_HAS_ENDED.is_set():
            _ONE_HAS_ENDED.set()
            keep_fresh(tomoni)


def keep_fresh(tomoni: Tomoni) -> None:
    """Has the sources asked when it is due, by this process or another; returns at once."""
    if _ONE_HAS_ENDED.is_set():
        tomoni.refresh_in_background()
