"""How far an SLI may be from the truth where good events are an estimate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data_sources.base import Notice
from tomoni.ledger import Remembered
from tomoni.slo.model import Buckets, Definition, Figures, FloatArray
from tomoni.slo.status import evaluate

_BOUNDS = ("good_low", "good_high")


def range_of(remembered: Remembered, buckets: Buckets, definition: Definition, figures: Figures) -> tuple[Notice, ...]:
    """The least and the greatest SLI of a window that the remembered bounds allow; nothing where all
    of its good events are counted exactly."""
    if figures.sli is None or not any(name in remembered.columns for name in _BOUNDS):
        return ()
    low, high = (_sli(remembered.column(name), buckets, definition, figures.end) for name in _BOUNDS)
    if low is None or high is None or not low < high:
        return ()
    return (Notice("estimated", {"low": low, "high": high, "sli": figures.sli}),)


def _sli(bound: FloatArray, buckets: Buckets, definition: Definition, end: int) -> float | None:
    good = np.where(np.isnan(bound), buckets.good, bound)
    return evaluate(replace(buckets, good=good), definition, end).sli
