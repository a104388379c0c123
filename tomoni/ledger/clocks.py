"""Whose present counts when the clock of this machine and that of a source disagree."""

from __future__ import annotations

from data_sources.base import Source, clock_difference


def source_now(source: Source, now: int) -> int:
    """The present of a source (Unix seconds), no later than ours: it has nothing of what is still to come
    for it, and what it answers about that is no gap."""
    ahead = clock_difference(source)
    return now - round(ahead) if ahead is not None and ahead > 0 else now
