"""Gauges as SLIs: each bucket is one event, good when its mean meets a condition."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping

import numpy as np

from tomoni.slo.model import BoolArray, FloatArray

_CONDITION = re.compile(r"\s*(>=|<=|>|<|==|!=)\s*(\S+)\s*")
_COMPARE: Mapping[str, Callable[[FloatArray, float], BoolArray]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


def gauge_columns(means: FloatArray, good_when: str) -> dict[str, FloatArray]:
    """The columns of an SLI from the mean of each bucket (NaN: not observed).

    Raises ValueError when ``good_when`` is not a condition such as ``>= 1``.
    """
    found = _CONDITION.fullmatch(good_when)
    if found is None:
        raise ValueError(f"{good_when!r} is no condition")
    not_observed = np.isnan(means)
    good = _COMPARE[found[1]](means, float(found[2])).astype(np.float64)
    columns = {"good": good, "total": np.ones_like(means), "absent": np.zeros_like(means)}
    return {name: np.where(not_observed, np.nan, column) for name, column in columns.items()}
