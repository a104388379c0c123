"""What incidents cost: for every SLO of an app, by the ledger, as of the moment of a review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tomoni.review.inputs import ReviewInputs, SloPlace, recall
from tomoni.review.model import Review, SloStatus, SloTrack
from tomoni.review.status import buckets_of
from tomoni.slo.episodes import BurnLedger, burn_ledger
from tomoni.slo.model import Buckets
from tomoni.slo.pricing import Account, account, whole_price
from tomoni.slo.tally import Span


@dataclass(frozen=True, slots=True, eq=False)
class SloPrices:
    """What intervals cost one SLO, in the order in which they were given.

    ``whole`` is all that was bad in each of them (overlaps count for each), up to where the review's figures end;
    ``account`` splits what the SLO's own window spent, so that nothing counts twice. ``ledger`` is that window's.
    """

    track: SloTrack
    whole: tuple[float, ...]
    account: Account
    ledger: BurnLedger


def prices_of(inputs: ReviewInputs, review: Review, spans: Sequence[Span]) -> tuple[SloPrices, ...]:
    """The prices of intervals ``[start, end)`` for every SLO of a review.

    An interval is charged with every bucket (or slice) that it touches; excluded ones cost nothing.
    """
    return tuple(_prices(inputs, track, track.buckets, spans) for track in review.tracks if track.buckets is not None)


def _prices(inputs: ReviewInputs, track: SloTrack, held: Buckets, spans: Sequence[Span]) -> SloPrices:
    definition, figures = track.status.slo.definition, track.status.figures
    ledger = track.burn.ledger if track.burn else burn_ledger(held, definition, figures.start, figures.end)
    cut = [(start, max(start, min(end, figures.end))) for start, end in spans]
    buckets = _reaching(inputs, track.status, held, min((start for start, _ in cut), default=figures.end))
    whole = tuple(whole_price(buckets, definition, span) for span in cut)
    return SloPrices(track, whole, account(held, definition, ledger, spans), ledger)


def _reaching(inputs: ReviewInputs, status: SloStatus, held: Buckets, start: int) -> Buckets:
    """The buckets of an SLO from a moment on: read from the ledger where those of the review begin later."""
    slices, step = status.slo.definition.slices, held.step_seconds
    first = start - start % (slices.length_seconds if slices else step)
    if first >= held.start:
        return held
    memory = recall(inputs, [status.slo.series], first, -(-status.figures.end // step) * step)
    return buckets_of(memory, SloPlace(status.app, status.journey, status.slo), status.as_of).shown
