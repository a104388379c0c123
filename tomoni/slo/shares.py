"""Which value of a label carried the bad events of an interval: its share of the bad against its share of the traffic.

A value is held against the larger of two expectations: the share of the bad that its traffic would bring, and the
share that it usually has. So neither a route that is always the worst nor one that is merely busy stands out.

The excess is the signed root of the likelihood ratio of one value against all others (Kulldorff, A spatial scan
statistic, 1997). Bad events come in clusters, so it is divided by how unevenly they fell: from block to block of the
interval (quasi-likelihood: McCullagh and Nelder, Generalized Linear Models, 1989, 4.5; a value's own dispersion is
drawn towards that of all values: Smyth, Linear models and empirical Bayes methods, 2004), and between the values
that are not extreme (median absolute deviation). Holm's step-down (1979) allows for how many values were tried.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tomoni.slo.model import DAY, BoolArray, FloatArray
from tomoni.slo.tally import Span

SURE = 0.05  # chance would name some value so often, in a world in which none is different
BEFORE_SECONDS = 7 * DAY  # what is usual is taken from so long before
FEWEST_BAD = 10.0  # fewer bad events are not compared
LEAST_EXCESS = 0.02  # a value that took less of the bad beyond what was expected does not matter
LEAST_RATIO = 2.5  # nor does one whose events were less often bad than this, held against all others and expectation
_BLOCKS = 24  # an interval is cut into at most so many, so that clusters lie within one
_FEWEST_VALUES = 8  # fewer say nothing about how much values usually differ
_MAD_TO_SIGMA = 1.4826
_PRIOR_FREEDOM = 20  # so much the dispersion of all values together weighs beside a value's own
_PRIOR_BAD = 2.0  # so many events as the traffic would have brought are mixed into what is usual


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The counts of an SLI by the values of a label: row j of ``bad`` and ``total`` are those of ``values[j]``, column
    i the bucket that begins at ``start + i*step_seconds``; NaN where nothing was observed. Shapes ``(values, n)``."""

    label: str
    values: tuple[str, ...]
    start: int
    step_seconds: int
    bad: FloatArray
    total: FloatArray

    def within(self, span: Span) -> BoolArray:
        """Which buckets begin within ``[start, end)``, shape ``(n,)``."""
        times = self.start + np.arange(self.bad.shape[1], dtype=np.int64) * self.step_seconds
        found: BoolArray = (times >= span[0]) & (times < span[1])
        return found


@dataclass(frozen=True, slots=True)
class ValueShare:
    """One value of a label in the marked interval: its ``bad`` of its ``total`` events, its shares of all of them, and
    ``expected``: the share of the bad that its traffic or its usual share would have brought.

    ``usual_share_of_bad`` is that of the days before (None: nothing was bad). ``p`` is how often chance alone would
    bring as much to any of the values that were tried. ``stands_out`` where that is rare and the excess matters.
    """

    label: str
    value: str
    bad: float
    total: float
    share_of_bad: float
    share_of_traffic: float
    usual_share_of_bad: float | None
    expected: float
    excess: float
    p: float
    stands_out: bool


@dataclass(frozen=True, slots=True)
class SharedOut:
    """All values of one label or several, those that stand out first. ``tried`` is how many were compared,
    ``by_chance`` how many of them chance alone puts beyond the 5 % of a single comparison. ``bad`` and ``total`` are
    those of the interval; ``enough`` is False where too few were bad to compare anything."""

    shares: tuple[ValueShare, ...]
    tried: int
    bad: float
    total: float
    enough: bool

    @property
    def by_chance(self) -> float:
        """So many would look different if each were asked alone."""
        return self.tried * SURE

    @property
    def outstanding(self) -> tuple[ValueShare, ...]:
        """The values that stand out."""
        return tuple(each for each in self.shares if each.stands_out)


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """The values of one label, compared: all of shape ``(values,)``."""

    bad: FloatArray
    total: FloatArray
    usual: FloatArray | None
    expected: FloatArray
    z: FloatArray


def shared_out(splits: Sequence[Split], marked: Span, apart: Sequence[Span] = ()) -> SharedOut:
    """How the bad events of the marked interval were shared out over the values of labels.

    ``apart`` are intervals that are not taken for usual, such as other episodes.
    """
    compared = [(split, _compared(split, marked, apart)) for split in splits if len(split.values) > 1]
    totals = [(float(each.bad.sum()), float(each.total.sum())) for _, each in compared]
    bad, total = max(totals, default=(0.0, 0.0))
    if bad < FEWEST_BAD:
        return SharedOut((), sum(len(split.values) for split, _ in compared), bad, total, enough=False)
    z = np.concatenate([each.z for _, each in compared])
    adjusted = holm(_upper_tail(z))
    found, at = [], 0
    for split, each in compared:
        found.extend(_shares(split, each, adjusted[at : at + len(split.values)]))
        at += len(split.values)
    order = sorted(range(len(found)), key=lambda i: (not found[i].stands_out, -z[i]))
    return SharedOut(tuple(found[i] for i in order), len(found), bad, total, enough=True)


def holm(p: FloatArray) -> FloatArray:
    """Probabilities adjusted for how many there are, so that the chance of any false one is bounded. Shape ``(n,)``."""
    order = np.argsort(p)
    stepped = np.minimum(1.0, np.maximum.accumulate(p[order] * (len(p) - np.arange(len(p)))))
    adjusted = np.empty(len(p))
    adjusted[order] = stepped
    return adjusted


