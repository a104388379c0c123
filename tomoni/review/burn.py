"""What burned the budget of an SLO's own window, lettered for figures and tables."""

from __future__ import annotations

from fractions import Fraction

from tomoni.review.model import Burn, LetteredEpisode
from tomoni.slo.episodes import BurnLedger, Episode, burn_ledger, share
from tomoni.slo.model import Buckets, Definition, Figures

SHOWN = 8  # more letters than that name nothing any more
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def burn_of(buckets: Buckets, definition: Definition, figures: Figures) -> Burn:
    """The burn ledger of the window of the figures, its largest episodes lettered in order of time."""
    ledger = burn_ledger(buckets, definition, figures.start, figures.end)
    largest = sorted(ledger.episodes, key=lambda episode: (-episode.bad, episode.start))
    shown = sorted(largest[:SHOWN], key=lambda episode: episode.start)
    lettered = tuple(LetteredEpisode(letter, each) for letter, each in zip(_LETTERS, shown, strict=False))
    return _with_others(ledger, lettered, largest[SHOWN:], definition)


def _with_others(
    ledger: BurnLedger, lettered: tuple[LetteredEpisode, ...], others: list[Episode], definition: Definition
) -> Burn:
    bad = sum((episode.bad for episode in others), 0.0)
    budget = Fraction(ledger.allowed_bad) if definition.objective.allowance else Fraction(0)
    return Burn(ledger, lettered, len(others), bad, share(bad, budget), share(bad, Fraction(ledger.bad)))
