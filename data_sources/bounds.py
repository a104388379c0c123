"""What a stored number may be, whatever a source sends: no infinity, no negative count, and sums that stay finite.

Notice: ``out_of_range`` (``buckets``).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from data_sources.base import Notice
from tomoni.slo.model import FloatArray

# Counts are exact up to here; and sums of values below, and their squares, stay finite.
LARGEST_COUNT, LARGEST_VALUE = 2.0**53, 1e100
_COUNTS = frozenset({"good", "total", "good_low", "good_high"})


def within_bounds(columns: Mapping[str, FloatArray]) -> tuple[Mapping[str, FloatArray], tuple[Notice, ...]]:
    """The columns of a series; a bucket with a number that cannot be is not observed, in every column."""
    odd = np.zeros(len(next(iter(columns.values()))), dtype=bool)
    for name, column in columns.items():
        if name in _COUNTS:
            odd |= (column < 0) | (column > LARGEST_COUNT)
        else:
            odd |= np.abs(column) > LARGEST_VALUE
    if not odd.any():
        return columns, ()
    kept = {name: np.where(odd, np.nan, column) for name, column in columns.items()}
    return kept, (Notice("out_of_range", {"buckets": int(odd.sum())}),)