def _shares(split: Split, compared: _Compared, adjusted: FloatArray) -> list[ValueShare]:
    all_bad, all_total = float(compared.bad.sum()), float(compared.total.sum())
    found = []
    for j, value in enumerate(split.values):
        share = float(compared.bad[j]) / all_bad if all_bad else 0.0
        excess = share - float(compared.expected[j])
        found.append(
            ValueShare(
                label=split.label,
                value=value,
                bad=float(compared.bad[j]),
                total=float(compared.total[j]),
                share_of_bad=share,
                share_of_traffic=float(compared.total[j]) / all_total if all_total else 0.0,
                usual_share_of_bad=None if compared.usual is None else float(compared.usual[j]),
                expected=float(compared.expected[j]),
                excess=excess,
                p=float(adjusted[j]),
                stands_out=bool(adjusted[j] < SURE) and _matters(share, float(compared.expected[j])),
            )
        )
    return found


def _matters(share: float, expected: float) -> bool:
    """Whether a share of the bad is so much more than expected that it is worth to be named."""
    return share - expected >= LEAST_EXCESS and share * (1 - expected) >= LEAST_RATIO * (1 - share) * expected


def _compared(split: Split, marked: Span, apart: Sequence[Span]) -> _Compared:
    inside = split.within(marked)
    bad, total = np.nan_to_num(split.bad[:, inside]), np.nan_to_num(split.total[:, inside])
    blocks = _in_blocks(bad)
    sums, traffic = bad.sum(axis=1), total.sum(axis=1)
    before = split.within((marked[0] - BEFORE_SECONDS, marked[0]))
    for span in apart:
        before &= ~split.within(span)
    usually = np.nan_to_num(split.bad[:, before]).sum(axis=1)
    usual = usually / usually.sum() if usually.sum() else None
    by_traffic = traffic / max(float(traffic.sum()), 1.0)
    mixed = (usually + _PRIOR_BAD * len(usually) * by_traffic) / (usually.sum() + _PRIOR_BAD * len(usually))
    expected = np.clip(np.maximum(by_traffic, mixed), 1e-6, 1 - 1e-6)
    return _Compared(sums, traffic, usual, expected, _standardised(blocks, expected))


def _in_blocks(bad: FloatArray) -> FloatArray:
    """Sums over at most 24 stretches of equal length, shape ``(values, blocks)``."""
    count = bad.shape[1]
    if count <= _BLOCKS:
        return bad
    edges = np.linspace(0, count, _BLOCKS, endpoint=False).astype(np.int64)
    blocks: FloatArray = np.add.reduceat(bad, edges, axis=1)
    return blocks


def _standardised(blocks: FloatArray, expected: FloatArray) -> FloatArray:
    """How far above its expected share each value is, as a standard normal deviate. Shape ``(values,)``."""
    bad = blocks.sum(axis=1)
    roots = _signed_roots(bad, expected, max(float(bad.sum()), 1e-9))
    spread, freedom = _dispersion(blocks)
    t = roots / np.sqrt(np.maximum(spread, _between(roots)))
    deviates: FloatArray = _normal_of_t(t, freedom)
    return deviates


def _signed_roots(bad: FloatArray, expected: FloatArray, whole: float) -> FloatArray:
    """The signed root of twice the binomial log-likelihood ratio of a share against the expected one."""
    hoped, rest, hoped_rest = whole * expected, whole - bad, whole * (1 - expected)
    ratio = bad * np.log(np.where(bad > 0, bad / hoped, 1.0)) + rest * np.log(np.where(rest > 0, rest / hoped_rest, 1))
    roots: FloatArray = np.sign(bad - hoped) * np.sqrt(2 * np.maximum(ratio, 0.0))
    return roots


def _dispersion(blocks: FloatArray) -> tuple[FloatArray, int]:
    """Pearson's dispersion of each value's bad events around its own share, from block to block, at least that of all
    values together and 1, shape ``(values,)``; and the degrees of freedom that it stands on."""
    each_block = blocks.sum(axis=0)
    busy = blocks[:, each_block > 0]
    count, all_bad = busy.shape[1], float(each_block.sum())
    freedom = max(count - 1, 1)
    own = blocks.sum(axis=1, keepdims=True) / max(all_bad, 1.0)
    hoped = own * each_block[each_block > 0]
    pearson = np.where(hoped > 0, (busy - hoped) ** 2 / np.where(hoped > 0, hoped * (1 - own) + 1e-9, 1.0), 0.0).sum(1)
    pooled = float(pearson.sum()) / (freedom * max(int(np.count_nonzero(own)) - 1, 1))
    drawn = (_PRIOR_FREEDOM * pooled + pearson) / (_PRIOR_FREEDOM + freedom)
    return np.maximum(1.0, np.maximum(drawn, pooled)), _PRIOR_FREEDOM + freedom


def _between(roots: FloatArray) -> float:
    """How much values differ that are not extreme, as a variance; 0 where there are too few to tell."""
    if len(roots) < _FEWEST_VALUES:
        return 0.0
    return float((_MAD_TO_SIGMA * np.median(np.abs(roots - np.median(roots)))) ** 2)


def _normal_of_t(t: FloatArray, freedom: int) -> FloatArray:
    """A normal deviate about as rare as a Student's t (Abramowitz and Stegun, 26.7.8)."""
    deviates: FloatArray = t * (1 - 1 / (4 * freedom)) / np.sqrt(1 + t**2 / (2 * freedom))
    return deviates


def _upper_tail(z: FloatArray) -> FloatArray:
    return np.array([0.5 * math.erfc(each / math.sqrt(2)) for each in z])
