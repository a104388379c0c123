"""How much of the budget burned right after moments that people name, such as deploys."""

from __future__ import annotations

from collections.abc import Sequence

from tomoni.slo.model import MINUTE, Buckets, Definition
from tomoni.slo.pricing import price

AFTER_SECONDS = 30 * MINUTE


def burned_after(
    buckets: Buckets, definition: Definition, start: int, end: int, moments: Sequence[int]
) -> tuple[float | None, ...]:
    """The share of the budget of the window ``[start, end)`` that burned within 30 minutes after each moment.

    Every bucket (or slice) is counted that those minutes touch. None for a moment outside of the window, and where
    nothing is allowed. It says what followed, not what caused it.
    """
    spans = [(at, at + AFTER_SECONDS) for at in moments]
    prices = price(buckets, definition, start, end, spans).prices
    return tuple(each.share_of_budget if start <= each.start < end else None for each in prices)
