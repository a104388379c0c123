"""Which query language a server speaks; found out once, with the first query that needs to know."""

from __future__ import annotations

import threading

from data_sources.errors import AccessDenied, BadAnswer, NotFound, QueryRefused
from data_sources.prometheus.client import Client
from data_sources.prometheus.dialects import Dialect
from data_sources.prometheus.parse import read_vector

# A function that only MetricsQL has. Its build information does not tell VictoriaMetrics apart: it
# states the version of a Prometheus, and a proxy may hide it.
_MARK = "metricsql"
_PROBE = f'label_set(vector(1), "dialect", "{_MARK}")'


class Engine:
    """The dialect of one server. Safe to use from several threads."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._found: Dialect | None = None
        self._asking = threading.Lock()

    def dialect(self) -> Dialect:
        """Asks the server until it has answered once. Raises `SourceError` when it cannot be reached."""
        with self._asking:
            if self._found is None:
                self._found = self._asked()
            return self.known

    @property
    def known(self) -> Dialect:
        """The dialect as far as it is known, without any I/O."""
        return self._found or Dialect.PROMQL

    def _asked(self) -> Dialect | None:
        """None for what is no answer of a server, such as a page of a proxy in between."""
        try:
            reply = self._client.query("/api/v1/query", {"query": _PROBE})
            marked = any(labels.get("dialect") == _MARK for labels, _value in read_vector(reply))
        except (QueryRefused, NotFound, AccessDenied):
            return Dialect.PROMQL
        except BadAnswer:
            return None
        return Dialect.METRICSQL if marked else Dialect.PROMQL
