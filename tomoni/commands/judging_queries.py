"""What a Prometheus says of the queries of imported specs: it is asked where it answers, else they are parsed here."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import TracebackType

from data_sources.base import Interval, Source
from data_sources.config import SourceConfig
from data_sources.errors import QueryRefused, SourceError
from data_sources.events import SeesSeries
from data_sources.kinds import KINDS
from data_sources.prometheus.query import with_window
from data_sources.prometheus.reading import refusal
from tomoni.dialects.report import Fact

_STEP = 300
_MOST_ASKED, _MOST_SECONDS = 200, 20.0  # of one import; what is left is parsed
Said = tuple[str, dict[str, Fact]]


class Servers:
    """The servers that queries go to, by the ids of their sources; one that does not answer is not asked again."""

    def __init__(
        self,
        configs: Mapping[str, SourceConfig],
        now: float,
        clock: Callable[[], float] = time.monotonic,
        most: int = _MOST_ASKED,
    ) -> None:
        self._configs, self._now, self._clock, self._left = configs, now, clock, most
        self._until = clock() + _MOST_SECONDS
        self._open: dict[str, Source] = {}
        self._silent: set[str] = set()
        self._known: dict[tuple[str, str], Said | None] = {}

    def judge(self, source: str, query: str) -> Said | None:
        """Why a query is refused, as a code with its facts; None where nothing is known against it."""
        if (source, query) not in self._known:
            self._known[source, query] = self._judged(source, query)
        return self._known[source, query]

    def _judged(self, source: str, query: str) -> Said | None:
        try:
            if self._ask(source, query):
                return None
        except QueryRefused as error:
            return "query_refused", {"source": source, "detail": error.detail or str(error)}
        found = refusal(query)
        return None if found is None else ("query_unreadable", {"detail": found})

    def _ask(self, source: str, query: str) -> bool:
        """Whether the server took a query; False where it was not asked. Raises QueryRefused."""
        config = self._configs.get(source)
        if config is None or source in self._silent or self._left <= 0 or self._clock() > self._until:
            return False
        server = self._open.get(source) or KINDS[config.kind].open(source, config, lambda: self._now)
        self._open[source] = server
        if not isinstance(server, SeesSeries):
            return False
        self._left -= 1
        end = int(self._now) // _STEP * _STEP
        try:
            server.seen(with_window(query, _STEP), Interval(end - _STEP, end, _STEP))
        except QueryRefused:
            raise
        except SourceError:
            self._silent.add(source)
            return False
        return True

    def __enter__(self) -> Servers:
        """Nothing is opened before it is asked."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Closes the connections."""
        for server in self._open.values():
            server.close()
