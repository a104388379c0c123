"""Any server with the Prometheus HTTP API as a source: Prometheus, Thanos, Mimir, VictoriaMetrics,
Managed Service for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from data_sources.base import Answer, Finding, Health, Interval, QueryText, Request
from data_sources.calls import CallCount, CallLog
from data_sources.errors import SourceError
from data_sources.events import Seen
from data_sources.exploring import Ask, Exemplar, Exploring, Limits, Metric, MetricQuestion
from data_sources.prometheus.checks import Checks
from data_sources.prometheus.client import Client
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.edges import Edges
from data_sources.prometheus.engine import Engine
from data_sources.prometheus.explain import explained
from data_sources.prometheus.exploring.explorer import Explorer
from data_sources.prometheus.fetch import Fetch, FetchContext
from data_sources.prometheus.health import Status
from data_sources.prometheus.nature import Natures
from data_sources.prometheus.nothing import Nothing
from data_sources.prometheus.query import Server, parts_of
from data_sources.prometheus.ranges import Ranges
from data_sources.prometheus.rules import underlying
from data_sources.prometheus.seen import seen
from data_sources.prometheus.splitting import Splitter
from data_sources.queries import Query
from data_sources.secrets import Secrets
from data_sources.splits import SplitCounts
from data_sources.underlying import Underlying
from tomoni.slo.model import FloatArray

DEFAULT_LAG_SECONDS = 60


class PrometheusSource(Exploring):
    """One server. Keeps `data_sources.base.Source`; ``pause`` waits between two attempts."""

    kind = "prometheus"

    def __init__(
        self,
        source_id: str,
        config: PrometheusConfig,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.id = source_id
        self.lag_seconds = DEFAULT_LAG_SECONDS if config.lag_seconds is None else config.lag_seconds
        self._config = config
        self._log = CallLog(clock)
        self._client = Client(source_id, config, pause, self._log)
        engine = Engine(self._client)
        self._status = Status(self._client, engine)
        self._nothing = Nothing(self._client)
        self._natures = Natures(self._client)
        alive = self._status.alive
        ranges, edges = Ranges(source_id, self._client, alive), Edges(source_id, self._client, clock)
        self._explorer = Explorer(source_id, self._client, clock, str(config.ui_url or config.url), edges)
        self.explorer = self._explorer
        self._context = FetchContext(source_id, self._client, ranges, edges, engine, clock, alive, config.max_parallel)

    @property
    def calls(self) -> dict[str, CallCount]:
        """The calls made so far by path; one that was sent again by the connection counts once."""
        return self._log.counts()

    @property
    def secrets(self) -> Secrets:
        """What must not show in any text that leaves this source."""
        return self._client.secrets

    @property
    def clock_seconds(self) -> float | None:
        """How many seconds this machine's clock was ahead of the server's with its last answer."""
        return self._client.clock.ahead_seconds

    def fetch(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """Yields one answer for each request as they come.

        Requests of a few buckets share queries, long ones are sent alone and in pieces. When the server
        as a whole is down, the remaining requests are answered with that error without being sent.
        """
        return self._natures.noted(Fetch(self._context).answers(requests))

    def check(self, request: Request) -> tuple[Finding, ...]:
        """What is wrong or suspicious about a query; codes in `data_sources.prometheus.checks`."""
        (answer,) = self.fetch([request])
        return Checks(self._client, self._status, self._nothing).findings(answer)

    def described(self, name: str, interval: Interval) -> Sequence[Metric]:
        """See `data_sources.exploring.Describes`."""
        return self._explorer.described(name, interval)

    def one_line(self, ask: MetricQuestion, interval: Interval, limits: Limits) -> FloatArray | None:
        """See `data_sources.exploring.ReadsOneLine`."""
        return self._explorer.one_line(ask, interval, limits)

    def exemplars(self, ask: Ask, interval: Interval) -> Sequence[Exemplar]:
        """See `data_sources.exploring.HasExemplars`."""
        return self._explorer.exemplars(ask, interval)

    def underlying(self, query: Query) -> Underlying | None:
        """See `data_sources.underlying.KnowsUnderlying`: by the server's recording rules."""
        return underlying(query, lambda path: self._client.get(path).data)

    def health(self) -> Health:
        """Queries a constant, then reads the version and retention where the server states them."""
        return self._status.health()

    def seen(self, query: str, interval: Interval) -> tuple[Seen, ...]:
        """Which series an expression has over time. Raises `SourceError`."""
        return seen(self._client, query, interval)

    def explain(self, query: Query, interval: Interval) -> tuple[QueryText, ...]:
        """The PromQL texts with addresses of the server's own graph page."""
        try:
            known = Server(self._context.edges.remembered, self._context.engine.known, self.id)
            whole = query.of if isinstance(query, SplitCounts) else query
            parts = parts_of(whole, interval.step_seconds, known)
            if isinstance(query, SplitCounts):
                splitter = Splitter(self.id, self._context.ranges, lambda _: parts, lambda each: each)
                parts = splitter.explained(parts, query)
        except SourceError:
            return ()
        return explained(parts, interval, str(self._config.ui_url or self._config.url))

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()
