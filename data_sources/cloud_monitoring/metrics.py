"""The metrics of a source: their descriptors, fetched once and kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from data_sources.cloud_monitoring.query import Metric, assumed
from data_sources.cloud_monitoring.unreadable import FAULTS
from data_sources.errors import AccessDenied, BadAnswer, NotFound
from data_sources.queries import Query

# google.api.MetricDescriptor, in the order of the numbers on the wire.
_KINDS = ("METRIC_KIND_UNSPECIFIED", "GAUGE", "DELTA", "CUMULATIVE")
_VALUE_TYPES = ("VALUE_TYPE_UNSPECIFIED", "BOOL", "INT64", "DOUBLE", "STRING", "DISTRIBUTION", "MONEY")
# A descriptor hardly ever changes; one that is missing may appear (up to 10 min after the first point).
_KNOWN_SECONDS, _MISSING_SECONDS = 86_400, 600


class Metrics:
    """Remembers descriptors by metric type; safe to use from several threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, Metric | None]] = {}

    def ask(self, metric: str, describe: Callable[[str], Any]) -> Metric | None:
        """The metric, asking ``describe`` for its raw descriptor unless it is remembered.

        None where there is no descriptor to be had; the metric may still have points, in a project
        that this one watches. Raises SourceError for any other failure.
        """
        now = self._clock()
        with self._lock:
            until, found = self._known.get(metric, (0.0, None))
        if now < until:
            return found
        try:
            found = metric_of(describe(metric))
        except (NotFound, BadAnswer, *FAULTS):
            found = None
        except AccessDenied as error:
            # A role that reads points and no descriptors is odd, and enough.
            if error.facts.get("reason") != "permission_denied":
                raise
            found = None
        with self._lock:
            self._known[metric] = (now + (_KNOWN_SECONDS if found else _MISSING_SECONDS), found)
        return found

    def remember(self, metric: Metric) -> None:
        """Keeps the descriptor of a metric that was read for something else."""
        with self._lock:
            self._known[metric.type] = (self._clock() + _KNOWN_SECONDS, metric)

    def known(self, metric: str) -> Metric | None:
        """The metric without a call, where its descriptor was fetched."""
        with self._lock:
            return self._known.get(metric, (0.0, None))[1]

    def remembered(self, metric: str, query: Query) -> Metric:
        """The metric without a call: from its descriptor if that was fetched, else the usual kind for the query."""
        return self.known(metric) or assumed(metric, query)

    def longest_delay(self) -> int | None:
        """The longest ingest delay that a descriptor states, in seconds; None where none states one."""
        with self._lock:
            metrics = [found for _, found in self._known.values() if found]
        return max((m.delay_seconds for m in metrics if m.delay_seconds), default=None)


def metric_of(raw: Any) -> Metric:  # noqa: ANN401 - a protobuf message without types
    """What a raw ``MetricDescriptor`` says."""
    about = raw.metadata
    return Metric(
        raw.type,
        _KINDS[raw.metric_kind],
        _VALUE_TYPES[raw.value_type],
        raw.unit,
        tuple(label.key for label in raw.labels),
        about.sample_period.seconds or None,
        about.ingest_delay.seconds or None,
    )
