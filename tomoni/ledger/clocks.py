"""Whose present counts when the clock of this machine and that of a source disagree."""

from __future__ import annotations

from data_sources.base import Source, TellsTime

TOLERATED_SECONDS = 10.0  # the time of an answer is given in whole seconds, and answers travel


def clock_difference(source: Source) -> float | None:
    """How many seconds this machine's clock is ahead of a source's (below 0: behind) where they
    disagree; None where they agree, or the source does not report its time."""
    ahead = source.clock_seconds if isinstance(source, TellsTime) else None
    return ahead if ahead is not None and abs(ahead) > TOLERATED_SECONDS else None


def source_now(source: Source, now: int) -> int:
    """The present of a source (Unix seconds), no later than ours: it has nothing of what is still to come
    for it, and what it answers about that is no gap."""
    ahead = clock_difference(source)
    return now - round(ahead) if ahead is not None and ahead > 0 else now
