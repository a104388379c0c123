"""Ratios kept exact: what a written decimal allows, and comparisons that no rounding can turn."""

from __future__ import annotations

import sys
from fractions import Fraction

import numpy as np

from tomoni.slo.model import BoolArray, FloatArray

_EXACT_INTEGER = 2**53  # whole numbers up to here are exact as floats


def terms(ratio: Fraction) -> tuple[float, float]:
    """Numerator and denominator of a ratio as floats, so that ``x * numerator / denominator``
    rounds once at most: 0.1 % of 7000 is 7, not 7.000000000000006.
    """
    if max(abs(ratio.numerator), ratio.denominator) <= _EXACT_INTEGER:
        return float(ratio.numerator), float(ratio.denominator)
    return finite(ratio), 1.0


def finite(value: Fraction) -> float:
    """The nearest finite float, never ``-0.0``."""
    try:
        return float(value) + 0.0
    except OverflowError:
        return sys.float_info.max if value > 0 else -sys.float_info.max


def exceeds(part: FloatArray, whole: FloatArray, ratio: Fraction) -> BoolArray:
    """Where ``part / whole`` is strictly above a ratio; False where whole is 0. Shapes: alike."""
    numerator, denominator = terms(ratio)
    above: BoolArray = part * denominator > whole * numerator
    return above & (whole > 0)


def remaining_shares(bad: FloatArray, total: FloatArray, allowance: Fraction) -> FloatArray:
    """``1 - bad / (allowance * total)``. Where nothing is allowed: 1 while nothing was bad, else
    NaN, because no share of nothing exists. Shapes: alike.
    """
    numerator, denominator = terms(allowance)
    allowed = total * numerator / denominator
    spent = np.where(bad > 0, np.nan, 0.0)
    np.divide(bad, allowed, out=spent, where=allowed > 0)
    return np.subtract(1.0, spent, out=spent)


def exhausted(bad: FloatArray, total: FloatArray, allowance: Fraction) -> BoolArray:
    """Where all that is allowed has been spent by something bad. Shapes: alike."""
    numerator, denominator = terms(allowance)
    spent: BoolArray = bad * denominator >= total * numerator
    return spent & (bad > 0)
