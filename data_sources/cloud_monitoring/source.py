"""Cloud Monitoring as a source: SLIs, infra signals and Google's own SLOs of one project, read-only.

Importing this module does not import a Google library: that happens in the worker that asks first.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from data_sources.base import (
    Answer,
    Finding,
    Health,
    Interval,
    NativeDefinition,
    NativeFigures,
    QueryText,
    Request,
)
from data_sources.calls import CallCount, CallLog, Pauses
from data_sources.cloud_monitoring import slos as native
from data_sources.cloud_monitoring.checks import Checking
from data_sources.cloud_monitoring.config import CloudMonitoringConfig, NativeSlo
from data_sources.cloud_monitoring.explain import explained
from data_sources.cloud_monitoring.exploring.explorer import Explorer
from data_sources.cloud_monitoring.fetch import Fetch, FetchContext
from data_sources.cloud_monitoring.metrics import Metrics
from data_sources.cloud_monitoring.query import QueryInputs
from data_sources.cloud_monitoring.unreadable import answers_read
from data_sources.errors import SourceError
from data_sources.exploring import Exploring, Limits, Metric, MetricQuestion
from data_sources.google_auth import version_of
from data_sources.queries import Query
from data_sources.splits import SplitCounts
from data_sources.underlying import Underlying
from tomoni.slo.model import FloatArray

if TYPE_CHECKING:
    from data_sources.cloud_monitoring.client import Connection

# "Sampled every 60 s; data may not be visible for up to 240 s" is what most metrics state.
DEFAULT_LAG_SECONDS = 240
# Google keeps most service metrics this long at full resolution; older points are coarser or gone.
FULL_RESOLUTION_SECONDS = 42 * 86_400
_MOST_SERVICES = 50  # whose SLOs are listed: one call each


class CloudMonitoringSource(Exploring):
    """A Google Cloud project's metrics (`data_sources.base.Source`).

    ``lag_seconds`` comes from the configuration. Without one it is 240 s until metrics were fetched,
    and then the longest ingest delay that the descriptors of these metrics state: one
    number for the source, because the newest bucket must be settled for all of its SLIs.
    """

    kind = "cloud_monitoring"

    def __init__(
        self,
        source_id: str,
        config: CloudMonitoringConfig,
        clock: Callable[[], float] = time.time,
        pauses: Pauses | None = None,
    ) -> None:
        self.id = source_id
        self.lag_seconds = DEFAULT_LAG_SECONDS if config.lag_seconds is None else config.lag_seconds
        self._config, self._pauses = config, pauses or Pauses()
        self._log = CallLog(clock)
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._version = 0
        self._metrics = Metrics(clock)
        self._context = FetchContext(source_id, self._connect, self._metrics, clock, config.max_parallel)
        self.explorer: Explorer = Explorer(self._context, self._console)

    @property
    def calls(self) -> dict[str, CallCount]:
        """The calls made so far by method; all of them count against the project's quota."""
        return self._log.counts()

    def fetch(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """Answers each request; requests that need the same call share it."""
        if not requests:
            return
        yield from Fetch(self._context).answers(requests)
        self._settle_lag()

    def check(self, request: Request) -> tuple[Finding, ...]:
        """What is wrong or suspicious about a query, by its metric's descriptor and its points."""
        found = Checking(self._context, FULL_RESOLUTION_SECONDS).findings(request)
        self._settle_lag()
        return found

    def health(self) -> Health:
        """Asks for one metric descriptor, which needs the same role as reading does."""
        started = time.monotonic()
        try:
            self._connect().ping()
        except SourceError as error:
            return Health(False, time.monotonic() - started, error=error)
        return Health(True, time.monotonic() - started, "Cloud Monitoring API v3", FULL_RESOLUTION_SECONDS)

    def explain(self, query: Query, interval: Interval) -> tuple[QueryText, ...]:
        """The calls as text. A metric that was never fetched has the usual aligner. Those of parts are the calls of
        the whole, grouped by their labels, and are not shown."""
        if isinstance(query, SplitCounts):
            return ()
        return explained(QueryInputs(query, interval, partial(self._metrics.remembered, query=query)), self._console)

    def described(self, name: str, interval: Interval) -> Sequence[Metric]:
        """See `data_sources.exploring.Describes`."""
        return self.explorer.described(name, interval)

    def one_line(self, ask: MetricQuestion, interval: Interval, limits: Limits) -> FloatArray | None:
        """A metric as one line, by one call. Raises SourceError."""
        return self.explorer.one_line(ask, interval, limits)

    def list_services(self) -> tuple[native.ServiceEntry, ...]:
        """The project's services. Raises SourceError."""
        return native.list_services(self._connect())

    def list_slos(self, service: str) -> tuple[NativeDefinition, ...]:
        """The SLOs of a service (``projects/P/services/S``). Raises SourceError."""
        with answers_read(self.id):
            return native.list_slos(self._connect(), service)

    def native_definitions(self) -> tuple[NativeDefinition, ...]:
        """The SLOs of the project's first services. Raises SourceError."""
        return tuple(slo for service in self.list_services()[:_MOST_SERVICES] for slo in self.list_slos(service.name))

    def native_definition(self, slo_name: str) -> NativeDefinition:
        """What Google keeps of one SLO: objective, period, method. Raises SourceError."""
        with answers_read(self.id):
            return native.definition(self._connect().slo(slo_name))

    def underlying(self, query: Query) -> Underlying | None:
        """See `data_sources.underlying.KnowsUnderlying`: by the filters of a native SLO."""
        if not isinstance(query, NativeSlo):
            return None
        with answers_read(self.id):
            form = native.counted_form(self._connect().slo(query.slo))
        return None if form is None else Underlying(form)

    def native_figures(self, slo_name: str, at: int) -> NativeFigures:
        """Google's own compliance and budget fraction at a moment (Unix seconds), to compare with ours.

        Raises SourceError.
        """
        with answers_read(self.id):
            return native.figures(self._context.read, slo_name, at)

    def close(self) -> None:
        """Closes the connection; a later question opens it again."""
        with self._lock:
            connection, self._connection = self._connection, None
        if connection:
            connection.close()

    @property
    def _console(self) -> str:
        """The project whose own page shows its metrics; empty of an emulator, which has none."""
        return "" if self._config.insecure else self._config.project

    def _connect(self) -> Connection:
        """The connection, made when it is first needed. Raises SourceError without credentials."""
        with self._lock:
            version = version_of(self._config.auth)
            if self._connection is None or version != self._version:
                from data_sources.cloud_monitoring.client import Connection  # noqa: PLC0415 - takes a second

                self._connection = Connection(self.id, self._config, self._log, self._pauses)
                self._version = version
            return self._connection

    def _settle_lag(self) -> None:
        if self._config.lag_seconds is None:
            self.lag_seconds = self._metrics.longest_delay() or DEFAULT_LAG_SECONDS
