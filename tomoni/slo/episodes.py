"""What burned the budget: episodes, and the background that is left. It adds up exactly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from tomoni.slo.model import Buckets, Definition, FloatArray
from tomoni.slo.tally import Tally, exceeds, finite, tally, terms

BURNING = 2  # a bucket burns above this multiple of the allowed bad ratio
APART_SECONDS = 1800  # burning buckets that are less than this apart belong to one episode
NOTICEABLE = Fraction(1, 100)  # an episode below this share of the budget is background


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of time ``[start, end)`` in which the budget burned noticeably.

    ``bad`` and ``total`` count all of it, the calmer buckets between burning ones too.
    ``share_of_budget`` and ``worst_burn`` (of one bucket or slice) are None where nothing is allowed.
    """

    start: int
    end: int
    bad: float
    total: float
    share_of_budget: float | None
    share_of_bad: float
    worst_burn: float | None


@dataclass(frozen=True, slots=True)
class BurnLedger:
    """All bad events of ``[start, end)``: ``bad`` is exactly the sum of the episodes' and ``background_bad``.

    Shares are None where the whole they belong to is nothing.
    """

    start: int
    end: int
    bad: float
    allowed_bad: float
    episodes: tuple[Episode, ...]
    background_bad: float
    background_share_of_budget: float | None
    background_share_of_bad: float | None


def burn_ledger(
    buckets: Buckets, definition: Definition, start: int, end: int, noticeable: Fraction = NOTICEABLE
) -> BurnLedger:
    """The episodes of a window ``[start, end)`` in order of time, and the background: episodes below the share
    ``noticeable`` of its budget.

    For time slices a unit is a slice, and its bad ratio 0 or 1.
    """
    counted = tally(buckets, definition, start, end)
    bad, total = float(counted.bad[-1]), float(counted.total[-1])
    budget = Fraction(total) * definition.objective.allowance
    episodes = _episodes(counted, definition.objective.allowance, noticeable)
    background = bad - sum(episode.bad for episode in episodes)
    return BurnLedger(
        start,
        end,
        bad,
        finite(budget),
        episodes,
        background,
        share(background, budget),
        share(background, Fraction(bad)),
    )


def share(part: float, whole: Fraction) -> float | None:
    """A part as a share of a whole; None where the whole is nothing."""
    return finite(Fraction(part) / whole) if whole else None


def _episodes(counted: Tally, allowance: Fraction, noticeable: Fraction) -> tuple[Episode, ...]:
    unit_bad, unit_total = np.diff(counted.bad), np.diff(counted.total)
    burning = np.flatnonzero(exceeds(unit_bad, unit_total, BURNING * allowance))
    if not len(burning):
        return ()
    calm_seconds = (np.diff(burning) - 1) * counted.unit_seconds
    begins = np.concatenate(([0], np.flatnonzero(calm_seconds >= APART_SECONDS) + 1))
    worst = np.maximum.reduceat(unit_bad[burning] / unit_total[burning], begins)
    first, last = burning[begins], burning[np.append(begins[1:], len(burning)) - 1] + 1
    noticed = _noticeable(counted.bad[last] - counted.bad[first], float(counted.total[-1]), noticeable * allowance)
    found = zip(first[noticed].tolist(), last[noticed].tolist(), worst[noticed].tolist(), strict=True)
    return tuple(_episode(counted, allowance, *one) for one in found)


def _noticeable(bad: FloatArray, total: float, least: Fraction) -> npt.NDArray[np.bool_]:
    numerator, denominator = terms(least)
    noticed: npt.NDArray[np.bool_] = bad * denominator >= total * numerator
    return noticed


def _episode(counted: Tally, allowance: Fraction, first: int, last: int, worst_ratio: float) -> Episode:
    bad = float(counted.bad[last] - counted.bad[first])
    return Episode(
        start=counted.start + first * counted.unit_seconds,
        end=counted.start + last * counted.unit_seconds,
        bad=bad,
        total=float(counted.total[last] - counted.total[first]),
        share_of_budget=share(bad, Fraction(float(counted.total[-1])) * allowance),
        share_of_bad=bad / float(counted.bad[-1]),
        worst_burn=finite(Fraction(worst_ratio) / allowance) if allowance else None,
    )
