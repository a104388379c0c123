"""An SLO taken apart by the values of labels: its parts, the worst first, and all others as one.

The sum is exact by construction: what is not listed is the whole less what is listed, in every bucket and over the
window, and never below zero. A source answers the parts and the whole at different moments and with rounding of its
own, so in a bucket where the parts count more good or more bad events than the whole, they are cut down in
proportion; what they count less is among the others: series without the labels, values that are not listed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tomoni.slo.model import BoolArray, Buckets, Definition, Figures, FloatArray
from tomoni.slo.status import evaluate
from tomoni.slo.tally import tally

Values = tuple[str, ...]
_ROUNDING = 1e-9  # a share of all events that is none but rounding
_NOTICED = 1e-6  # by which share the parts may be above the whole before it is worth a word


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an SLO over its window: ``values`` of the labels (empty: all others), bad events and all of them,
    exact parts of the whole's. ``share_of_bad`` and ``share_of_traffic`` are of the whole (None: of nothing), ``spent``
    is the share of the whole's budget that its bad events took (None: there is no budget of events). ``figures`` judge
    the part by itself against the same objective. ``since`` and ``until`` are where it was first and last seen in the
    window (Unix seconds; None: as long as the whole). ``least``: it was not listed all the time, so that its counts
    are the least that they can be.
    """

    values: Values
    bad: float
    total: float
    share_of_bad: float | None
    share_of_traffic: float | None
    spent: float | None
    figures: Figures
    since: int | None = None
    until: int | None = None
    least: bool = False


@dataclass(frozen=True, slots=True)
class SplitFigures:
    """The parts of an SLO, the worst first, and all others as one: together ``bad`` events of ``total``, also where the
    budget counts slices of time. ``others`` is how many combinations of values
    these are at least (0: the others have no values, or are but rounding); ``reduced`` in how many buckets the parts
    counted more than the whole."""

    labels: tuple[str, ...]
    bad: float
    total: float
    parts: tuple[Part, ...]
    other: Part | None
    others: int
    reduced: int


@dataclass(frozen=True, slots=True, eq=False)
class PartCounts:
    """Good and total of each part in the buckets of a whole (NaN: none), how many combinations were left out, and
    where the split was observed. Shapes: alike."""

    good: Mapping[Values, FloatArray]
    total: Mapping[Values, FloatArray]
    beyond: FloatArray
    observed: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    """Bad events and all of them in the buckets of a window: of the whole, of each part (a row each), and where a part
    was seen."""

    whole: tuple[FloatArray, FloatArray]
    bad: FloatArray
    total: FloatArray
    seen: BoolArray


def split_figures(
    labels: Values, counts: PartCounts, whole: tuple[Buckets, Figures], definition: Definition, at_most: int
) -> SplitFigures:
    """The parts of an SLO at the end of its window; ``at_most`` of them, of which none is without events."""
    buckets, figures = whole
    names = list(counts.total)
    reconciled, reduced = reconcile(buckets, counts, names)
    window = _in_window(buckets, definition, figures, reconciled)
    order = _worst(window, names)
    shown, hidden = order[:at_most], order[at_most:]
    sums = (float(window.whole[0].sum()), float(window.whole[1].sum()))
    if definition.slices is None:
        sums = (figures.bad, figures.total)
    inside = _places(buckets, figures)
    others = len(hidden) + int(np.nanmax(counts.beyond[inside], initial=0.0))
    exact = exact_parts(sums, [(float(window.bad[n].sum()), float(window.total[n].sum())) for n in shown])
    exact, rest = _without_rounding(exact, sums, others)
    found = zip(shown, exact, strict=True)
    judged = (_part(names[n], each, sums, (_of_part(buckets, reconciled, n), figures, definition)) for n, each in found)
    parts = tuple(_seen(part, counts, buckets, inside) for part in judged)
    left = (_others(buckets, reconciled, shown), figures, definition)
    other = _part((), rest, sums, left) if others or rest[1] > 0 else None
    return SplitFigures(labels, *sums, parts, other, others, int(reduced[inside].sum()))


def _without_rounding(
    parts: list[tuple[float, float]], whole: tuple[float, float], others: int
) -> tuple[list[tuple[float, float]], tuple[float, float]]:
    """The parts, and the whole less them: nothing where that is but rounding, which the largest part then has."""
    rest = (whole[0] - sum(bad for bad, _ in parts), whole[1] - sum(total for _, total in parts))
    if others or not parts or rest[1] > _ROUNDING * whole[1]:
        return parts, rest
    largest = max(range(len(parts)), key=lambda n: parts[n][1])
    bad, total = parts[largest]
    return [*parts[:largest], (bad + rest[0], total + rest[1]), *parts[largest + 1 :]], (0.0, 0.0)


def reconcile(
    buckets: Buckets, counts: PartCounts, names: Sequence[Values]
) -> tuple[tuple[FloatArray, FloatArray], BoolArray]:
    """Bad events and all of them of each part in every bucket (a row each), together at most those of the whole; and
    the buckets in which they had to be cut down by more than rounding."""
    length = len(buckets.total)
    whole_total = np.where(buckets.total >= 0, buckets.total, 0.0)
    whole_good = np.fmin(np.fmax(np.nan_to_num(buckets.good), 0.0), whole_total)
    total = np.array([np.fmax(np.nan_to_num(counts.total[name]), 0.0) for name in names]).reshape(len(names), length)
    good = np.array([np.fmax(np.nan_to_num(counts.good[name]), 0.0) for name in names]).reshape(len(names), length)
    good = np.minimum(good, total)
    good, over_good = _fitted(good, whole_good)
    bad, over_bad = _fitted(total - np.minimum(good, total), whole_total - whole_good)
    return (bad, bad + good), over_good | over_bad


