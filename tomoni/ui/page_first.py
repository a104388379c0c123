"""The first page of a process comes before its first refresh, which would take the reader's time where SLOs are many.

Until a page has come to its end, nothing that it draws lets the sources be asked; its end does.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tomoni.store.errors import StoreError
from tomoni.use_cases.product import Tomoni

log = logging.getLogger("tomoni.pages")
_ONE_HAS_ENDED = threading.Event()


@contextmanager
def page_first(tomoni: Tomoni) -> Iterator[None]:
    """Around what draws a page: has the sources asked when it is due, after the first page of the process.

    A database that fails just then is told in the log: the page is drawn, or has an error of its own to tell.
    """
    keep_fresh(tomoni)
    try:
        yield
    finally:
        if not _ONE_HAS_ENDED.is_set():
            _ONE_HAS_ENDED.set()
            try:
                keep_fresh(tomoni)
            except StoreError as error:
                log.warning("the sources are not asked yet, since the database does not answer: %s", error.code)


def keep_fresh(tomoni: Tomoni) -> None:
    """Has the sources asked when it is due, by this process or another; returns at once."""
    if _ONE_HAS_ENDED.is_set():
        tomoni.refresh_in_background()
