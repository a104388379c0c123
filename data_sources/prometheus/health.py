"""The state of a Prometheus server: whether it answers, its version, how far back it keeps data."""

from __future__ import annotations

import re
import time

from data_sources.base import Health
from data_sources.errors import SourceError
from data_sources.prometheus.client import Client
from data_sources.prometheus.dialects import Dialect
from data_sources.prometheus.engine import Engine

_PROBE_SECONDS = 5.0
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}
# How Prometheus writes durations (github.com/prometheus/common, model/time.go).
_PART = re.compile(r"(\d+)(ms|[smhdwy])")


class Status:
    """Queries the state of one server."""

    def __init__(self, client: Client, engine: Engine) -> None:
        self._client, self._engine = client, engine

    @property
    def dialect(self) -> Dialect:
        """The server's query language as far as it is known, without any I/O."""
        return self._engine.known

    def alive(self) -> bool:
        """Whether the server answers a query that costs nothing, within a few seconds."""
        try:
            self._constant()
        except SourceError:
            return False
        return True

    def health(self) -> Health:
        """Whether and how fast it answers, with its version and retention where it states them."""
        started = time.perf_counter()
        try:
            self._constant()
        except SourceError as error:
            return Health(False, time.perf_counter() - started, error=error)
        seconds = time.perf_counter() - started
        return Health(True, seconds, self._version(), self.retention_seconds())

    def retention_seconds(self) -> int | None:
        """How far back the server keeps data; None where it does not state that, or limits only the size."""
        stated = self._stated("runtimeinfo", "storageRetention")
        by_time = next((part for part in stated.split(" or ") if _PART.fullmatch(part.strip()) or _whole(part)), "")
        return round(sum(int(n) * _UNITS[unit] for n, unit in _PART.findall(by_time))) or None

    def _version(self) -> str:
        """As the server states it. VictoriaMetrics states that of a Prometheus that it stands in for."""
        try:
            dialect = self._engine.dialect()
        except SourceError:
            dialect = Dialect.PROMQL
        return self._stated("buildinfo", "version") if dialect is Dialect.PROMQL else dialect.value

    def _constant(self) -> None:
        self._client.query("/api/v1/query", {"query": "vector(1)"}, within_seconds=_PROBE_SECONDS)

    def _stated(self, what: str, name: str) -> str:
        """A text of a status page; "" where the server has no such page."""
        try:
            data = self._client.get(f"/api/v1/status/{what}").data
        except SourceError:
            return ""
        return self._client.secrets.mask(str(data.get(name) or "")) if isinstance(data, dict) else ""


def _whole(text: str) -> bool:
    return bool(text.strip()) and not _PART.sub("", text.strip())
