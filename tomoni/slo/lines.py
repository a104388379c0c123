"""Budget over time: two lines that people confuse, and the even pace beside them.

*Rolling remaining* is what is left of the window that ends at each moment; it rises again as bad
days leave the window. *Burn-down* starts at 1 where a period starts and only falls.
"""

from __future__ import annotations

import numpy as np

from tomoni.slo.exact import remaining_shares
from tomoni.slo.model import Buckets, Definition, IntArray, Line
from tomoni.slo.periods import window_starts
from tomoni.slo.tally import tally, unit_seconds


def rolling_remaining(buckets: Buckets, definition: Definition, times: IntArray) -> Line:
    """The remaining budget of the window that ends at each time, as `slo.status.evaluate` has it.

    NaN where nothing of the window was observed, and where no budget exists. For calendar windows
    it is the remaining of the period so far. Shapes: ``(n,)``. Raises ValueError where slices are
    not made of whole buckets.
    """
    unit = unit_seconds(buckets, definition)
    times = np.asarray(times, dtype=np.int64)
    if not len(times):
        return Line(times, np.zeros(0))
    ends = times // unit * unit
    starts = window_starts(definition.window, ends)
    sums = tally(buckets, definition, int(starts.min()), int(ends.max())).between(starts, ends)
    values = remaining_shares(sums.bad, sums.total, definition.objective.allowance)
    values[sums.observed == 0] = np.nan
    return Line(times, values)


def burn_down(buckets: Buckets, definition: Definition, start: int, end: int) -> Line:
    """What is left of the budget of the shown period ``[start, end)`` at each of its buckets (or
    slices): ``1 - bad([start, t)) / allowed([start, end))``.

    The denominator is that of the whole shown period, as far as it is held, for every point: a
    budget that grew with the traffic so far would let the line rise whenever good events come in,
    and a burn-down that rises explains nothing. So it starts at 1 and never rises. NaN beyond the
    end of the buckets, where no budget exists, and throughout when nothing was observed.
    """
    unit = unit_seconds(buckets, definition)
    first, last = -(-start // unit) * unit, end // unit * unit
    times = np.arange(first, last + 1, unit, dtype=np.int64)
    known = min(last, buckets.end // unit * unit)
    values = np.full(len(times), np.nan)
    counted = tally(buckets, definition, first, max(first, known))
    if len(times) and counted.observed[-1]:
        total = np.full(len(counted.bad), counted.total[-1])
        values[: len(counted.bad)] = remaining_shares(counted.bad, total, definition.objective.allowance)
    return Line(times, values)


def pace(start: int, end: int, times: IntArray) -> Line:
    """The even pace of a period, from 1 at its start to 0 at its end; NaN outside. Shapes ``(n,)``."""
    times = np.asarray(times, dtype=np.int64)
    inside = (times >= start) & (times <= end)
    values = np.where(inside, (end - times) / max(end - start, 1), np.nan)
    return Line(times, values)
