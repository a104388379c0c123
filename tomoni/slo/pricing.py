"""What intervals that people name (incidents, deploys, outages of others) cost in error budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tomoni.slo.episodes import Episode, share
from tomoni.slo.model import Buckets, Definition
from tomoni.slo.tally import Span, Tally, tally


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


def price(buckets: Buckets, definition: Definition, start: int, end: int, spans: Sequence[Span]) -> Pricing:
    """The prices of intervals within the window ``[start, end)``.

    An interval is charged with every bucket (or slice) that it touches: one that began within a
    bucket cannot be separated from it. Where it lies outside the window it costs nothing.
    """
    counted = tally(buckets, definition, start, end)
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
