"""What intervals that people name (incidents, deploys, outages of others) cost in error budget."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

import numpy as np

from tomoni.slo.episodes import BurnLedger, Episode, share
from tomoni.slo.model import BoolArray, Buckets, Definition
from tomoni.slo.tally import Span, Tally, tally, unit_seconds

R = TypeVar("R", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one interval ``[start, end)``.

    ``bad`` is all that was bad in it. ``own_bad`` leaves out what an interval that began earlier has
    already taken, so that the ``own_bad`` of all add up to what they cost together.
    """

    start: int
    end: int
    bad: float
    own_bad: float
    share_of_budget: float | None
    share_of_bad: float | None


@dataclass(frozen=True, slots=True)
class Pricing:
    """The prices of intervals, in the order in which they were given, and what they cost together:
    ``bad`` counts overlaps once. Shares are None where the whole is nothing.
    """

    prices: tuple[Price, ...]
    bad: float
    share_of_budget: float | None
    share_of_bad: float | None


@dataclass(frozen=True, slots=True)
class Account:
    """All that was bad in a window, and nothing of it twice: ``bad`` is exactly what the intervals cost
    together (``pricing.bad``), what each episode has besides them, in order of time, and the background.
    """

    bad: float
    pricing: Pricing
    episodes: tuple[float, ...]
    background: float


@dataclass(frozen=True, slots=True)
class ByReason(Generic[R]):
    """All that was bad in a window by what its episodes go with; ``parts`` (None: nothing was chosen yet) and
    ``background`` add up to ``bad`` exactly. ``allowed_bad`` is the window's budget."""

    parts: Mapping[R | None, float]
    background: float
    bad: float
    allowed_bad: float


def price(buckets: Buckets, definition: Definition, start: int, end: int, spans: Sequence[Span]) -> Pricing:
    """The prices of intervals within the window ``[start, end)``.

    An interval is charged with every bucket (or slice) that it touches: one that began within a
    bucket cannot be separated from it. Where it lies outside the window it costs nothing.
    """
    return _priced(tally(buckets, definition, start, end), definition, spans)


def whole_price(buckets: Buckets, definition: Definition, span: Span) -> float:
    """All that was bad in an interval, whatever window it lies in: in every bucket (or slice) that it touches."""
    start, end = span
    unit = unit_seconds(buckets, definition)
    return float(tally(buckets, definition, start // unit * unit, end).bad[-1]) if start < end else 0.0


def account(buckets: Buckets, definition: Definition, ledger: BurnLedger, spans: Sequence[Span]) -> Account:
    """The burn ledger of a window with intervals that people named: what lies in one of them is theirs,
    the rest stays with its episode or with the background."""
    counted = tally(buckets, definition, ledger.start, ledger.end)
    pricing = _priced(counted, definition, spans)
    free, unit_bad = _free(counted, spans), np.diff(counted.bad)
    episodes = []
    for episode in ledger.episodes:
        first, last = _touched(counted, (episode.start, episode.end))
        episodes.append(float(unit_bad[first:last][free[first:last]].sum()))
    bad = float(counted.bad[-1])
    return Account(bad, pricing, tuple(episodes), bad - pricing.bad - sum(episodes))


def by_reason(ledger: BurnLedger, reasons: Sequence[R | None]) -> ByReason[R]:
    """A burn ledger added up by the reason of each of its episodes, in their order."""
    parts: dict[R | None, float] = {}
    for episode, reason in zip(ledger.episodes, reasons, strict=True):
        parts[reason] = parts.get(reason, 0.0) + episode.bad
    return ByReason(parts, ledger.background_bad, ledger.bad, ledger.allowed_bad)


def _priced(counted: Tally, definition: Definition, spans: Sequence[Span]) -> Pricing:
    budget = Fraction(float(counted.total[-1])) * definition.objective.allowance
    all_bad = Fraction(float(counted.bad[-1]))
    own = _own(counted, spans)
    prices = []
    for span, own_bad in zip(spans, own, strict=True):
        bad = _bad(counted, *_touched(counted, span))
        prices.append(Price(*span, bad, own_bad, share(bad, budget), share(bad, all_bad)))
    together = float(sum(own))
    return Pricing(tuple(prices), together, share(together, budget), share(together, all_bad))


def explaining(episode: Episode, spans: Sequence[Span]) -> tuple[int, ...]:
    """The places in ``spans`` of the intervals that overlap an episode."""
    return tuple(
        place for place, (start, end) in enumerate(spans) if start < end and start < episode.end and episode.start < end
    )


def _own(counted: Tally, spans: Sequence[Span]) -> list[float]:
    own = [0.0] * len(spans)
    taken = 0
    for place in sorted(range(len(spans)), key=lambda place: spans[place]):
        first, last = _touched(counted, spans[place])
        own[place] = _bad(counted, max(first, taken), last)
        taken = max(taken, last)
    return own


def _free(counted: Tally, spans: Sequence[Span]) -> BoolArray:
    """Which units no interval touches, shape ``(n,)``."""
    free = np.ones(len(counted), dtype=np.bool_)
    for span in spans:
        first, last = _touched(counted, span)
        free[first:last] = False
    return free


def _touched(counted: Tally, span: Span) -> tuple[int, int]:
    """The units that an interval touches, as places in the running sums."""
    start, end = span
    if start >= end:
        return 0, 0
    unit = counted.unit_seconds
    first, last = (start - counted.start) // unit, -(-(end - counted.start) // unit)
    return min(max(first, 0), len(counted)), min(max(last, 0), len(counted))


def _bad(counted: Tally, first: int, last: int) -> float:
    return float(counted.bad[last] - counted.bad[first]) if first < last else 0.0
