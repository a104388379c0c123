"""Which burn rates a table has room for: of those that the settings name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tomoni.slo.model import DAY, HOUR

_USUAL = (HOUR, 6 * HOUR, 3 * DAY)


def in_tables(burns: Iterable[Mapping[int, float | None]]) -> tuple[int, ...]:
    """The windows in seconds, at most three, the shortest first: 1 h, 6 h and 3 d where all of them are known, else
    the shortest, the middle and the longest."""
    known = sorted({seconds for burn in burns for seconds in burn})
    if set(_USUAL) <= set(known) or not known:
        return _USUAL
    return tuple(sorted({known[0], known[len(known) // 2], known[-1]}))
