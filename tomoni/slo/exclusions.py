"""Time that does not count, such as agreed maintenance: half-open intervals taken out of buckets.

A bucket that an exclusion touches is taken out as a whole, because its events cannot be told apart.
What is taken out is neither good nor bad nor missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from tomoni.slo.model import BoolArray, Buckets

Span = tuple[int, int]


def exclude(buckets: Buckets, spans: Iterable[Span]) -> Buckets:
    """The buckets with these half-open intervals (Unix seconds) excluded, beside those that were."""
    return replace(buckets, excluded=merged([*buckets.excluded, *spans]))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time as intervals that neither touch nor overlap, in order; empty ones are dropped."""
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def excluded_buckets(spans: Iterable[Span], start: int, end: int, step_seconds: int) -> BoolArray:
    """Which buckets of ``[start, end)`` an exclusion touches, shape ``(n,)``."""
    count = (end - start) // step_seconds
    mask = np.zeros(count, dtype=np.bool_)
    for first, last in spans:
        if first < last:
            low, high = (first - start) // step_seconds, -(-(last - start) // step_seconds)
            mask[max(low, 0) : max(high, 0)] = True
    return mask