def _fitted(parts: FloatArray, whole: FloatArray) -> tuple[FloatArray, BoolArray]:
    """The parts in each bucket, cut down in proportion to at most the whole, and where that is worth a word."""
    sums = parts.sum(axis=0)
    over = sums > whole
    factor = np.divide(whole, sums, out=np.ones(len(whole)), where=over)
    return parts * factor, over & (sums - whole > _NOTICED * np.maximum(whole, 1.0))


def exact_parts(whole: tuple[float, float], parts: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Bad events and all of them of each part, on a grid on which all sums up to the whole's are exact in any order,
    and together at most the whole's: so the whole less the parts is exact too, and never below zero, nor are its bad
    events more than all of them."""
    bad_left, total_left = whole
    found = []
    for part in parts:
        total = min(max(_floored(part[1], whole[1]), 0.0), total_left)
        bad = min(max(_floored(part[0], whole[0]), 0.0), bad_left, total)
        found.append((bad, total))
        bad_left, total_left = bad_left - bad, total_left - total
    return _with_room(found, bad_left - total_left)


def _with_room(parts: list[tuple[float, float]], excess: float) -> list[tuple[float, float]]:
    """The parts with what the others would have of bad events beyond all of theirs, which rounding can leave."""
    for place in sorted(range(len(parts)), key=lambda n: parts[n][0] - parts[n][1]):
        bad, total = parts[place]
        if excess > 0 and total > bad:
            taken = min(excess, total - bad)
            parts[place], excess = (bad + taken, total), excess - taken
    return parts


def _floored(value: float, whole: float) -> float:
    """A number on the grid of the last digit of a whole."""
    grid = math.ulp(whole)
    return math.floor(value / grid) * grid


def _in_window(
    buckets: Buckets, definition: Definition, figures: Figures, parts: tuple[FloatArray, FloatArray]
) -> _Window:
    """The sums of a window, without what is excluded."""
    counted = tally(buckets, replace(definition, slices=None), figures.start, figures.end).clean
    inside = _places(buckets, figures)
    bad, total = (np.where(counted.observed, part[:, inside], 0.0) for part in parts)
    return _Window((counted.bad, counted.total), bad, total, total > 0)


def _places(buckets: Buckets, figures: Figures) -> slice:
    """Where the buckets of a window are; all of them are there."""
    first = -((buckets.start - figures.start) // buckets.step_seconds)
    last = -((buckets.start - figures.end) // buckets.step_seconds)
    return slice(max(first, 0), max(last, 0))


def _worst(window: _Window, names: Sequence[Values]) -> list[int]:
    """The parts that have any event in the window: by bad events, then by all of them."""
    bad, total = window.bad.sum(axis=1), window.total.sum(axis=1)
    there = [n for n in range(len(names)) if total[n] > 0]
    return sorted(there, key=lambda n: (-bad[n], -total[n], names[n]))


def _of_part(whole: Buckets, parts: tuple[FloatArray, FloatArray], place: int) -> Buckets:
    """The buckets of one part: where the whole was observed and the part has no number, it had no events."""
    bad, total = (part[place] for part in parts)
    return _like(whole, bad, total)


def _others(whole: Buckets, parts: tuple[FloatArray, FloatArray], shown: Sequence[int]) -> Buckets:
    """The buckets of all that is not listed."""
    total = np.nan_to_num(whole.total) - parts[1][list(shown)].sum(axis=0)
    bad = np.nan_to_num(whole.total - np.fmin(np.fmax(np.nan_to_num(whole.good), 0.0), whole.total))
    bad = bad - parts[0][list(shown)].sum(axis=0)
    total = np.maximum(total, 0.0)
    return _like(whole, np.clip(bad, 0.0, total), total)


def _like(whole: Buckets, bad: FloatArray, total: FloatArray) -> Buckets:
    observed = ~np.isnan(whole.total)
    absent = np.zeros(len(total), dtype=np.bool_)
    good = np.where(observed, total - bad, np.nan)
    return replace(whole, good=good, total=np.where(observed, total, np.nan), absent=absent)


def _part(
    values: Values,
    counted: tuple[float, float],
    whole: tuple[float, float],
    judged: tuple[Buckets, Figures, Definition],
) -> Part:
    bad, total = counted
    buckets, figures, definition = judged
    allowed = figures.allowed_bad if definition.slices is None else 0.0
    return Part(
        values,
        bad,
        total,
        bad / whole[0] if whole[0] > 0 else None,
        total / whole[1] if whole[1] > 0 else None,
        bad / allowed if allowed > 0 else None,
        evaluate(buckets, definition, figures.end),
    )


def _seen(part: Part, counts: PartCounts, buckets: Buckets, inside: slice) -> Part:
    """The part with where it was first and last seen, where that is not as long as the whole was."""
    mine = counts.total[part.values][inside]
    there = np.flatnonzero(np.nan_to_num(mine) > 0)
    all_there = np.flatnonzero(np.nan_to_num(buckets.total[inside]) > 0)
    least = bool(np.any(np.isnan(mine) & (np.nan_to_num(counts.beyond[inside]) > 0)))
    if not len(there) or not len(all_there):
        return replace(part, least=least)
    start, step = buckets.start + max(inside.start, 0) * buckets.step_seconds, buckets.step_seconds
    day = 86_400 // step
    since = start + int(there[0]) * step if there[0] >= all_there[0] + day else None
    until = start + (int(there[-1]) + 1) * step if there[-1] <= all_there[-1] - day else None
    return replace(part, since=since, until=until, least=least)
