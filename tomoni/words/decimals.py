"""Numbers as a language writes them."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import lru_cache

MOST_DECIMALS = 8
_HUGE, _TINY = 1e18, 1e-8


def beyond_digits(x: float) -> bool:
    """Whether the digits of a value would not be read, or would all be 0; infinite ones have none."""
    return math.isinf(x) or abs(x) >= _HUGE or 0 < abs(x) < _TINY


def by_power(x: float, times: int = 1) -> str:
    """A finite value ``times`` a number, as a power of ten: ``1.7e308``."""
    value = (Decimal(repr(float(x))) * times).normalize()
    return re.sub(r"e([+-])0*", lambda found: "e" + found[1].strip("+"), f"{value:.3g}")


def power_of_1024(x: float, most: int) -> int:
    """Which power of 1024 to write bytes in, ``most`` at most, so that they are below 1024 as they are written."""
    if abs(x) < 1:
        return 0
    power = int(math.log2(abs(x)) // 10)
    return min(most, power + int(abs(x) / 1024.0**power >= 1023.5))


@lru_cache(maxsize=8192)  # the same few numbers stand on a page hundreds of times
def write_decimal(number: Decimal, pattern: str, language: str) -> str:
    """A number in a pattern of the CLDR, such as ``#,##0.00``."""
    from babel.numbers import format_decimal  # noqa: PLC0415 - loaded when the first number is written

    return str(format_decimal(number, pattern, locale=language))


def shortfall_digits(percent: Decimal) -> int:
    """How many decimals show two significant digits of the shortfall from 100 percent."""
    missing = 100 - percent
    if not 0 < missing < 1:
        return 0 if missing <= 0 else 2
    return min(MOST_DECIMALS, 1 - missing.adjusted())


def more_than_nothing(x: Decimal, decimals: int) -> int:
    """How many decimals show a number: more than ``decimals`` where these would show what is above 0 as 0."""
    return min(MOST_DECIMALS, max(decimals, -x.adjusted())) if x > 0 else decimals
