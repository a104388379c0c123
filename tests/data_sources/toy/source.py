"""The adapter of the toy: every bucket is alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from data_sources.base import Answer, Finding, Health, Interval, QueryText, Request, Series
from data_sources.queries import Query
from tests.data_sources.toy.config import Spinning, ToyConfig, Wobble


class ToySource:
    """Answers `Spinning` and `Wobble`."""

    kind = "toy"

    def __init__(self, source_id: str, config: ToyConfig, clock: Callable[[], float]) -> None:
        self.id, self.lag_seconds = source_id, config.lag_seconds or 0
        self._config = config

    def fetch(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """One answer for each request."""
        for request in requests:
            even = np.ones(len(request.interval))
            if isinstance(request.query, Spinning):
                total = even * self._config.per_bucket
                columns = {"total": total, "good": total - request.query.fallen, "absent": even * 0}
            else:
                columns = {"value": even}
            yield Answer(request, Series(request.interval, columns))

    def check(self, request: Request) -> tuple[Finding, ...]:
        """Nothing is ever wrong."""
        return ()

    def health(self) -> Health:
        """Always well."""
        return Health(answered=True, seconds=0.0, version="toy 1")

    def explain(self, query: Query, interval: Interval) -> tuple[QueryText, ...]:
        """The colour."""
        if isinstance(query, Spinning):
            return (QueryText("total", query.tops),)
        return (QueryText("value", query.wobble),) if isinstance(query, Wobble) else ()

    def close(self) -> None:
        """Nothing is open."""
