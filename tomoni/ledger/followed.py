"""Which parts of a split SLI are followed: those that the ledger has of the newest days.

A request for a split says which parts must be in its answer, so that one that was listed once stays listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from sqlalchemy import Connection

from data_sources.base import Request
from data_sources.splits import GOOD, MOST_FOLLOWED, TOTAL, SplitCounts, Values, part_of, worst
from tomoni.ledger.payload import PayloadError, unpack
from tomoni.ledger.rows import log_damage, read_payloads
from tomoni.slo.model import DAY

_DAYS = 2  # of a request's own day and the days before it


def with_followed(connection: Connection, requests: Mapping[str, Sequence[Request]]) -> dict[str, list[Request]]:
    """The same requests, those for splits with the parts that are followed."""
    return {source: [_with_followed(connection, each) for each in some] for source, some in requests.items()}


def _with_followed(connection: Connection, request: Request) -> Request:
    query = request.query
    if not isinstance(query, SplitCounts):
        return request
    last = (request.interval.end - 1) // DAY
    found: dict[int, dict[Values, tuple[float, float]]] = {}
    for key, day, payload in read_payloads(connection, [request.key], range(last - _DAYS, last + 1)):
        try:
            found[day] = _sums(unpack(payload))
        except PayloadError as error:
            log_damage((key, day), error)
    return replace(request, query=query.following(_followed(found, last, query.at_most)))


def _followed(found: Mapping[int, Mapping[Values, tuple[float, float]]], last: int, at_most: int) -> Iterable[Values]:
    """All parts of the newest day, then the worst of the days before: a day holds a bounded number of parts."""
    today = worst(found.get(last, {}))
    earlier: dict[Values, tuple[float, float]] = {}
    for day, parts in found.items():
        if day != last:
            for values, (bad, total) in parts.items():
                known = earlier.get(values, (0.0, 0.0))
                earlier[values] = (known[0] + bad, known[1] + total)
    before = [values for values in worst(earlier) if values not in set(today)]
    room = min(at_most, max(0, MOST_FOLLOWED * at_most - len(today)))
    return [*today, *before[:room]]


def _sums(columns: Mapping[str, np.ndarray]) -> dict[Values, tuple[float, float]]:
    """The bad events and all of them of each part of a day."""
    sums: dict[tuple[str, Values], float] = {}
    for name, column in columns.items():
        if named := part_of(name):
            sums[named] = float(np.nansum(column))
    totals = {values: total for (role, values), total in sums.items() if role == TOTAL}
    return {values: (max(total - sums.get((GOOD, values), 0.0), 0.0), total) for values, total in totals.items()}
