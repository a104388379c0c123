"""The definition of a window's sums, word by word and slowly: loops and fractions, no arrays."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from tomoni.slo.model import Buckets, Definition, NoData


class Summed(NamedTuple):
    """What a window holds; ``seconds`` is the length of the units that begin in it."""

    bad: Fraction
    total: Fraction
    observed_seconds: int
    seconds: int


def window(held: Buckets, definition: Definition, start: int, end: int) -> Summed:
    """The sums over the units that begin in ``[start, end)``."""
    unit = definition.slices.length_seconds if definition.slices else held.step_seconds
    first = moment = -(-start // unit) * unit
    bad, total, observed = Fraction(0), Fraction(0), 0
    while moment < end:
        one_bad, one_total, seen = _unit(held, definition, moment, unit)
        bad, total, observed = bad + one_bad, total + one_total, observed + seen
        moment += unit
    return Summed(bad, total, observed, moment - first)


def _unit(held: Buckets, definition: Definition, start: int, length: int) -> tuple[Fraction, Fraction, int]:
    step = held.step_seconds
    pairs = [pair for at in range(start, start + length, step) if (pair := _bucket(held, at)) is not None]
    good, total = sum((pair[0] for pair in pairs), Fraction(0)), sum((pair[1] for pair in pairs), Fraction(0))
    seconds = len(pairs) * step
    if definition.slices is None:
        return total - good, total, seconds
    if not pairs:
        observed = [at for at in range(held.start, held.end, step) if _bucket(held, at) is not None]
        if not held.observed_before and start < min(observed, default=start + 1):
            return Fraction(0), Fraction(0), 0
        policy = definition.slices.no_data
        return Fraction(policy is NoData.BAD), Fraction(policy is not NoData.IGNORE), 0
    met = total == 0 or good / total >= Fraction(definition.slices.target_percent) / 100
    return Fraction(not met), Fraction(1), seconds


def _bucket(held: Buckets, at: int) -> tuple[Fraction, Fraction] | None:
    place = (at - held.start) // held.step_seconds
    if not 0 <= place < len(held.total) or held.total[place] != held.total[place]:
        return None
    total = Fraction(float(held.total[place]))
    return min(Fraction(float(held.good[place])), total), total
