"""Dates and times as Babel writes them. Those of a page are the same for all who look at it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache


@lru_cache(maxsize=8192)
def written_time(wall: datetime, pattern: str, language: str) -> str:
    """A local time without a zone in a pattern of the CLDR, in a language that Babel knows."""
    from babel.dates import format_datetime  # noqa: PLC0415 - the command line starts without it

    return str(format_datetime(wall, pattern, locale=language))
