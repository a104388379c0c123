"""How long a server asks to wait: its ``Retry-After``, in seconds or as a date (RFC 9110, 10.2.3)."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,9}")
_MANY_SECONDS = re.compile(r"[0-9]+")
FOREVER_SECONDS = 10**9


def seconds_to_wait(stated: str | None) -> float | None:
    """The seconds; None where nothing is stated, or nothing that can be read. A date that has passed is 0."""
    text = (stated or "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    if _MANY_SECONDS.fullmatch(text):
        return FOREVER_SECONDS
    try:
        return min(max(0.0, parsedate_to_datetime(text).timestamp() - time.time()), FOREVER_SECONDS)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError, OSError):
        return None
