"""Shares of a budget as numbers that a table of the browser shows as they are: rounded as `Text.budget` rounds."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal


def shown_percent(ratio: float, digits: int | None = None) -> float:
    """A share in percent with ``digits`` decimals; without, whole from 10 % on and one decimal below.

    What is not all is never 100, and what is not nothing never 0: it keeps its first digit.
    """
    value = Decimal(repr(float(ratio))) * 100
    if not value.is_finite():
        return float(value)
    decimals = (0 if abs(value) >= 10 else 1) if digits is None else digits
    step = Decimal(1).scaleb(-decimals)
    rounded = value.quantize(step, ROUND_HALF_EVEN)
    if value < 100 <= rounded:
        rounded = value.quantize(step, ROUND_FLOOR)
    if value and not rounded:
        rounded = value.quantize(Decimal(1).scaleb(value.adjusted()), ROUND_HALF_EVEN)
    return float(rounded) + 0.0
