"""Fewer points for the same picture: minima, maxima and gaps stay."""

from __future__ import annotations

import math

import numpy as np

from tomoni.slo.model import BoolArray, IntArray, Line

MOST_POINTS = 1000  # of a line: one for each pixel that a row has in a window of 1920
_UNSEEN = 1 / 2000  # of the height of a line: less than a pixel of any row


def thin(line: Line, most: int = MOST_POINTS) -> Line:
    """A line of at most ``most`` points that looks the same.

    The line is cut into equal stretches; each keeps its lowest and its highest point, in their
    order (the min-max step of M4, Jugel et al., VLDB 2014). Where anything is missing between two
    kept points one NaN stays between them, so that no gap is drawn over. Ends are kept. Of 100,000 points it takes
    about a millisecond; libraries that are faster still (tsdownsample) lose gaps.
    """
    if len(line.times) <= most:
        return line
    for stretches in (most // 2 - 1, most * 9 // 20, most // 4 - 1):  # gaps take points as well
        kept = _with_gaps(line, _extremes(line, max(1, stretches)))
        if len(kept) <= most:
            break
    return Line(line.times[kept], line.values[kept])


def thin_beside(line: Line, part: tuple[int, int] | None) -> Line:
    """A line that looks the same both as a whole and in a ``part`` of its time, where a reader has zoomed in.

    Within the part and as much time on both sides of it there are as many points as elsewhere together.
    """
    if part is None or len(line.times) <= MOST_POINTS:
        return thin(line)
    more = part[1] - part[0]
    first, last = np.searchsorted(line.times, (part[0] - more, part[1] + more))
    parts = [Line(line.times[a:b], line.values[a:b]) for a, b in ((0, first), (first, last), (last, None))]
    thinned = [thin(parts[0], MOST_POINTS // 2), thin(parts[1]), thin(parts[2], MOST_POINTS // 2)]
    return Line(
        np.concatenate([each.times for each in thinned]),
        np.concatenate([each.values for each in thinned]),
    )


def straightened(line: Line, tolerance: float | None = None, furthest: float = math.inf) -> Line:
    """A line without the points that straight lines between their neighbours show as well.

    No point that is left out lies further than ``tolerance`` (in the unit of the values; None: what nobody can see)
    above or below what is drawn, and points are at most ``furthest`` seconds apart where the line had any between.
    Ends and gaps stay. It is the swinging door of Bristol (US patent 4669097, 1987) whose lines end at points of the
    line.
    """
    tolerance = _unseen(line) if tolerance is None else tolerance
    times, values = line.times.tolist(), line.values.tolist()
    kept, at, low, high = [0] if times else [], 0, -math.inf, math.inf
    for n in range(1, len(times)):
        gone, rise = times[n] - times[at], values[n] - values[at]
        missing = math.isnan(rise)
        if at != n - 1 and (missing or gone > furthest or not low <= rise / gone <= high):
            kept.append(n - 1)
            at, low, high = n - 1, -math.inf, math.inf
            gone, rise = times[n] - times[at], values[n] - values[at]
            missing = math.isnan(rise)
        if missing:
            kept.append(n)
            at, low, high = n, -math.inf, math.inf
        elif gone > 0:
            low, high = max(low, (rise - tolerance) / gone), min(high, (rise + tolerance) / gone)
    places = np.union1d(kept, [len(times) - 1]).astype(np.int64) if times else np.zeros(0, dtype=np.int64)
    return Line(line.times[places], line.values[places])


def _unseen(line: Line) -> float:
    there = line.values[np.isfinite(line.values)]
    return float(np.ptp(there)) * _UNSEEN if len(there) else 0.0


def lone(line: Line) -> BoolArray:
    """Which points stand alone between gaps: a line through them would not be seen. Shape ``(n,)``."""
    there = np.isfinite(line.values)
    padded = np.concatenate(([False], there, [False]))
    return there & ~padded[:-2] & ~padded[2:]


def _extremes(line: Line, stretches: int) -> IntArray:
    """The indices of the ends and of each stretch's lowest and highest point, ascending."""
    n = len(line.values)
    edges = np.unique(np.linspace(0, n, stretches + 1).astype(np.int64))
    starts = edges[:-1]
    missing = np.isnan(line.values)
    low = _first_equal(line, np.minimum.reduceat(np.where(missing, np.inf, line.values), starts), edges)
    high = _first_equal(line, np.maximum.reduceat(np.where(missing, -np.inf, line.values), starts), edges)
    return np.unique(np.concatenate(([0, n - 1], low, high)))


def _first_equal(line: Line, wanted: np.ndarray[tuple[int], np.dtype[np.float64]], edges: IntArray) -> IntArray:
    """The first index in each stretch whose value is the wanted one; stretches without one are left out."""
    spread = np.repeat(wanted, np.diff(edges))
    found = np.flatnonzero(line.values == spread)
    _, first = np.unique(np.searchsorted(edges, found, side="right"), return_index=True)
    return found[first]


def _with_gaps(line: Line, kept: IntArray) -> IntArray:
    """The kept indices and, wherever something is missing between two of them, one that is missing."""
    missing = np.flatnonzero(np.isnan(line.values))
    after = np.searchsorted(missing, kept[:-1], side="right")
    inside = after < len(missing)
    candidates = missing[after[inside]]
    return np.union1d(kept, candidates[candidates < kept[1:][inside]])
