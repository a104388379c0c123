"""Numbers as a language writes them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache


@lru_cache(maxsize=8192)  # the same few numbers stand on a page hundreds of times
def write_decimal(number: Decimal, pattern: str, language: str) -> str:
    """A number in a pattern of the CLDR, such as ``#,##0.00``."""
    from babel.numbers import format_decimal  # noqa: PLC0415 - loaded when the first number is written

    return str(format_decimal(number, pattern, locale=language))
