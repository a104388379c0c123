"""What the ledger remembers of the series that are shown, far enough back for each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tomoni.catalog.schema import SeriesRef
from tomoni.ledger import Remembered, SeriesState
from tomoni.review.desk import DAY, Desk


@dataclass(frozen=True, slots=True)
class Memory:
    """What the ledger remembers of some series, and how asking for each went."""

    series: Mapping[str, Remembered]
    states: Mapping[str, SeriesState]


def recall(desk: Desk, refs: Sequence[SeriesRef], start: int, end: int) -> Memory:
    """What the ledger remembers of some series over an interval, read at once."""
    return Memory(desk.ledger.read(refs, start, end), desk.ledger.states([ref.key for ref in refs]))


def recall_windows(desk: Desk, refs: Sequence[SeriesRef], start: int, end: int) -> Memory:
    """As `recall`, and of a series whose newest buckets are missing as much further back: its windows
    end with the newest that is known, and are as long as any other's.

    A day more is read of all: it spares the second reading while sources are late by less.
    """
    memory = recall(desk, refs, start - DAY, end)
    behind = {ref.key: end - _newest(memory, ref, end) for ref in refs}
    late = [ref for ref in refs if behind[ref.key] > DAY]
    if not late:
        return memory
    again = desk.ledger.read(late, start - DAY - max(behind.values()), end)
    return Memory({**memory.series, **again}, memory.states)


def _newest(memory: Memory, ref: SeriesRef, end: int) -> int:
    """Where what is known of a series ends: where nothing is known in the interval, no later than its
    last answer."""
    state = memory.states.get(ref.key)
    answered = state.answered if state and state.answered is not None else end
    known = memory.series[ref.key].known_until
    return min(answered if known is None else known, end)
