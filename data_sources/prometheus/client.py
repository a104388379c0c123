"""Calls the Prometheus HTTP API: a bounded number at once, counted, with every failure as a `SourceError`."""

# prometheus_api_client and requests are imported with the first query, not at start.
# ruff: noqa: PLC0415

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote

from data_sources.calls import CallLog
from data_sources.errors import SourceError
from data_sources.google_auth import auth_error, version_of
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.decode import Room
from data_sources.prometheus.diagnosis import Diagnosis
from data_sources.prometheus.errors import HttpReply, bare
from data_sources.prometheus.failures import Failures
from data_sources.prometheus.parse import Reply, read_reply
from data_sources.secrets import Secrets, secrets_in
from data_sources.server_clock import ServerClock

if TYPE_CHECKING:
    from data_sources.prometheus.connection import Connection

# Other clients of Prometheus fall back to GET on the same statuses (client_golang, api/prometheus/v1).
_NO_POST = (405, 501)
_ERROR_STATUS = 400
_LOOK_SECONDS = 5.0

Params = Mapping[str, str]
T = TypeVar("T")


class Client:
    """One server. Safe to use from several threads; at most ``max_parallel`` calls at once."""

    def __init__(
        self,
        source_id: str,
        config: PrometheusConfig,
        pause: Callable[[float], None] = time.sleep,
        log: CallLog | None = None,
    ) -> None:
        self._source, self._config, self._pause = source_id, config, pause
        self._log = log or CallLog(time.time)
        self.secrets = Secrets(_password_of(config), secrets_in(config))
        self.base_url = bare(str(config.url)).rstrip("/")
        self.uses_post = config.http_method == "POST"
        self.clock = ServerClock(source_id)
        self._failures = Failures(source_id, config, self.secrets)
        self._diagnosis = Diagnosis(source_id, config, self._look)
        self._connection: Connection | None = None
        self._connecting, self._version = threading.Lock(), 0
        self._turns = threading.BoundedSemaphore(config.max_parallel)

    def query(self, path: str, params: Params, within_seconds: float | None = None) -> Reply:
        """Sends a query by POST with the parameters as a form, so that long ones fit; by GET where the
        server takes no POST. ``within_seconds`` shortens the time-out. Raises `SourceError`."""
        timeout = min(self._config.timeout_seconds, within_seconds or float("inf"))
        # The server stops work that no client waits for any more, just after the client's own time-out.
        params = {**params, "timeout": f"{timeout + 1:g}s"}
        if self.uses_post:
            reply = self._exchange("POST", path, params, timeout)
            if reply.status not in _NO_POST:
                return self._read(reply)
            self.uses_post = False
        return self._read(self._exchange("GET", path, params, timeout))

    def get(self, path: str) -> Reply:
        """Gets something that is not a query. Raises `SourceError`."""
        return self._read(self._exchange("GET", path, {}, self._config.timeout_seconds))

    def read(self, path: str, params: Params, room: Room) -> Reply:
        """Gets what the server says of its metrics, as much of it as has room. Raises `SourceError`."""
        timeout = self._config.timeout_seconds
        return self._read(self._call(path, lambda to: to.exchange("GET", path, params, timeout, room)))

    def _read(self, reply: HttpReply) -> Reply:
        try:
            return read_reply(self._source, reply, self.secrets)
        except SourceError as error:
            raise self._diagnosis.of(error, reply) from None

    def label_values(self, label: str, params: Params) -> list[str]:
        """The values of a label. Raises `SourceError`: `BadAnswer` for whatever is not a success."""
        return self._call(f"/api/v1/label/{label}/values", lambda to: to.label_values(label, params))

    def labels(self, params: Params) -> list[str]:
        """The names of labels, of the series that the parameters name. Raises `SourceError`."""
        reply = self._read(self._exchange("GET", "/api/v1/labels", params, self._config.timeout_seconds))
        return [str(name) for name in reply.data] if isinstance(reply.data, list) else []

    def metric_types(self, metric: str) -> set[str]:
        """The types that are stated for a metric. Raises `SourceError` as `label_values` does."""
        return self._call("/api/v1/metadata", lambda to: to.metric_types(metric))

    def close(self) -> None:
        """Closes the connections; another query opens new ones."""
        with self._connecting:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _exchange(self, method: str, path: str, params: Params, timeout: float) -> HttpReply:
        return self._call(path, lambda to: to.exchange(method, path, params, timeout))

    def _look(self, address: str) -> HttpReply:
        """Gets an address of the same host and port, within a few seconds. Raises `SourceError`."""
        seconds = min(self._config.timeout_seconds, _LOOK_SECONDS)
        return self._call("other address", lambda to: to.look(address, seconds))

    def _call(self, path: str, call: Callable[[Connection], T]) -> T:
        """Makes one call when it is its turn, and counts it."""
        from data_sources.prometheus.connection import CLIENT_ERRORS

        with self._turns:
            started, failed = time.monotonic(), True
            try:
                result = call(self._connected())
                failed = isinstance(result, HttpReply) and result.status >= _ERROR_STATUS
                return result
            except CLIENT_ERRORS as error:
                raise self._translated(error) from None
            finally:
                self._log.add(path, time.monotonic() - started, failed)

    def _translated(self, error: Exception) -> SourceError:
        from google.auth.exceptions import GoogleAuthError

        if not isinstance(error, GoogleAuthError):
            return self._failures.error(error)
        found = auth_error(self._source, error)
        return type(found)(self._source, self.secrets.mask(found.detail), found.facts)

    def _connected(self) -> Connection:
        from data_sources.prometheus.connection import Connection

        with self._connecting:
            version = version_of(self._config.auth)
            if self._connection is None or version != self._version:
                old, self._version = self._connection, version
                self._connection = None
                if old is not None:
                    old.close()
                self._connection = Connection(
                    self._source, self.base_url, self._config, self._pause, self.clock, self.secrets
                )
            return self._connection


def _password_of(config: PrometheusConfig) -> list[str]:
    """The password in the address; files refuse one there."""
    password = config.url.password or ""
    return [password, unquote(password)]
